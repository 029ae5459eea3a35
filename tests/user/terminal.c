/*
 * terminal.c - the terminal's calls, as far as nobody types: settings, flow, sizes, reads that end by time, foreground
 * and background groups, sessions.  (tests/terminal types.)
 *
 * Its standard input is the console; where that is not the controlling terminal most of it is skipped.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static int terminal;
static struct termios at_start;

static long milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void raw(unsigned min, unsigned tenths)
{
    struct termios settings = at_start;

    settings.c_lflag &= ~ICANON;
    settings.c_cc[VMIN] = min;
    settings.c_cc[VTIME] = tenths;
    tcsetattr(terminal, TCSANOW, &settings);
}

static void canonical(void)
{
    tcsetattr(terminal, TCSANOW, &at_start);
}

static void test_settings(void)
{
    struct termios changed = at_start, seen;
    int pipes[2];

    tap_ok(isatty(terminal), "the console is a terminal");
    changed.c_lflag ^= NOFLSH;
    changed.c_cc[VINTR] = 7;
    tap_works(tcsetattr(terminal, TCSANOW, &changed), "tcsetattr");
    tap_works(tcgetattr(terminal, &seen), "tcgetattr");
    tap_ok(seen.c_lflag == changed.c_lflag && seen.c_cc[VINTR] == 7, "gives back what was set");
    tap_works(tcsetattr(terminal, TCSADRAIN, &at_start), "TCSADRAIN");
    tap_works(tcsetattr(terminal, TCSAFLUSH, &at_start), "TCSAFLUSH");
    tap_fails(tcsetattr(terminal, 77, &at_start), EINVAL, "POSIX tcsetattr: EINVAL");
    tap_works(pipe(pipes), "a pipe");
    tap_fails(tcgetattr(pipes[0], &seen), ENOTTY, "POSIX tcgetattr: ENOTTY");
    tap_fails(tcgetattr(99, &seen), EBADF, "POSIX tcgetattr: EBADF");
    tap_ok(!isatty(pipes[0]), "a pipe is no terminal");
    close(pipes[0]);
    close(pipes[1]);
}

static void test_flow(void)
{
    tap_works(tcdrain(terminal), "tcdrain");
    tap_works(tcsendbreak(terminal, 0), "tcsendbreak");
    tap_works(tcflush(terminal, TCIFLUSH), "tcflush: input");
    tap_works(tcflush(terminal, TCIOFLUSH), "tcflush: both");
    tap_fails(tcflush(terminal, 9), EINVAL, "POSIX tcflush: EINVAL");
    tap_fails(tcflow(terminal, 9), EINVAL, "POSIX tcflow: EINVAL");
    tap_works(tcflow(terminal, TCOOFF), "TCOOFF");
    tap_works(tcflow(terminal, TCOON), "TCOON");
    tap_fails(lseek(terminal, 0, SEEK_SET), ESPIPE, "POSIX lseek: ESPIPE");
    tap_fails(ioctl(terminal, 0x1234, 0), ENOTTY, "a request that it does not know");
}

static volatile sig_atomic_t size_changes;

static void on_size(int number)
{
    (void)number;
    size_changes++;
}

static void test_size(void)
{
    struct winsize before, changed, seen;
    struct sigaction action = {.sa_handler = on_size}, old;

    sigaction(SIGWINCH, &action, &old);
    tap_works(ioctl(terminal, TIOCGWINSZ, &before), "TIOCGWINSZ");
    changed = before;
    changed.ws_row += 5;
    tap_works(ioctl(terminal, TIOCSWINSZ, &changed), "TIOCSWINSZ");
    ioctl(terminal, TIOCGWINSZ, &seen);
    tap_is(seen.ws_row, before.ws_row + 5, "it is kept");
    tap_is(size_changes, 1, "SIGWINCH comes");
    ioctl(terminal, TIOCSWINSZ, &changed);
    tap_is(size_changes, 1, "but not for the same size");
    tap_fails(ioctl(terminal, TIOCSWINSZ, (void *)8), EFAULT, "a bad address");
    ioctl(terminal, TIOCSWINSZ, &before);
    sigaction(SIGWINCH, &old, NULL);
}

static void test_raw_reads(void)
{
    char byte;
    int count = -1;
    long start;

    tcflush(terminal, TCIFLUSH);
    raw(0, 0);
    tap_is(read(terminal, &byte, 1), 0, "MIN 0, TIME 0: at once, nothing");
    raw(0, 2);
    start = milliseconds();
    tap_is(read(terminal, &byte, 1), 0, "MIN 0, TIME 2: nothing");
    tap_ok(milliseconds() - start >= 199, "after 0.2 seconds");
    raw(1, 0);
    fcntl(terminal, F_SETFL, O_RDWR | O_NONBLOCK);
    tap_fails(read(terminal, &byte, 1), EAGAIN, "POSIX read: EAGAIN, raw");
    canonical();
    tap_fails(read(terminal, &byte, 1), EAGAIN, "POSIX read: EAGAIN, canonical");
    fcntl(terminal, F_SETFL, O_RDWR);
    tap_works(ioctl(terminal, FIONREAD, &count), "FIONREAD");
    tap_is(count, 0, "nothing to read");
    tap_is(read(terminal, &byte, 0), 0, "reading 0 bytes");
}

static void on_alarm(int number)
{
    (void)number;
}

static void test_interrupted_read(void)
{
    struct sigaction action = {.sa_handler = on_alarm}, old;
    struct pollfd poller = {.fd = terminal, .events = POLLIN | POLLOUT};
    char byte;
    pid_t child;

    sigaction(SIGALRM, &action, &old);
    child = tap_signal_when_asleep(SIGALRM);
    tap_fails(read(terminal, &byte, 1), EINTR, "POSIX read: EINTR");
    tap_wait(child);
    raw(5, 1);
    ualarm(200000, 200000);
    tap_fails(read(terminal, &byte, 1), EINTR, "also in raw mode: its timer waits for a first byte");
    ualarm(0, 0);
    canonical();
    sigaction(SIGALRM, &old, NULL);
    tap_is(poll(&poller, 1, 1000), 1, "poll");
    tap_is(poller.revents, POLLOUT, "it can be written");
    poller.events = POLLIN;
    tap_is(poll(&poller, 1, 20), 0, "and nothing read");
}

/* In a background group: each answers 0 when all is right, or the number of what is wrong. */

static int background_read(void *unused)
{
    char byte;

    (void)unused;
    signal(SIGTTIN, SIG_IGN);
    if (read(terminal, &byte, 1) != -1 || errno != EIO)
        return 1;
    signal(SIGTTIN, SIG_DFL);
    read(terminal, &byte, 1); /* stops here */
    return 2;
}

static int background_write(void *unused)
{
    struct termios settings = at_start;

    (void)unused;
    if (write(terminal, "", 0) != 0)
        return 1;
    settings.c_lflag |= TOSTOP;
    signal(SIGTTOU, SIG_IGN);
    if (tcsetattr(terminal, TCSANOW, &settings) != 0)
        return 2;
    if (write(terminal, "\n", 0) != 0)
        return 3;
    tcsetattr(terminal, TCSANOW, &at_start);
    signal(SIGTTOU, SIG_DFL);
    tcsetattr(terminal, TCSANOW, &at_start); /* stops here */
    return tcgetpgrp(terminal) == getpgrp() ? 0 : 4;
}

static int background_takes_foreground(void *unused)
{
    (void)unused;
    signal(SIGTTOU, SIG_IGN);
    if (tcgetpgrp(terminal) == getpgrp())
        return 1;
    if (tcsetpgrp(terminal, getpgrp()) != 0)
        return 2;
    return tcgetpgrp(terminal) == getpgrp() ? 0 : 3;
}

static int wait_stopped(pid_t pid)
{
    int status;

    return waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status) ? WSTOPSIG(status) : -1;
}

struct body {
    int (*run)(void *);
};

/* Runs a body in a group of its own. */
static int in_background(void *body)
{
    return setpgid(0, 0) == 0 ? ((struct body *)body)->run(NULL) : 99;
}

static pid_t start_background(int (*run)(void *))
{
    struct body body = {run};

    return tap_start(in_background, &body);
}

static void test_background(void)
{
    pid_t pid = start_background(background_read);

    tap_is(wait_stopped(pid), SIGTTIN, "POSIX read: SIGTTIN stops a background reader; EIO where it is ignored");
    tap_kill(pid);
    pid = start_background(background_write);
    tap_is(wait_stopped(pid), SIGTTOU, "POSIX tcsetattr: SIGTTOU stops; ignored, it may, and write with TOSTOP");
    tap_works(tcsetpgrp(terminal, pid), "it gets the foreground");
    kill(-pid, SIGCONT);
    tap_is(tap_wait(pid), 0, "and the call is done after all");
    signal(SIGTTOU, SIG_IGN);
    tap_works(tcsetpgrp(terminal, getpgrp()), "back in the foreground");
    pid = start_background(background_takes_foreground);
    tap_is(tap_wait(pid), 0, "a background group that ignores SIGTTOU takes the foreground");
    tap_works(tcsetpgrp(terminal, getpgrp()), "back in the foreground");
    signal(SIGTTOU, SIG_DFL);
}

static bool is_orphan(void *unused)
{
    (void)unused;
    return getppid() == 1;
}

static int orphan_reads(void *unused)
{
    char byte;

    (void)unused;
    if (setpgid(0, 0) != 0 || !tap_until(is_orphan, NULL))
        return 1;
    return read(terminal, &byte, 1) == -1 && errno == EIO ? 0 : 1;
}

/* Leaves an orphan behind that tells by a pipe how it went. */
static int leave_orphan(void *context)
{
    int *pipes = context;
    pid_t pid = fork();

    if (pid == 0) {
        char answer = orphan_reads(NULL) == 0 ? 'y' : 'n';

        write(pipes[1], &answer, 1);
        _exit(0);
    }
    setpgid(pid, pid);
    return 0;
}

static void test_orphan(void)
{
    int pipes[2];
    char answer = '-';

    pipe(pipes);
    tap_child(leave_orphan, pipes);
    read(pipes[0], &answer, 1);
    tap_is(answer, 'y', "POSIX read: EIO in an orphaned background group");
    close(pipes[0]);
    close(pipes[1]);
}

static void test_foreground(void)
{
    tap_is(tcgetpgrp(terminal), getpgrp(), "we are in the foreground");
    tap_is(tcgetsid(terminal), getsid(0), "of our session's terminal");
    tap_fails(tcsetpgrp(terminal, -1), EINVAL, "POSIX tcsetpgrp: EINVAL");
    tap_fails(tcsetpgrp(terminal, 8000), EPERM, "POSIX tcsetpgrp: EPERM, no such group");
    tap_fails(tcsetpgrp(terminal, 1), EPERM, "POSIX tcsetpgrp: EPERM, a group of another session");
    tap_fails(ioctl(terminal, TIOCSCTTY, 0), EPERM, "TIOCSCTTY: not a session's leader");
}

/* A session of its own has no controlling terminal, and the console is taken. */
static int other_session(void *unused)
{
    (void)unused;
    if (setsid() == -1)
        return 1;
    if (open("/dev/tty", O_RDWR) != -1 || errno != ENXIO)
        return 2;
    if (tcgetpgrp(terminal) != -1 || errno != ENOTTY)
        return 3;
    if (tcsetpgrp(terminal, getpgrp()) != -1 || errno != ENOTTY)
        return 4;
    if (tcgetsid(terminal) != -1 || errno != ENOTTY)
        return 5;
    if (ioctl(terminal, TIOCSCTTY, 0) != -1 || errno != EPERM)
        return 6;
    return write(terminal, "", 0) == 0 ? 0 : 7;
}

static void test_sessions(void)
{
    int fd = open("/dev/tty", O_RDWR);

    tap_works(fd, "/dev/tty is our terminal");
    tap_is(tcgetpgrp(fd), getpgrp(), "the same one");
    close(fd);
    tap_is(tap_child_result(other_session, NULL), 0, "a session without a terminal: ENXIO, ENOTTY, EPERM");
}

int main(void)
{
    tap_begin();
    terminal = open("/dev/console", O_RDWR | O_NOCTTY);
    if (tcgetattr(terminal, &at_start) == -1)
        tap_give_up("the console has no settings");
    test_settings();
    if (tcgetpgrp(terminal) != getpgrp()) {
        tap_skip("the console is not our controlling terminal");
        return tap_end();
    }
    test_flow();
    test_size();
    test_raw_reads();
    test_interrupted_read();
    test_foreground();
    test_sessions();
    test_background();
    test_orphan();
    canonical();
    close(terminal);
    return tap_end();
}
