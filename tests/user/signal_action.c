/*
 * signal_action.c - sigaction with all its flags, sigprocmask, sigpending, sigsuspend, and calls that are interrupted.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static volatile int count, blocked_inside;

static void note(int signal)
{
    sigset_t set;

    (void)signal;
    sigprocmask(SIG_BLOCK, NULL, &set);
    blocked_inside = sigismember(&set, SIGUSR1) | sigismember(&set, SIGUSR2) << 1;
    count++;
}

static void set_action(int signal, void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigaction(signal, &action, NULL);
}

static void test_errors(void)
{
    struct sigaction action = {.sa_handler = note}, old;
    sigset_t set;

    tap_fails(sigaction(0, &action, NULL), EINVAL, "POSIX sigaction: EINVAL, signal 0");
    tap_fails(sigaction(65, &action, NULL), EINVAL, "POSIX sigaction: EINVAL, beyond the last");
    tap_fails(sigaction(SIGKILL, &action, NULL), EINVAL, "POSIX sigaction: EINVAL, SIGKILL");
    tap_fails(sigaction(SIGSTOP, &action, NULL), EINVAL, "POSIX sigaction: EINVAL, SIGSTOP");
    tap_works(sigaction(SIGKILL, NULL, &old), "its action can be asked for");
    tap_fails(syscall(SYS_sigaction, SIGUSR1, 0x80000000, 0), EFAULT, "an action in the kernel");
    sigemptyset(&set);
    tap_fails(sigprocmask(77, &set, NULL), EINVAL, "POSIX sigprocmask: EINVAL");
    tap_works(sigprocmask(77, NULL, &set), "without a set, how says nothing");
    tap_fails(sigprocmask(SIG_BLOCK, (sigset_t *)0x80000000, NULL), EFAULT, "a set in the kernel");
    tap_fails(sigpending((sigset_t *)0x80000000), EFAULT, "sigpending: EFAULT");
}

static void test_old_action(void)
{
    struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART}, old;

    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGUSR2);
    sigaddset(&action.sa_mask, SIGKILL);
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR1, NULL, &old);
    tap_ok(old.sa_handler == note && old.sa_flags & SA_RESTART, "sigaction tells the handler and its flags");
    tap_ok(sigismember(&old.sa_mask, SIGUSR2) && !sigismember(&old.sa_mask, SIGKILL), "and the mask, SIGKILL left out");
    raise(SIGUSR1);
    tap_is(blocked_inside, 3, "the handler runs with itself and its mask blocked");
    set_action(SIGUSR1, note, SA_NODEFER);
    raise(SIGUSR1);
    tap_is(blocked_inside, 0, "POSIX sigaction: SA_NODEFER");
    set_action(SIGUSR1, note, SA_RESETHAND);
    raise(SIGUSR1);
    sigaction(SIGUSR1, NULL, &old);
    tap_ok(old.sa_handler == SIG_DFL, "POSIX sigaction: SA_RESETHAND");
}

/* Takes a signal that is harmless by default with a handler that goes by it, and once more without. */
static int takes_twice(void *signal)
{
    set_action(*(int *)signal, note, SA_RESETHAND);
    raise(*(int *)signal);
    raise(*(int *)signal);
    return count;
}

static void test_reset_to_harmless(void)
{
    static const int harmless[] = {SIGCHLD, SIGCONT, SIGURG, SIGWINCH};

    count = 0;
    for (size_t i = 0; i < sizeof harmless / sizeof harmless[0]; i++)
        tap_is(tap_child_result(takes_twice, (void *)&harmless[i]), 1,
               "POSIX sigaction: SA_RESETHAND, by default signal %d does nothing", harmless[i]);
}

static void test_mask(void)
{
    sigset_t set, old;

    count = 0;
    set_action(SIGUSR1, note, 0);
    sigfillset(&set);
    sigprocmask(SIG_SETMASK, &set, &old);
    sigprocmask(SIG_BLOCK, NULL, &set);
    tap_ok(!sigismember(&set, SIGKILL) && !sigismember(&set, SIGSTOP),
           "POSIX sigprocmask: SIGKILL and SIGSTOP stay out");
    raise(SIGUSR1);
    raise(SIGUSR1);
    sigpending(&set);
    tap_ok(count == 0 && sigismember(&set, SIGUSR1) && !sigismember(&set, SIGUSR2), "sigpending tells what waits");
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    tap_is(count, 1, "POSIX sigprocmask: a signal that becomes unblocked is delivered before it returns");
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static void test_ignore(void)
{
    sigset_t set, old;

    count = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    raise(SIGUSR1);
    set_action(SIGUSR1, SIG_IGN, 0);
    sigpending(&set);
    tap_ok(!sigismember(&set, SIGUSR1), "POSIX 2.4.3: to ignore a signal discards it where it is pending");
    set_action(SIGUSR1, note, 0);
    sigprocmask(SIG_SETMASK, &old, NULL);
    tap_is(count, 0, "for good");
}

static void test_suspend(void)
{
    sigset_t set, old, now;

    count = 0;
    set_action(SIGUSR1, note, SA_RESTART);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    raise(SIGUSR1);
    sigemptyset(&set);
    tap_fails(sigsuspend(&set), EINTR, "POSIX sigsuspend: EINTR, whatever SA_RESTART says");
    tap_is(count, 1, "after the handler");
    sigprocmask(SIG_BLOCK, NULL, &now);
    tap_ok(sigismember(&now, SIGUSR1), "the mask is put back");
    sigprocmask(SIG_SETMASK, &old, NULL);
    tap_fails(sigsuspend((sigset_t *)0x80000000), EFAULT, "sigsuspend: EFAULT");
}

static int *handled; /* shared with the child that reads: its handler has run */

static void note_shared(int signal)
{
    (void)signal;
    ++*handled;
}

static bool is_handled(void *unused)
{
    (void)unused;
    return *(volatile int *)handled == 1;
}

/* Reads from a pipe into which its parent writes only after some signals. */
static int reads(void *context)
{
    int *ends = context;
    char byte;
    ssize_t n = read(ends[0], &byte, 1);

    return n == 1 ? (*handled > 0 ? 1 : 2) : errno == EINTR ? 3 : 4;
}

/* Signals a child that reads, sees that it is over with the signal, and writes.  Answers what the child said. */
static int interrupt_read(int signal, bool has_handler)
{
    int ends[2], status;
    pid_t pid;

    if (pipe(ends) != 0)
        tap_give_up("pipe: %s", strerror(errno));
    *handled = 0;
    pid = tap_start_asleep(reads, ends);
    kill(pid, signal);
    if (signal == SIGSTOP) {
        waitpid(pid, &status, WUNTRACED);
        kill(pid, SIGCONT);
        waitpid(pid, &status, WCONTINUED);
    } else if (has_handler && !tap_until(is_handled, NULL)) {
        tap_give_up("the handler did not run");
    }
    write(ends[1], "x", 1);
    status = tap_wait(pid);
    close(ends[0]);
    close(ends[1]);
    return WEXITSTATUS(status);
}

static void test_restart(void)
{
    handled = mmap(NULL, sizeof *handled, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    set_action(SIGUSR1, note_shared, SA_RESTART);
    tap_is(interrupt_read(SIGUSR1, true), 1, "POSIX sigaction: SA_RESTART, read goes on after the handler");
    set_action(SIGUSR1, note_shared, 0);
    tap_is(interrupt_read(SIGUSR1, true), 3, "POSIX read: EINTR");
    set_action(SIGUSR1, SIG_IGN, 0);
    tap_is(interrupt_read(SIGUSR1, false), 2, "an ignored signal does not interrupt");
    tap_is(interrupt_read(SIGWINCH, false), 2, "nor one that is ignored by default");
    tap_is(interrupt_read(SIGSTOP, false), 2, "nor does a stop");
    munmap(handled, sizeof *handled);
    set_action(SIGUSR1, SIG_DFL, 0);
}

static volatile unsigned ticks;

static void tick(int signal)
{
    (void)signal;
    ticks++;
}

static void test_itimer(void)
{
    struct itimerval setting = {.it_interval = {.tv_usec = 5000}, .it_value = {.tv_usec = 5000}}, old, off = {0};
    struct itimerval bad = {.it_value = {.tv_usec = 1000000}};
    unsigned left;

    set_action(SIGALRM, tick, SA_RESTART);
    tap_works(setitimer(ITIMER_REAL, &setting, NULL), "setitimer");
    while (ticks < 5)
        pause();
    tap_works(getitimer(ITIMER_REAL, &old), "getitimer");
    tap_ok(old.it_interval.tv_usec == 5000 && old.it_value.tv_usec > 0 && old.it_value.tv_usec <= 5000,
           "tells what is left");
    tap_works(setitimer(ITIMER_REAL, &off, &old), "to stop it");
    tap_is(old.it_interval.tv_usec, 5000, "tells the old setting");
    tap_fails(setitimer(ITIMER_REAL, &bad, NULL), EINVAL, "POSIX setitimer: EINVAL");
    tap_fails(setitimer(9, &setting, NULL), EINVAL, "POSIX setitimer: EINVAL, no such timer");
    tap_fails(setitimer(ITIMER_REAL, (struct itimerval *)0x80000000, NULL), EFAULT, "setitimer: EFAULT");
    ticks = 0;
    alarm(1000);
    left = alarm(0);
    tap_ok(left > 900 && left <= 1000, "alarm tells the seconds left");
    getitimer(ITIMER_REAL, &old);
    tap_ok(ticks == 0 && old.it_value.tv_sec == 0 && old.it_value.tv_usec == 0, "and was cancelled");
}

static volatile int usr2, nested;

static void inner(int signal)
{
    (void)signal;
    usr2++;
}

static void outer(int signal)
{
    (void)signal;
    raise(SIGUSR2);
    nested = usr2;
}

static void test_nested(void)
{
    set_action(SIGUSR1, outer, 0);
    set_action(SIGUSR2, inner, 0);
    raise(SIGUSR1);
    tap_is(nested, 1, "a handler may be interrupted by another signal's");
}

int main(void)
{
    tap_begin();
    test_errors();
    test_old_action();
    test_reset_to_harmless();
    test_mask();
    test_ignore();
    test_suspend();
    test_restart();
    test_itimer();
    test_nested();
    return tap_end();
}
