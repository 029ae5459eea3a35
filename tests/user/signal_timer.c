/*
 * signal_timer.c - timers by number: timer_create and its family, overruns, limits; and the interval timers on CPU
 * time.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#define MS 1000000LL
#define LONG (1000 * 1000 * MS) /* more than passes by itself, however busy the host is */

static sigset_t set;

static int64_t now(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static struct timespec to_time(int64_t ns)
{
    return (struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
}

static int set_timer(timer_t timer, int flags, int64_t value, int64_t interval)
{
    struct itimerspec setting = {.it_value = to_time(value), .it_interval = to_time(interval)};

    return timer_settime(timer, flags, &setting, NULL);
}

static timer_t create(clockid_t clock, int signal, int value)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = signal, .sigev_value.sival_int = value};
    timer_t timer = 99;

    if (timer_create(clock, &event, &timer) != 0)
        tap_give_up("timer_create: %s", strerror(errno));
    return timer;
}

static void test_once(clockid_t clock, const char *name)
{
    timer_t timer = create(clock, SIGRTMIN, 77);
    int64_t start = now(clock);
    struct itimerspec left;
    siginfo_t info;

    set_timer(timer, 0, 3600000LL * MS, 0);
    timer_gettime(timer, &left);
    tap_ok(left.it_value.tv_sec > 0 && left.it_value.tv_sec <= 3600 && left.it_interval.tv_nsec == 0,
           "timer_gettime tells what is left");
    tap_works(set_timer(timer, 0, 20 * MS, 0), "timer_settime, %s", name);
    tap_is(sigwaitinfo(&set, &info), SIGRTMIN, "its signal comes");
    tap_ok(now(clock) - start >= 20 * MS, "not too early");
    tap_ok(info.si_code == SI_TIMER && info.si_value.sival_int == 77 && info.si_overrun == 0,
           "with SI_TIMER and value");
    timer_gettime(timer, &left);
    tap_ok(left.it_value.tv_sec == 0 && left.it_value.tv_nsec == 0, "then it is disarmed");
    start = now(clock) + 20 * MS;
    tap_works(set_timer(timer, TIMER_ABSTIME, start, 0), "timer_settime, a moment");
    tap_is(sigwaitinfo(&set, &info), SIGRTMIN, "its signal comes");
    tap_ok(now(clock) >= start, "not too early");
    set_timer(timer, TIMER_ABSTIME, 1, 0);
    tap_is(sigwaitinfo(&set, &info), SIGRTMIN, "a moment in the past is now");
    set_timer(timer, 0, LONG, 0);
    set_timer(timer, 0, 0, 0);
    tap_fails(sigtimedwait(&set, &info, &(struct timespec){.tv_nsec = 5 * MS}), EAGAIN, "0 disarms");
    tap_works(timer_delete(timer), "timer_delete");
}

/* The timer is due at each of the moments between the call that sets it and the sleep. */
static void test_on_the_way_to_sleep(void)
{
    timer_t timer = create(CLOCK_MONOTONIC, SIGRTMIN, 0);
    int came = 0;

    for (int i = 0; i < 4000; i++) {
        set_timer(timer, 0, 16 * (1 + i % 250), 0);
        for (volatile int shift = 0; shift < i / 250; shift++)
            continue;
        came += sigwaitinfo(&set, NULL) == SIGRTMIN;
    }
    tap_is(came, 4000, "one that is due while its process falls asleep wakes it");
    timer_delete(timer);
}

static void test_periodic(int signal)
{
    timer_t timer = create(CLOCK_MONOTONIC, signal, 5);
    struct timespec while_blocked = {.tv_nsec = 10 * MS + MS / 2};
    int64_t start = now(CLOCK_MONOTONIC);
    struct itimerspec left;
    siginfo_t info;

    set_timer(timer, 0, 5 * MS, 5 * MS);
    for (int i = 0; i < 5; i++)
        sigwaitinfo(&set, &info);
    tap_ok(now(CLOCK_MONOTONIC) - start >= 25 * MS, "signal %d: five periods", signal);
    tap_in_time(now(CLOCK_MONOTONIC) - start < 26 * MS, "it does not drift");
    set_timer(timer, 0, MS, MS);
    nanosleep(&while_blocked, NULL);
    timer_gettime(timer, &left);
    tap_ok(left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= MS && left.it_interval.tv_nsec >= MS,
           "what is left to the next period, also while a signal waits");
    sigwaitinfo(&set, &info);
    tap_ok(info.si_overrun >= 9, "POSIX timer_getoverrun: one signal for all periods that passed");
    tap_in_time(info.si_overrun == 9, "and they are counted right");
    tap_is(timer_getoverrun(timer), info.si_overrun, "timer_getoverrun says the same");
    sigwaitinfo(&set, &info);
    tap_in_time(info.si_overrun == 0, "the next one is in time");
    nanosleep(&while_blocked, NULL);
    timer_delete(timer);
    tap_fails(sigtimedwait(&set, &info, &(struct timespec){0}), EAGAIN, "timer_delete withdraws its signal");
}

/* An ignored signal does not stop the timer. */
static void test_ignored(int number)
{
    timer_t timer = create(CLOCK_MONOTONIC, number, 1);
    struct timespec some = {.tv_nsec = 5 * MS};
    siginfo_t info;

    set_timer(timer, 0, MS, MS);
    nanosleep(&some, NULL);
    signal(number, SIG_IGN); /* drops the one that waits */
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    nanosleep(&some, NULL);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(number, SIG_DFL);
    tap_is(sigwaitinfo(&set, &info), number, "signal %d: the timer goes on while it is ignored", number);
    tap_in_time(info.si_overrun == 0, "without overruns");
    timer_delete(timer);
}

static void test_errors(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 65};
    struct itimerspec bad = {.it_value.tv_nsec = 1000000000}, setting = {0};
    timer_t timer;

    tap_fails(timer_create(99, NULL, &timer), EINVAL, "POSIX timer_create: EINVAL, the clock");
    tap_fails(timer_create(CLOCK_MONOTONIC, &event, &timer), EINVAL, "POSIX timer_create: EINVAL, the signal");
    event.sigev_notify = SIGEV_THREAD;
    tap_fails(syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer), ENOTSUP, "SIGEV_THREAD is the library's");
    event.sigev_notify = 77;
    tap_fails(timer_create(CLOCK_MONOTONIC, &event, &timer), EINVAL, "POSIX timer_create: EINVAL, the notification");
    tap_fails(syscall(SYS_timer_create, CLOCK_MONOTONIC, 0x80000000, &timer), EFAULT,
              "timer_create: EFAULT, the event");
    tap_fails(syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, 0x80000000), EFAULT, "timer_create: EFAULT, the number");
    timer = create(CLOCK_MONOTONIC, SIGRTMIN, 0);
    tap_fails(timer_settime(timer, 0, &bad, NULL), EINVAL, "POSIX timer_settime: EINVAL, nanoseconds");
    bad.it_value = (struct timespec){.tv_sec = -1};
    tap_fails(timer_settime(timer, 0, &bad, NULL), EINVAL, "POSIX timer_settime: EINVAL, negative");
    tap_fails(timer_settime(timer, 0, (void *)0x80000000, NULL), EFAULT, "timer_settime: EFAULT");
    timer_delete(timer);
    tap_fails(timer_delete(timer), EINVAL, "POSIX timer_delete: EINVAL");
    tap_fails(timer_settime(timer, 0, &setting, NULL), EINVAL, "POSIX timer_settime: EINVAL, no such timer");
    tap_fails(timer_gettime(timer, &setting), EINVAL, "POSIX timer_gettime: EINVAL");
    tap_fails(timer_getoverrun(timer), EINVAL, "POSIX timer_getoverrun: EINVAL");
    tap_fails(timer_delete((timer_t)-1), EINVAL, "POSIX timer_delete: EINVAL, a number below 0");
}

static void test_none(void)
{
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    struct timespec some = {.tv_nsec = 12 * MS};
    struct itimerspec left;
    timer_t timer;

    tap_works(timer_create(CLOCK_MONOTONIC, &event, &timer), "SIGEV_NONE");
    set_timer(timer, 0, 10 * MS, 10 * MS);
    nanosleep(&some, NULL);
    timer_gettime(timer, &left);
    tap_ok(left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 10 * MS, "counts on without a signal");
    timer_delete(timer);
    tap_works(timer_create(CLOCK_REALTIME, NULL, &timer), "without an event");
    set_timer(timer, 0, MS, 0);
    siginfo_t info;
    tap_ok(sigwaitinfo(&set, &info) == SIGALRM && info.si_value.sival_int == (int)timer, "SIGALRM with its number");
    timer_delete(timer);
}

static int has_none(void *context)
{
    return timer_delete(*(timer_t *)context) == -1 && errno == EINVAL ? 0 : 1;
}

static int reaches_limit(void *unused)
{
    timer_t timer;
    int made = 0;

    (void)unused;
    while (made < 1000 && timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0)
        made++;
    return made == TIMER_MAX && errno == EAGAIN && sysconf(_SC_TIMER_MAX) == TIMER_MAX ? 0 : 1;
}

static void ignore(int signal)
{
    (void)signal;
}

/* The timer would end the new program, which does not have the handler, by its signal. */
static int execs(void *unused)
{
    timer_t timer = create(CLOCK_MONOTONIC, SIGRTMIN, 0);

    (void)unused;
    signal(SIGRTMIN, ignore);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    set_timer(timer, 0, 30 * MS, 30 * MS);
    execl("/bin/sleep", "sleep", "0.1", NULL);
    return 1;
}

static void test_limits(void)
{
    timer_t timer = create(CLOCK_MONOTONIC, SIGRTMIN, 0);

    tap_is(tap_child_result(has_none, &timer), 0, "POSIX fork: a child has no timers");
    timer_delete(timer);
    tap_is(tap_child_result(reaches_limit, NULL), 0, "POSIX timer_create: EAGAIN, at TIMER_MAX");
    tap_is(tap_child_result(execs, NULL), 0, "POSIX exec: timers are gone");
}

/* Interval timers on CPU time */

static volatile int profs, virtuals;

static void count_prof(int signal)
{
    (void)signal;
    profs++;
}

static void count_virtual(int signal)
{
    (void)signal;
    virtuals++;
}

static void test_prof(void)
{
    struct itimerval setting = {.it_value.tv_usec = 20000, .it_interval.tv_usec = 20000}, left, off = {0};
    struct itimerval set_long = {.it_value.tv_sec = LONG / (1000 * MS)};
    struct timespec some = {.tv_nsec = 100 * MS};
    int64_t start;

    signal(SIGPROF, count_prof);
    tap_works(setitimer(ITIMER_PROF, &set_long, NULL), "setitimer, ITIMER_PROF");
    nanosleep(&some, NULL);
    getitimer(ITIMER_PROF, &left);
    tap_ok(profs == 0, "no signal while it sleeps");
    tap_in_time((set_long.it_value.tv_sec - left.it_value.tv_sec) * 1000000 - left.it_value.tv_usec < 10000,
                "which costs no CPU time");
    start = now(CLOCK_PROCESS_CPUTIME_ID);
    setitimer(ITIMER_PROF, &setting, NULL);
    while (profs == 0)
        continue;
    start = now(CLOCK_PROCESS_CPUTIME_ID) - start;
    tap_ok(start >= 20 * MS, "SIGPROF comes not before the CPU time that was asked for");
    tap_in_time(start < 21 * MS, "SIGPROF comes after the CPU time that was asked for");
    start = now(CLOCK_PROCESS_CPUTIME_ID);
    while (profs < 5)
        getppid();
    start = now(CLOCK_PROCESS_CPUTIME_ID) - start;
    tap_in_time(start > 78 * MS && start < 82 * MS, "and again every interval, the kernel's time included");
    tap_works(getitimer(ITIMER_PROF, &left), "getitimer");
    tap_ok(left.it_value.tv_usec > 0 && left.it_value.tv_usec <= 20000 && left.it_interval.tv_usec == 20000,
           "what is left");
    setitimer(ITIMER_PROF, &off, NULL);
    profs = 0;
    start = now(CLOCK_PROCESS_CPUTIME_ID);
    while (now(CLOCK_PROCESS_CPUTIME_ID) - start < 30 * MS)
        continue;
    tap_is(profs, 0, "0 stops it");
}

static void test_virtual(void)
{
    struct itimerval setting = {.it_value.tv_usec = 20000}, left, off = {0};
    int64_t start = now(CLOCK_PROCESS_CPUTIME_ID);

    signal(SIGVTALRM, count_virtual);
    tap_works(setitimer(ITIMER_VIRTUAL, &setting, NULL), "setitimer, ITIMER_VIRTUAL");
    while (virtuals == 0)
        continue;
    start = now(CLOCK_PROCESS_CPUTIME_ID) - start;
    tap_ok(start > 18 * MS, "SIGVTALRM comes after the user time that was asked for");
    tap_in_time(start < 23 * MS, "and soon after");
    getitimer(ITIMER_VIRTUAL, &left);
    tap_ok(left.it_value.tv_sec == 0 && left.it_value.tv_usec == 0, "once");
    setitimer(ITIMER_VIRTUAL, &off, NULL);
}

/* Every alarm ends this process: the timers of its parent are not its own. */
static int child_of_timed(void *unused)
{
    struct itimerval left;
    int64_t start = now(CLOCK_PROCESS_CPUTIME_ID);

    (void)unused;
    signal(SIGPROF, SIG_DFL);
    getitimer(ITIMER_PROF, &left);
    while (now(CLOCK_PROCESS_CPUTIME_ID) - start < 30 * MS)
        continue;
    return left.it_value.tv_usec == 0 && left.it_value.tv_sec == 0 ? 0 : 1;
}

static void test_inherited(void)
{
    struct itimerval setting = {.it_value.tv_usec = 10000}, off = {0};

    setitimer(ITIMER_PROF, &setting, NULL);
    tap_is(tap_child_result(child_of_timed, NULL), 0, "POSIX fork: a child has no interval timers");
    setitimer(ITIMER_PROF, &off, NULL);
}

int main(void)
{
    tap_begin();
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    test_once(CLOCK_MONOTONIC, "CLOCK_MONOTONIC");
    test_once(CLOCK_REALTIME, "CLOCK_REALTIME");
    test_on_the_way_to_sleep();
    test_periodic(SIGRTMIN);
    test_periodic(SIGALRM);
    test_ignored(SIGRTMIN);
    test_ignored(SIGALRM);
    test_errors();
    test_none();
    test_limits();
    test_prof();
    test_virtual();
    test_inherited();
    return tap_end();
}
