/*
 * signal_kill.c - kill, killpg, raise, tgkill: who is meant, who may, what is wrong; and the order of delivery.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static volatile int count;
static int order[64];
static siginfo_t last;

static void note(int signal, siginfo_t *info, void *context)
{
    (void)context;
    last = *info;
    order[count++ % 64] = signal;
}

static void catch (int signal, int flags)
{
    struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO | flags};

    sigfillset(&action.sa_mask);
    sigaction(signal, &action, NULL);
}

static int waits_for_signals(void *unused)
{
    (void)unused;
    while (pause() == -1)
        continue;
    return 0;
}

static void test_self(void)
{
    count = 0;
    catch (SIGUSR1, 0);
    tap_works(kill(getpid(), SIGUSR1), "kill(getpid())");
    tap_is(count, 1, "POSIX kill: is delivered before it returns");
    tap_ok(last.si_signo == SIGUSR1 && last.si_code == SI_USER && last.si_pid == getpid() && last.si_uid == getuid(),
           "with SI_USER, the sender's pid and user");
    raise(SIGUSR1);
    tap_is(count, 2, "raise");
    tap_works(syscall(SYS_tgkill, getpid(), (int)syscall(SYS_gettid), SIGUSR1), "tgkill");
    tap_ok(count == 3 && last.si_code == SI_TKILL && last.si_pid == getpid(), "with SI_TKILL");
}

static void test_errors(void)
{
    tap_fails(kill(getpid(), -1), EINVAL, "POSIX kill: EINVAL");
    tap_fails(kill(getpid(), 65), EINVAL, "POSIX kill: EINVAL, beyond the last");
    tap_fails(kill(30000, SIGUSR1), ESRCH, "POSIX kill: ESRCH");
    tap_fails(kill(-30000, SIGUSR1), ESRCH, "POSIX kill: ESRCH, no such group");
    tap_works(kill(getpid(), 0), "signal 0 only asks");
    tap_fails(kill(30000, 0), ESRCH, "and finds nobody");
    tap_fails(syscall(SYS_tgkill, getpid(), 30000, 0), ESRCH, "tgkill: ESRCH");
    tap_fails(syscall(SYS_tgkill, getppid(), getpid(), 0), ESRCH, "tgkill: ESRCH, a thread of another process");
    tap_fails(syscall(SYS_tgkill, -1, 1, 0), EINVAL, "tgkill: EINVAL");
}

static int as_nobody(void *context)
{
    pid_t other = *(pid_t *)context;

    if (setuid(1000) != 0)
        return 1;
    if (kill(other, SIGUSR1) != -1 || errno != EPERM || kill(other, 0) != -1 || errno != EPERM)
        return 2; /* POSIX kill: EPERM */
    if (kill(other, SIGCONT) != 0)
        return 3; /* POSIX kill: SIGCONT within the session */
    if (kill(1, SIGHUP) != -1 || errno != EPERM)
        return 4;
    if (kill(getpid(), 0) != 0)
        return 5;
    return 0;
}

static void test_permission(void)
{
    pid_t pid = tap_start(waits_for_signals, NULL);

    tap_is(tap_child_result(as_nobody, &pid), 0, "POSIX kill: EPERM, and what anybody may");
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
}

static void test_group(void)
{
    pid_t first = tap_start(waits_for_signals, NULL), second = tap_start(waits_for_signals, NULL);
    int status;

    setpgid(first, first);
    setpgid(second, first);
    tap_works(kill(-first, SIGUSR2), "kill a group");
    tap_ok(waitpid(first, &status, 0) == first && WTERMSIG(status) == SIGUSR2, "its first member");
    tap_ok(waitpid(second, &status, 0) == second && WTERMSIG(status) == SIGUSR2, "its second member");
    tap_fails(killpg(first, 0), ESRCH, "POSIX killpg: ESRCH, when it is gone");
}

/* In a group of its own, so that it hits nobody else. */
static int signals_own_group(void *unused)
{
    pid_t child;
    int status;

    (void)unused;
    setpgid(0, 0);
    signal(SIGUSR1, SIG_IGN);
    child = tap_fork();
    if (child == 0) {
        signal(SIGUSR1, SIG_DFL);
        return waits_for_signals(NULL);
    }
    while (kill(0, SIGUSR1) == 0 && waitpid(child, &status, WNOHANG) == 0)
        usleep(1000);
    return WTERMSIG(status) == SIGUSR1 ? 0 : 1;
}

static void test_order(void)
{
    static const int expected[] = {SIGHUP, SIGUSR1, SIGTERM, SIGRTMIN, SIGRTMIN, SIGRTMIN + 1, SIGRTMAX};
    static const int sent[] = {SIGRTMAX, SIGRTMIN + 1, SIGRTMIN, SIGTERM, SIGRTMIN, SIGUSR1, SIGTERM, SIGHUP};
    sigset_t all, old;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &old);
    count = 0;
    for (size_t i = 0; i < sizeof sent / sizeof sent[0]; i++) {
        catch (sent[i], 0);
        kill(getpid(), sent[i]);
    }
    tap_is(count, 0, "blocked signals wait");
    sigprocmask(SIG_SETMASK, &old, NULL);
    tap_is(count, 7, "standard signals merge, real-time signals queue");
    /* Each handler runs with all signals blocked, so none comes in between. */
    tap_is(memcmp(order, expected, sizeof expected), 0, "POSIX 2.4.1: the lowest real-time signal first");
}

static int fills_queue(void *unused)
{
    sigset_t set;
    int sent = 0;

    (void)unused;
    catch (SIGRTMIN, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    count = 0;
    while (sent < 3000 && sigqueue(getpid(), SIGRTMIN, (union sigval){0}) == 0)
        sent++;
    if (sent != 1024 || errno != EAGAIN)
        return 1;
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    return count == 1024 ? 0 : 2;
}

static int default_actions(void *context)
{
    signal(*(int *)context, SIG_DFL);
    raise(*(int *)context);
    return 77;
}

static void test_defaults(void)
{
    static const int ignored[] = {SIGCHLD, SIGCONT, SIGURG, SIGWINCH};
    bool right = true;

    for (int signal = 1; signal <= SIGRTMAX; signal++) {
        int expected = -signal;

        if (signal == 32 || signal == 33 || (signal >= SIGSTOP && signal <= SIGTTOU))
            continue;
        for (size_t i = 0; i < 4; i++)
            if (ignored[i] == signal)
                expected = 77;
        if (tap_child_result(default_actions, &signal) != expected) {
            tap_note("signal %d", signal);
            right = false;
        }
    }
    tap_ok(right, "POSIX signal.h: every signal's default action");
}

static int kills_all(void *unused)
{
    (void)unused;
    /* As a user of which only one other process exists. */
    pid_t child;
    int status;

    if (setuid(4321) != 0)
        return 1;
    child = tap_fork();
    if (child == 0)
        return waits_for_signals(NULL);
    if (kill(-1, SIGTERM) != 0)
        return 2;
    return waitpid(child, &status, 0) == child && WTERMSIG(status) == SIGTERM ? 0 : 3;
}

static void test_init(void)
{
    tap_works(kill(1, SIGKILL), "init can be signalled");
    tap_works(kill(1, 0), "and is not ended by a signal that it does not handle");
}

int main(void)
{
    tap_begin();
    test_self();
    test_errors();
    test_permission();
    test_group();
    tap_is(tap_child_result(signals_own_group, NULL), 0, "kill(0) means the own group");
    tap_is(tap_child_result(kills_all, NULL), 0, "kill(-1) means all that may be signalled, but for the sender");
    test_order();
    tap_is(tap_child_result(fills_queue, NULL), 0, "POSIX sigqueue: EAGAIN, at RLIMIT_SIGPENDING");
    test_defaults();
    test_init();
    return tap_end();
}
