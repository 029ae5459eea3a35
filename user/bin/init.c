/*
 * init.c - the first process: it starts what the boot asks for, buries orphans and ends the machine.
 *
 * With the word `run` on the kernel's command line it runs the commands in /etc/run-command, once, with a console that
 * passes bytes through as they are and with /etc/run-input, where there is one, as standard input; then it ends the
 * machine with their exit status.  Otherwise it keeps a login shell of root's on the console, or with the word `login`
 * the program login, which asks who one is.  Every process whose parent has ended becomes init's child; reaping those
 * is its one lasting duty.
 * SIGQUIT, which the kernel sends when a BREAK comes on the console, has the program why tell the log who waits for
 * whom.
 * SIGTERM, SIGUSR1 and SIGUSR2 end the machine in order: processes are asked, then killed, then the power goes.
 *
 * All signals that matter are blocked except inside sigsuspend, so none comes between a look and the sleep.
 * Left out on purpose: run levels, several terminals, a table of services.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <utmpx.h>

#include "lib/login_record.h"
#include "lib/util.h"

enum { no_command = 125, respawn_seconds = 1 };

static char *const environment[] = {
    "HOME=/root",   "PATH=/bin:/sbin:/usr/bin:/tests",
    "TERM=vt100",   "USER=root",
    "LOGNAME=root", "SHELL=/bin/sh",
    "TZ=UTC0",      NULL,
};

static volatile sig_atomic_t asked_to_end, asked_why;
static sigset_t signals_at_start;
static struct termios terminal_at_start;

static void on_end(int number)
{
    (void)number;
    asked_to_end = 1;
}

static void on_quit(int number)
{
    (void)number;
    asked_why = 1;
}

static void on_child(int number)
{
    (void)number;
}

static void console_open(void)
{
    int console = open("/dev/console", O_RDWR | O_NOCTTY);
    if (console < 0)
        return; /* the kernel may have opened it for us; without one there is nobody to tell */
    for (int fd = 0; fd <= 2; fd++) {
        if (console != fd)
            dup2(console, fd);
    }
    if (console > 2)
        close(console);
    tcgetattr(0, &terminal_at_start);
}

static void signals_set_up(void)
{
    static const int ends[] = {SIGTERM, SIGUSR1, SIGUSR2};
    struct sigaction action = {.sa_handler = on_child};
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    sigaction(SIGCHLD, &action, NULL);
    sigaddset(&blocked, SIGQUIT);
    action.sa_handler = on_quit;
    sigaction(SIGQUIT, &action, NULL);
    action.sa_handler = on_end;
    for (size_t i = 0; i < UTIL_COUNT(ends); i++) {
        sigaddset(&blocked, ends[i]);
        sigaction(ends[i], &action, NULL);
    }
    sigprocmask(SIG_BLOCK, &blocked, &signals_at_start);
}

/* Is `word` among the words of the kernel's command line? */
static bool boot_argument(const char *word)
{
    bool found = false;
    char *line = util_read_file("/proc/cmdline", NULL);
    for (char *next = line ? strtok(line, " \n") : NULL; next && !found; next = strtok(NULL, " \n"))
        found = strcmp(next, word) == 0;
    free(line);
    return found;
}

/* In the child: leads a session of its own, with the console as its terminal. */
static void session_begin(bool raw)
{
    struct termios settings = terminal_at_start;
    if (raw) {
        settings.c_oflag &= ~OPOST;
        settings.c_lflag &= ~(ECHO | ECHOE | ECHOK | ECHONL);
    }
    setsid();
    if (ioctl(0, TIOCSCTTY, 0) < 0)
        util_warn("console");
    tcsetattr(0, TCSADRAIN, &settings);
}

/* In the child: reads from /etc/run-input; where there is none, from the console as before. */
static void input_open(void)
{
    int file = open("/etc/run-input", O_RDONLY);
    if (file < 0)
        return;
    dup2(file, 0);
    if (file != 0)
        close(file);
}

/* Starts `arguments` with `program` as above; answers its pid, or -1. */
static pid_t session_start(const char *program, char *const arguments[], bool raw)
{
    pid_t pid = fork();
    if (pid < 0)
        util_warn("fork");
    if (pid != 0)
        return pid;
    session_begin(raw);
    if (raw)
        input_open();
    else
        login_record_write(USER_PROCESS, "root", getpid()); /* login will write whom it lets in */
    sigprocmask(SIG_SETMASK, &signals_at_start, NULL);
    execve(program, arguments, environment);
    util_warn("%s", program);
    _exit(errno == ENOENT ? 127 : 126);
}

/* Starts a child that tells the log who waits for whom. */
static void explain_waits(void)
{
    int log = open("/dev/kmsg", O_WRONLY);
    asked_why = 0;
    if (log >= 0 && fork() == 0) {
        dup2(log, 1);
        dup2(log, 2);
        sigprocmask(SIG_SETMASK, &signals_at_start, NULL);
        execle("/bin/why", "why", "-a", NULL, environment);
        _exit(127);
    }
    close(log);
}

/* Buries children until `child` has ended (true, with its status) or somebody asked for the end (false). */
static bool wait_for(pid_t child, int *status)
{
    sigset_t awake = signals_at_start;
    for (;;) {
        for (pid_t pid; (pid = waitpid(-1, status, WNOHANG)) > 0;) {
            if (pid == child)
                return true;
        }
        if (asked_to_end)
            return false;
        if (asked_why)
            explain_waits();
        else
            sigsuspend(&awake);
    }
}

static void nap(time_t seconds, long nanoseconds)
{
    struct timespec time = {.tv_sec = seconds, .tv_nsec = nanoseconds};
    while (nanosleep(&time, &time) < 0 && errno == EINTR && !asked_to_end)
        continue;
}

/* Ends the machine; does not return. */
static _Noreturn void power_off(int status)
{
    tcdrain(1);
    sync();
    reboot(REBOOT_POWEROFF, status);
    util_err("reboot");
}

static _Noreturn void shut_down(void)
{
    int status;
    kill(-1, SIGTERM);
    kill(-1, SIGCONT);
    nap(0, 200 * 1000 * 1000);
    kill(-1, SIGKILL);
    while (waitpid(-1, &status, WNOHANG) > 0)
        continue;
    power_off(0);
}

static _Noreturn void run_command(void)
{
    int status = 0;
    char *command = util_read_file("/etc/run-command", NULL);
    if (!command) {
        util_warn("/etc/run-command");
        power_off(no_command);
    }
    char *arguments[] = {"sh", "-c", command, NULL};
    pid_t child = session_start("/bin/sh", arguments, true);
    if (child < 0)
        power_off(no_command);
    if (!wait_for(child, &status))
        shut_down();
    power_off(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}

static void print_motd(void)
{
    char *text = util_read_file("/etc/motd", NULL);
    if (text)
        fputs(text, stdout);
    fflush(stdout);
    free(text);
}

static _Noreturn void keep_shell(void)
{
    bool login = boot_argument("login");
    const char *program = login ? "/bin/login" : "/bin/sh";
    char *arguments[] = {login ? "login" : "-sh", NULL};
    int status;
    login_record_write(BOOT_TIME, "reboot", 0);
    for (;;) {
        time_t started = time(NULL);
        print_motd();
        pid_t shell = session_start(program, arguments, false);
        if (shell > 0 && !wait_for(shell, &status))
            shut_down();
        login_record_write(DEAD_PROCESS, "", shell);
        if (time(NULL) - started < respawn_seconds)
            nap(respawn_seconds, 0); /* a shell that cannot live must not eat the machine */
    }
}

int main(void)
{
    util_start("init", "", 1);
    if (getpid() != 1)
        util_errx("must be process 1");
    console_open();
    signals_set_up();
    if (chdir("/") < 0)
        util_warn("/");
    if (boot_argument("run"))
        run_command();
    keep_shell();
}
