/*
 * proc_exit.c - the end of a process: orphans, zombies, threads that end with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "hand_thread.h"
#include "tap.h"

static int *shared; /* words that all processes see */

static const struct timespec millisecond = {.tv_nsec = 1000000};

/* The grandchild notes its parent's pid once that is no longer the child. */
static int leaves_orphan(void *unused)
{
    pid_t self = getpid();

    (void)unused;
    if (fork() == 0) {
        for (int i = 0; i < 2000 && getppid() == self; i++)
            nanosleep(&millisecond, NULL);
        shared[0] = getppid();
        _exit(0);
    }
    return 0;
}

static bool is_noted(void *unused)
{
    (void)unused;
    return *(volatile int *)shared != 0;
}

static void test_orphan(void)
{
    shared[0] = 0;
    tap_is(tap_child_result(leaves_orphan, NULL), 0, "a process with a child ends");
    tap_ok(tap_until(is_noted, NULL), "the child goes on");
    tap_is(shared[0], 1, "POSIX _exit: init is its parent now");
}

static int exits_at_once(void *unused)
{
    (void)unused;
    return 0;
}

static void test_zombie(void)
{
    pid_t pid = tap_start(exits_at_once, NULL);
    siginfo_t info;

    waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
    tap_works(kill(pid, 0), "POSIX kill: a zombie can be signalled");
    tap_works(kill(pid, SIGKILL), "to no effect");
    tap_is(getpgid(pid), getpgrp(), "it is still in its group");
    tap_is(waitpid(pid, NULL, 0), pid, "and waited for");
    tap_fails(kill(pid, 0), ESRCH, "POSIX kill: ESRCH, when it is gone");
}

static void sleeps_forever(int unused)
{
    struct timespec hour = {.tv_sec = 3600};

    (void)unused;
    for (;;)
        plain_call(SYS_nanosleep, 4, 0, (long)&hour, 0);
}

static void spins_forever(int unused)
{
    (void)unused;
    for (;;)
        ++*(volatile int *)shared;
}

static void exits_process(int code)
{
    plain_call(SYS_exit_group, code, 0, 0, 0);
}

static void exits_thread(int word)
{
    shared[word] = (int)plain_call(SYS_gettid, 0, 0, 0, 0);
}

static int ends_others(void *unused)
{
    (void)unused;
    if (hand_start(0, sleeps_forever, 0) < 0 || hand_start(1, spins_forever, 0) < 0)
        return 1;
    nanosleep(&millisecond, NULL);
    _exit(21);
}

static int is_ended_by_other(void *unused)
{
    (void)unused;
    if (hand_start(0, sleeps_forever, 0) < 0 || hand_start(1, exits_process, 22) < 0)
        return 1;
    for (;;)
        pause();
}

static int leader_goes_first(void *unused)
{
    (void)unused;
    if (hand_start(0, exits_thread, 1) < 0)
        return 1;
    plain_call(SYS_thread_exit, 0, 0, 0, 0);
    return 2;
}

static int threads_have_numbers(void *unused)
{
    long tid;

    (void)unused;
    if (syscall(SYS_gettid) != getpid())
        return 1;
    shared[1] = 0;
    tid = hand_start(0, exits_thread, 1);
    hand_join(0);
    return tid > 0 && tid != getpid() && shared[1] == tid ? 0 : 2;
}

static int killed_with_threads(void *unused)
{
    (void)unused;
    if (hand_start(0, sleeps_forever, 0) < 0 || hand_start(1, spins_forever, 0) < 0)
        return 1;
    kill(getpid(), SIGKILL);
    return 2;
}

static void test_threads(void)
{
    tap_is(tap_child_result(threads_have_numbers, NULL), 0, "the first thread's tid is the pid; others have their own");
    tap_is(tap_child_result(ends_others, NULL), 21, "exit ends the other threads, asleep and running");
    tap_is(tap_child_result(is_ended_by_other, NULL), 22, "any thread's exit ends the process with its status");
    tap_is(tap_child_result(leader_goes_first, NULL), 0, "the last thread's end is the process's, with status 0");
    tap_is(tap_child_result(killed_with_threads, NULL), -SIGKILL, "SIGKILL ends all threads");
}

static int bad_threads(void *unused)
{
    static char stack[64] __attribute__((aligned(8)));

    (void)unused;
    if (syscall(SYS_thread_create, 0x80000000, 0, stack, 0) != -1 || errno != EINVAL)
        return 1;
    if (syscall(SYS_thread_create, exits_thread, 0, stack + 1, 0) != -1 || errno != EINVAL)
        return 2;
    return 0;
}

int main(void)
{
    tap_begin();
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_orphan();
    test_zombie();
    test_threads();
    tap_is(tap_child_result(bad_threads, NULL), 0, "thread_create: EINVAL");
    munmap(shared, 4096);
    return tap_end();
}
