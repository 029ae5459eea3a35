/*
 * time_sleep.c - clocks and sleeping: how long, until when, and what interrupts.
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <semaphore.h>
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
}

/* Absolute times of day follow when the clock is set; the waits of these processes are an hour long. */

static struct timespec in_an_hour(void)
{
    struct timespec time;

    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_sec += 3600;
    return time;
}

static int sleeps_until(void *unused)
{
    struct timespec time = in_an_hour();

    (void)unused;
    return clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL);
}

static int waits_for_unit(void *unused)
{
    struct timespec time = in_an_hour();
    sem_t sem;

    (void)unused;
    sem_init(&sem, 0, 0);
    return sem_timedwait(&sem, &time) == -1 ? errno : 0;
}

static int waits_for_message(void *unused)
{
    struct timespec time = in_an_hour();
    mqd_t queue = mq_open("/time_sleep", O_RDWR | O_CREAT | O_EXCL, 0600, NULL);
    char message[8192];

    (void)unused;
    mq_unlink("/time_sleep");
    return mq_timedreceive(queue, message, sizeof(message), NULL, &time) == -1 ? errno : 0;
}

static int sleeps_relatively(void *unused)
{
    struct timespec time = {.tv_sec = 3600};

    (void)unused;
    return clock_nanosleep(CLOCK_REALTIME, 0, &time, NULL);
}

static void set_clock(int64_t ns)
{
    struct timespec time = {ns / 1000000000, ns % 1000000000};

    clock_settime(CLOCK_REALTIME, &time);
}

static void add_seconds(long seconds)
{
    set_clock(now(CLOCK_REALTIME) + seconds * 1000000000LL);
}

static void test_clock_is_set(int (*body)(void *), int answer, const char *name)
{
    int64_t start = now(CLOCK_MONOTONIC);
    pid_t pid = tap_start_asleep(body, NULL);
    add_seconds(-7200);
    add_seconds(7200 + 3601);
    tap_is(tap_wait(pid), answer << 8, "POSIX clock_settime: %s ends", name);
    tap_ok(now(CLOCK_MONOTONIC) - start < 600LL * 1000000000, "when the clock is set");
    add_seconds(-3601);
}

static void test_relative(void)
{
    struct timespec some = {.tv_nsec = 5000000};
    pid_t pid = tap_start_asleep(sleeps_relatively, NULL);
    add_seconds(3601);
    nanosleep(&some, NULL);
    tap_is(waitpid(pid, NULL, WNOHANG), 0, "POSIX clock_settime: no effect on a relative sleep");
    add_seconds(-3601);
    tap_kill(pid);
}

/*
 * A second is left when the clock goes back and the sleep grows longer; then it still ends by itself.  Where a second
 * passes between the two settings it ends before, and rightly so.
 */
static void test_clock_goes_back(void)
{
    const int64_t second = 1000000000, boot = now(CLOCK_REALTIME) - now(CLOCK_MONOTONIC);
    int64_t until = now(CLOCK_REALTIME) + 3600 * second, start, set;
    struct timespec time = {until / second, until % second};
    pid_t pid = fork();

    if (pid == 0)
        _exit(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &time, NULL));
    tap_until(tap_is_asleep, &pid);
    start = now(CLOCK_MONOTONIC);
    set_clock(until - second);
    set_clock(until - 2 * second);
    set = now(CLOCK_MONOTONIC);
    tap_is(tap_wait(pid), 0, "a sleep until a moment ends by itself after the clock was set back");
    tap_ok(now(CLOCK_REALTIME) >= until || set - start >= second, "when that moment has come");
    tap_in_time(now(CLOCK_REALTIME) < until + second / 1000, "and no later");
    set_clock(boot + now(CLOCK_MONOTONIC));
}

static void interrupt(int signal)
{
    (void)signal;
}

static void test_interrupted(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART};
    struct timespec time = {.tv_sec = 1000}, rest = {0};
    pid_t child;

    sigaction(SIGALRM, &action, NULL);
    child = tap_signal_when_asleep(SIGALRM);
    tap_fails(nanosleep(&time, &rest), EINTR, "POSIX nanosleep: EINTR, whatever SA_RESTART says");
    tap_ok(rest.tv_sec > 0 && rest.tv_sec < 1000, "the rest is told");
    tap_wait(child);
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
    status = WIFSTOPPED(status) ? tap_wait(pid) : status;
    tap_ok(WEXITSTATUS(status) % 3 == 0, "a stop and an ignored signal do not end a sleep");
    tap_in_time(WEXITSTATUS(status) == 0, "nor prolong it");
}

int main(void)
{
    tap_begin();
    test_clocks();
    test_sleep();
    test_clock_is_set(sleeps_until, 0, "clock_nanosleep to a moment");
    test_clock_is_set(waits_for_unit, ETIMEDOUT, "sem_timedwait");
    test_clock_is_set(waits_for_message, ETIMEDOUT, "mq_timedreceive");
    test_relative();
    test_clock_goes_back();
    test_interrupted();
    test_stopped();
    return tap_end();
}
