/*
 * cpu_timer.c - CPU time: the clocks of processes and threads, timers and sleeps on them, and RLIMIT_CPU.
 *
 * The second thread shares the test's TLS: it touches neither errno nor the library's state.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hand_thread.h"
#include "tap.h"

#define MS 1000000
#define LONG (1000LL * 1000 * MS) /* more than passes by itself, however busy the host is */

static sigset_t set;
static volatile int spinning, stop;

static int64_t to_ns(const struct timespec *time)
{
    return time->tv_sec * 1000000000LL + time->tv_nsec;
}

static int64_t now(clockid_t clock)
{
    struct timespec time;

    clock_gettime(clock, &time);
    return to_ns(&time);
}

static struct timespec to_time(int64_t ns)
{
    return (struct timespec){.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
}

/* Use that much CPU time. */
static void spend(int64_t ns)
{
    int64_t end = now(CLOCK_THREAD_CPUTIME_ID) + ns;

    while (now(CLOCK_THREAD_CPUTIME_ID) < end)
        continue;
}

static void spins(int unused)
{
    (void)unused;
    spinning = 1;
    while (!stop)
        continue;
}

static int start_spinning(void)
{
    int tid;

    stop = spinning = 0;
    tid = hand_start_or_give_up(0, spins, 0);
    while (!spinning)
        sched_yield();
    return tid;
}

static void stop_spinning(void)
{
    stop = 1;
    hand_join(0);
}

static int spends(void *unused)
{
    (void)unused;
    spend(30 * MS);
    pause();
    return 0;
}

static void test_clocks(void)
{
    pid_t pid = tap_start(spends, NULL);
    clockid_t clock, mine;

    tap_until(tap_is_asleep, &pid);
    tap_is(clock_getcpuclockid(pid, &clock), 0, "clock_getcpuclockid of a child");
    tap_ok(now(clock) >= 30 * MS, "what it has used");
    kill(pid, SIGKILL);
    waitid(P_PID, pid, NULL, WEXITED | WNOWAIT);
    tap_ok(now(clock) >= 30 * MS, "also when it has ended");
    tap_wait(pid);
    tap_is(clock_getcpuclockid(pid, &clock), ESRCH, "POSIX clock_getcpuclockid: ESRCH");
    tap_is(clock_getcpuclockid(getpid(), &mine), 0, "of the process itself");
    spend(MS);
    tap_ok(now(mine) >= MS && now(mine) <= now(CLOCK_PROCESS_CPUTIME_ID), "is its own clock");
}

/* A thread's time is the process's, also in the moment of its end. */
static void test_thread_ends(void)
{
    int64_t before;
    bool backwards = false;

    for (int i = 0; i < 20; i++) {
        start_spinning();
        spend(MS);
        stop_spinning();
        before = now(CLOCK_PROCESS_CPUTIME_ID);
        for (int k = 0; k < 20; k++)
            backwards |= now(CLOCK_PROCESS_CPUTIME_ID) < before;
    }
    tap_ok(!backwards, "a process's CPU time does not go back when a thread ends");
}

static timer_t create(clockid_t clock)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 5};
    timer_t timer = 99;

    if (timer_create(clock, &event, &timer) != 0)
        tap_give_up("timer_create: %s", strerror(errno));
    return timer;
}

static int set_timer(timer_t timer, int flags, int64_t value, int64_t interval)
{
    struct itimerspec setting = {.it_value = to_time(value), .it_interval = to_time(interval)};

    return timer_settime(timer, flags, &setting, NULL);
}

static bool is_pending(void)
{
    sigset_t pending;

    sigpending(&pending);
    return sigismember(&pending, SIGRTMIN);
}

/* Spend CPU time until the signal is there; answers how much since `start`. */
static int64_t spend_until_signal(int64_t start, siginfo_t *info)
{
    while (!is_pending())
        continue;
    start = now(CLOCK_PROCESS_CPUTIME_ID) - start;
    sigwaitinfo(&set, info);
    return start;
}

static void test_timer(clockid_t clock, const char *name)
{
    timer_t timer = create(clock);
    struct itimerspec left;
    siginfo_t info;
    int64_t start, used;

    set_timer(timer, 0, LONG, 0);
    tap_fails(sigtimedwait(&set, &info, &(struct timespec){.tv_nsec = 50 * MS}), EAGAIN, "%s: sleeping costs nothing",
              name);
    timer_gettime(timer, &left);
    tap_in_time(to_ns(&left.it_value) > LONG - 10 * MS && to_ns(&left.it_value) <= LONG,
                "timer_gettime tells what is left");
    start = now(CLOCK_PROCESS_CPUTIME_ID);
    set_timer(timer, 0, 20 * MS, 0);
    used = spend_until_signal(start, &info);
    tap_ok(used >= 20 * MS && info.si_code == SI_TIMER && info.si_value.sival_int == 5, "its signal comes");
    tap_in_time(used < 20 * MS + MS / 2, "in time: %lld us", (long long)used / 1000);
    start = now(CLOCK_PROCESS_CPUTIME_ID);
    set_timer(timer, TIMER_ABSTIME, now(clock) + 10 * MS, 0);
    used = spend_until_signal(start, &info);
    tap_ok(used >= 10 * MS, "TIMER_ABSTIME: a moment of that clock");
    set_timer(timer, 0, 5 * MS, 5 * MS);
    spend(23 * MS);
    sigwaitinfo(&set, &info);
    tap_ok(info.si_overrun >= 3, "POSIX timer_getoverrun: periods that passed");
    tap_in_time(info.si_overrun == 3, "are counted right");
    used = spend_until_signal(now(CLOCK_PROCESS_CPUTIME_ID), &info);
    tap_in_time(used < 3 * MS && info.si_overrun == 0, "and the next one is in time");
    set_timer(timer, TIMER_ABSTIME, 1, 0);
    tap_is(sigwaitinfo(&set, &info), SIGRTMIN, "a moment in the past is now");
    for (int i = 1; i <= 200; i++) {
        set_timer(timer, 0, 1000 * i, 0);
        spend(1000 * i);
        sigwaitinfo(&set, &info);
    }
    tap_ok(true, "one that comes as the process falls asleep is not missed");
    tap_works(timer_delete(timer), "timer_delete");
}

/* Another thread's time does not count for a thread's timer, but for the process's. */
static void test_thread_timer(void)
{
    timer_t own = create(CLOCK_THREAD_CPUTIME_ID), whole = create(CLOCK_PROCESS_CPUTIME_ID);
    struct itimerspec left;
    siginfo_t info;

    start_spinning();
    set_timer(own, 0, LONG, 0);
    tap_fails(sigtimedwait(&set, &info, &(struct timespec){.tv_nsec = 40 * MS}), EAGAIN,
              "a thread's timer counts that thread alone");
    timer_gettime(own, &left);
    tap_in_time(to_ns(&left.it_value) > LONG - 5 * MS, "so that more is left than passed");
    timer_delete(own);
    set_timer(whole, 0, 10 * MS, 0);
    tap_is(sigwaitinfo(&set, &info), SIGRTMIN, "the process's timer counts all threads");
    timer_delete(whole);
    stop_spinning();
}

static void test_timer_errors(void)
{
    clockid_t other;
    timer_t timer;

    clock_getcpuclockid(1, &other);
    tap_fails(timer_create(other, NULL, &timer), ENOTSUP, "POSIX timer_create: ENOTSUP, another process's clock");
    tap_fails(timer_create(other + 4000, NULL, &timer), EINVAL, "POSIX timer_create: EINVAL, nobody's clock");
    tap_is(clock_nanosleep(other, 0, &(struct timespec){0}, NULL), ENOTSUP, "POSIX clock_nanosleep: ENOTSUP");
    tap_is(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &(struct timespec){0}, NULL), EINVAL,
           "POSIX clock_nanosleep: EINVAL, the thread's own CPU time");
    tap_fails(clock_settime(CLOCK_PROCESS_CPUTIME_ID, &(struct timespec){0}), EINVAL, "POSIX clock_settime: EINVAL");
}

static void interrupt(int signal)
{
    (void)signal;
}

static void test_sleep(void)
{
    struct timespec time = to_time(20 * MS), rest = {0};
    int64_t start = now(CLOCK_PROCESS_CPUTIME_ID);
    pid_t child;

    start_spinning();
    tap_is(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &time, NULL), 0, "clock_nanosleep on CPU time");
    tap_ok(now(CLOCK_PROCESS_CPUTIME_ID) - start >= 20 * MS, "ends when the other thread has spent it");
    start = now(CLOCK_PROCESS_CPUTIME_ID) + 10 * MS;
    time = to_time(start);
    tap_is(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, &time, NULL), 0, "TIMER_ABSTIME");
    tap_ok(now(CLOCK_PROCESS_CPUTIME_ID) >= start, "a moment of that clock");
    tap_is(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, &time, NULL), 0, "in the past: no sleep");
    stop_spinning();
    signal(SIGALRM, interrupt);
    child = tap_signal_when_asleep(SIGALRM);
    time = to_time(LONG);
    tap_is(clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &time, &rest), EINTR, "POSIX clock_nanosleep: EINTR");
    tap_wait(child);
    tap_in_time(to_ns(&rest) > LONG - 10 * MS, "with nobody to spend it almost all is left");
}

/* An absolute time of day follows when the clock is set; a relative one does not. */
static void test_clock_is_set(void)
{
    timer_t absolute = create(CLOCK_REALTIME), relative = create(CLOCK_REALTIME);
    struct timespec time;
    siginfo_t info;

    set_timer(absolute, TIMER_ABSTIME, now(CLOCK_REALTIME) + 3600LL * 1000 * MS, 0);
    set_timer(relative, 0, 3600LL * 1000 * MS, 0);
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_sec += 3601;
    clock_settime(CLOCK_REALTIME, &time);
    time = to_time(LONG / 10);
    tap_is(sigtimedwait(&set, &info, &time), SIGRTMIN, "POSIX clock_settime: timer_settime");
    timer_delete(absolute);
    tap_ok(!is_pending(), "POSIX clock_settime: a relative timer does not follow");
    timer_delete(relative);
    clock_gettime(CLOCK_REALTIME, &time);
    time.tv_sec -= 3601;
    clock_settime(CLOCK_REALTIME, &time);
}

/* RLIMIT_CPU */

static volatile int limits_told;

static void count_limit(int signal)
{
    (void)signal;
    limits_told++;
    if (now(CLOCK_PROCESS_CPUTIME_ID) < limits_told * 1000LL * MS)
        _exit(99);
}

static int set_limit(rlim_t soft, rlim_t hard)
{
    return setrlimit(RLIMIT_CPU, &(struct rlimit){soft, hard});
}

static int is_told(void *unused)
{
    (void)unused;
    signal(SIGXCPU, count_limit);
    set_limit(1, 2);
    while (limits_told < 100)
        continue;
    return 0;
}

/* The child has used nothing when its parent is near the limit, or past it: its handler is not the new program's. */
static int inherits(void *unused)
{
    struct rusage usage;
    int64_t used;
    int status;
    pid_t pid;

    (void)unused;
    signal(SIGXCPU, interrupt);
    set_limit(1, RLIM_INFINITY);
    spend(300 * MS);
    pid = tap_fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", "while :; do :; done", NULL);
        _exit(1);
    }
    status = tap_wait(pid);
    getrusage(RUSAGE_CHILDREN, &usage);
    used =
        (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU && used >= 999999 ? 0 : 1;
}

static int lifts(void *unused)
{
    (void)unused;
    signal(SIGXCPU, count_limit);
    set_limit(1, 1000);
    spend(200 * MS);
    set_limit(1000, 1000);
    limits_told = 0; /* a host that stood still for long has spent the whole second before */
    spend(900 * MS);
    return limits_told;
}

static void test_limit(void)
{
    tap_is(tap_child_result(is_told, NULL), -SIGKILL, "RLIMIT_CPU: SIGXCPU at the soft limit, SIGKILL at the hard one");
    tap_is(tap_child_result(inherits, NULL), 0, "POSIX fork, exec: the limit is inherited, time begins at 0");
    tap_is(tap_child_result(lifts, NULL), 0, "a limit that was raised in time is not felt");
}

int main(void)
{
    tap_begin();
    sigemptyset(&set);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, NULL);
    test_clocks();
    test_thread_ends();
    test_timer(CLOCK_PROCESS_CPUTIME_ID, "CLOCK_PROCESS_CPUTIME_ID");
    test_timer(CLOCK_THREAD_CPUTIME_ID, "CLOCK_THREAD_CPUTIME_ID");
    test_thread_timer();
    test_timer_errors();
    test_sleep();
    test_clock_is_set();
    test_limit();
    return tap_end();
}
