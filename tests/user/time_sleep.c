/*
 * time_sleep.c - clocks and sleeping: how long, until when, and what interrupts.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static int64_t now(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void test_clocks(void)
{
    struct timespec time, set;
    int64_t first = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);

    tap_ok(first > 0, "CLOCK_MONOTONIC");
    tap_ok(now(CLOCK_MONOTONIC) >= first, "goes forward");
    tap_ok(now(CLOCK_REALTIME) > 1600000000LL * 1000000000, "CLOCK_REALTIME is after 2020");
    while (now(CLOCK_MONOTONIC) < first + 20000000)
        continue;
    tap_ok(now(CLOCK_PROCESS_CPUTIME_ID) > cpu, "CPU time passes");
    tap_ok(now(CLOCK_THREAD_CPUTIME_ID) <= now(CLOCK_PROCESS_CPUTIME_ID), "a thread's is not more than its process's");
    tap_fails(clock_gettime((clockid_t)99, &time), EINVAL, "POSIX clock_gettime: EINVAL");
    clock_gettime(CLOCK_REALTIME, &time);
    set = time;
    set.tv_sec += 1000;
    tap_works(clock_settime(CLOCK_REALTIME, &set), "clock_settime");
    tap_ok(now(CLOCK_REALTIME) >= set.tv_sec * 1000000000LL, "CLOCK_REALTIME follows");
    tap_ok(now(CLOCK_MONOTONIC) < first + 60LL * 1000000000, "CLOCK_MONOTONIC does not");
    clock_settime(CLOCK_REALTIME, &time);
    tap_fails(clock_settime(CLOCK_MONOTONIC, &time), EINVAL, "POSIX clock_settime: EINVAL");
    set.tv_nsec = 1000000000;
    tap_fails(clock_settime(CLOCK_REALTIME, &set), EINVAL, "POSIX clock_settime: EINVAL, nanoseconds");
}

static void test_sleep(void)
{
    struct timespec time = {.tv_nsec = 30000000}, bad = {.tv_nsec = 1000000000}, negative = {.tv_sec = -1};
    int64_t start = now(CLOCK_MONOTONIC);

    tap_works(nanosleep(&time, NULL), "nanosleep");
    tap_ok(now(CLOCK_MONOTONIC) >= start + 30000000, "not less than it was asked for");
    tap_fails(nanosleep(&bad, NULL), EINVAL, "POSIX nanosleep: EINVAL");
    tap_fails(nanosleep(&negative, NULL), EINVAL, "POSIX nanosleep: EINVAL, negative");
    tap_fails(nanosleep((struct timespec *)0x80000000, NULL), EFAULT, "nanosleep: EFAULT");
    start = now(CLOCK_MONOTONIC) + 20000000;
    time = (struct timespec){start / 1000000000, start % 1000000000};
    tap_is(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL), 0, "clock_nanosleep to a moment");
    tap_ok(now(CLOCK_MONOTONIC) >= start, "which has come");
    tap_is(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL), 0, "a moment in the past is now");
    start = now(CLOCK_REALTIME) + 20000000;
    time = (struct timespec){start / 1000000000, start % 1000000000};
    tap_is(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL), 0, "clock_nanosleep by the time of day");
    tap_ok(now(CLOCK_REALTIME) >= start, "too");
    tap_is(clock_nanosleep((clockid_t)99, 0, &time, NULL), EINVAL, "POSIX clock_nanosleep: EINVAL");
    tap_is(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &time, NULL), ENOTSUP, "POSIX clock_nanosleep: ENOTSUP");
}

static void interrupt(int signal)
{
    (void)signal;
}

static void test_interrupted(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART};
    struct timespec time = {.tv_sec = 10}, rest = {0};

    sigaction(SIGALRM, &action, NULL);
    ualarm(30000, 0);
    tap_fails(nanosleep(&time, &rest), EINTR, "POSIX nanosleep: EINTR, whatever SA_RESTART says");
    tap_ok(rest.tv_sec > 0 && rest.tv_sec < 10, "the rest is told");
}

/* Sleeps a fifth of a second and answers whether it was that, stops or not. */
static int sleeps(void *unused)
{
    struct timespec time = {.tv_nsec = 200000000};
    int64_t start = now(CLOCK_MONOTONIC), slept;

    (void)unused;
    if (nanosleep(&time, NULL) != 0)
        return 1;
    slept = now(CLOCK_MONOTONIC) - start;
    return slept < 200000000 ? 2 : slept > 390000000 ? 3 : 0;
}

static void test_stopped(void)
{
    struct timespec half = {.tv_nsec = 100000000}, little = {.tv_nsec = 10000000};
    pid_t pid = tap_start(sleeps, NULL);
    int status;

    nanosleep(&half, NULL);
    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    nanosleep(&little, NULL);
    kill(pid, SIGCONT);
    kill(pid, SIGWINCH);
    status = tap_wait(pid);
    tap_ok(WEXITSTATUS(status) % 3 == 0, "a stop and an ignored signal do not end a sleep");
    tap_in_time(WEXITSTATUS(status) == 0, "nor prolong it");
}

int main(void)
{
    tap_begin();
    test_clocks();
    test_sleep();
    test_interrupted();
    test_stopped();
    return tap_end();
}
