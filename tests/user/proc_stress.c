/*
 * proc_stress.c - many processes at once: forks, ends, execs, signals, stops and waits that cross each other on all
 * CPUs.
 *
 * What happens in which order is left to chance; what must hold afterwards is not: every child is told of once, every
 * process goes away, and nothing is left behind.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hand_thread.h"
#include "tap.h"

static uint32_t seed = 20250717;

/* Numerical Recipes' linear congruential generator. */
static unsigned chance(unsigned limit)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 16) % limit;
}

/* A tree of processes: each level forks some of the next, waits for a part of them and leaves the rest to init. */
static int tree(void *context)
{
    int depth = *(int *)context - 1, children = (int)chance(3) + 1;
    pid_t pids[3];

    for (int i = 0; depth > 0 && i < children; i++) {
        seed += (uint32_t)i;
        pids[i] = fork();
        if (pids[i] == 0)
            _exit(tree(&depth));
        if (pids[i] < 0)
            return 1;
    }
    for (int i = 0; depth > 0 && i < children; i++) {
        if (chance(2) == 0 && waitpid(pids[i], NULL, 0) != pids[i])
            return 2;
    }
    return 0;
}

static void test_trees(void)
{
    int depth = 5, failed = 0;

    for (int round = 0; round < 10; round++) {
        seed += (uint32_t)round;
        failed += tap_child_result(tree, &depth) != 0;
    }
    tap_is(failed, 0, "ten trees of processes, partly waited for");
}

static int waits_for_signals(void *unused)
{
    (void)unused;
    while (pause() == -1)
        continue;
    return 0;
}

/* Stops, continues and kills hit children from all sides. */
static void test_stops(void)
{
    enum { children = 8, rounds = 400 };
    pid_t pids[children];
    int ended = 0, status;

    for (int i = 0; i < children; i++)
        pids[i] = tap_start(waits_for_signals, NULL);
    for (int i = 0; i < rounds; i++)
        kill(pids[chance(children)], chance(2) == 0 ? SIGSTOP : SIGCONT);
    for (int i = 0; i < children; i++)
        kill(pids[i], SIGKILL);
    for (int i = 0; i < children; i++) {
        if (waitpid(pids[i], &status, 0) == pids[i] && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
            ended++;
    }
    tap_is(ended, children, "stopped and continued at random, all end by SIGKILL");
}

static volatile int received;

static void count_signal(int signal)
{
    (void)signal;
    __atomic_fetch_add(&received, 1, __ATOMIC_RELAXED); /* one handler may interrupt the other */
}

static int sends_many(void *context)
{
    pid_t to = *(pid_t *)context;

    for (int i = 0; i < 500; i++) {
        if (kill(to, i % 2 == 0 ? SIGUSR1 : SIGRTMIN) != 0)
            return 1;
    }
    return 0;
}

static void test_senders(void)
{
    enum { senders = 4 };
    struct sigaction action = {.sa_handler = count_signal, .sa_flags = SA_RESTART};
    pid_t pids[senders], self = getpid();
    int realtime = 0, failed = 0;

    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGRTMIN, &action, NULL);
    for (int i = 0; i < senders; i++)
        pids[i] = tap_start(sends_many, &self);
    for (int i = 0; i < senders; i++)
        failed += tap_wait(pids[i]) != 0;
    realtime = received;
    tap_is(failed, 0, "four senders at once");
    tap_ok(realtime > senders * 250, "every real-time signal is counted, and standard ones merge (%d)", realtime);
}

/* A parent that collects its children in SIGCHLD's handler. */
static volatile int collected;

static void collect(int signal)
{
    int saved = errno;

    (void)signal;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        collected++;
    errno = saved;
}

static int ends_at_once(void *unused)
{
    (void)unused;
    return 0;
}

static int collects(void *unused)
{
    enum { children = 200 };
    struct sigaction action = {.sa_handler = collect, .sa_flags = SA_RESTART};
    sigset_t child, old;

    (void)unused;
    sigaction(SIGCHLD, &action, NULL);
    for (int i = 0; i < children; i++)
        tap_start(ends_at_once, NULL);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &old);
    while (collected < children)
        sigsuspend(&old);
    return waitpid(-1, NULL, WNOHANG) == -1 && errno == ECHILD ? 0 : 1;
}

static void spins(int unused)
{
    (void)unused;
    for (volatile int n = 0;; n++)
        continue;
}

static void sleeps(int unused)
{
    struct timespec hour = {.tv_sec = 3600};

    (void)unused;
    for (;;)
        syscall(SYS_nanosleep, 4, 0, &hour, NULL);
}

/* Threads that are ended in the midst of what they do: by an exit, by exec, by a signal. */
static int with_threads(void *context)
{
    char *const arguments[] = {"true", NULL};

    hand_start(0, spins, 0);
    hand_start(1, sleeps, 0);
    hand_start(2, spins, 0);
    if (*(int *)context == 0)
        execv("/bin/true", arguments);
    if (*(int *)context == 1)
        kill(getpid(), SIGTERM);
    return 0;
}

static void test_threads(void)
{
    bool right = true;

    for (int i = 0; i < 60; i++) {
        int how = i % 3;

        right &= tap_child_result(with_threads, &how) == (how == 1 ? -SIGTERM : 0);
    }
    tap_ok(right, "sixty processes of four threads end by exec, by a signal, by exit");
}

/* kill -9 of a group whose members fork as fast as they can: none may escape. */
static int forks_on(void *unused)
{
    (void)unused;
    for (;;) {
        pid_t pid = fork();

        if (pid > 0)
            waitpid(pid, NULL, 0);
        else if (chance(2) == 0)
            _exit(0);
    }
}

static bool is_gone(void *context)
{
    while (waitpid(-1, NULL, WNOHANG) > 0)
        continue;
    return kill(-*(pid_t *)context, 0) == -1 && errno == ESRCH;
}

static void test_group_kill(void)
{
    struct timespec little = {.tv_nsec = 20000000};
    int gone = 0;

    for (int i = 0; i < 10; i++) {
        pid_t group = tap_fork();

        if (group == 0) {
            setpgid(0, 0);
            _exit(forks_on(NULL));
        }
        setpgid(group, group);
        nanosleep(&little, NULL);
        kill(-group, SIGKILL);
        gone += tap_until(is_gone, &group);
    }
    tap_is(gone, 10, "SIGKILL to a group that forks reaches all of it");
}

int main(void)
{
    tap_begin();
    tap_note("seed %lu", (unsigned long)seed);
    test_trees();
    test_stops();
    test_senders();
    tap_is(tap_child_result(collects, NULL), 0, "two hundred children, collected in SIGCHLD's handler");
    test_threads();
    test_group_kill();
    return tap_end();
}
