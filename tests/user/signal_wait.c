/*
 * signal_wait.c - sigqueue with values, and signals taken without a handler: sigwait, sigwaitinfo, sigtimedwait.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static volatile int *count; /* of handlers that ran, here and in children */

static void note(int signal)
{
    (void)signal;
    ++*count;
}

static bool one_ran(void *unused)
{
    (void)unused;
    return *count == 1;
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static sigset_t set_of(int a, int b)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, a);
    sigaddset(&set, b);
    return set;
}

static void test_queue(void)
{
    sigset_t set = set_of(SIGRTMIN, SIGRTMIN + 1);
    siginfo_t info;
    bool right = true;

    for (int i = 0; i < 10; i++)
        sigqueue(getpid(), SIGRTMIN + i % 2, (union sigval){.sival_int = i});
    for (int i = 0; i < 10; i++) {
        int expected = i < 5 ? i * 2 : (i - 5) * 2 + 1;

        memset(&info, 0, sizeof info);
        right &= sigwaitinfo(&set, &info) == SIGRTMIN + i / 5 && info.si_value.sival_int == expected &&
                 info.si_code == SI_QUEUE && info.si_pid == getpid() && info.si_uid == getuid();
    }
    tap_ok(right, "POSIX sigqueue: values come in the order sent, the lowest signal first; SI_QUEUE");
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 5});
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 6});
    set = set_of(SIGUSR1, SIGUSR1);
    tap_ok(sigwaitinfo(&set, &info) == SIGUSR1 && info.si_value.sival_int == 5, "a standard signal has its value too");
    tap_fails(sigtimedwait(&set, &info, &(struct timespec){0}), EAGAIN, "and merged with the second");
}

static int queues_to(void *context)
{
    if (setuid(1000) != 0)
        return 1;
    return sigqueue(*(pid_t *)context, SIGUSR1, (union sigval){0}) == -1 && errno == EPERM ? 0 : 2;
}

static int reaches_limit(void *unused)
{
    struct rlimit limit = {.rlim_cur = 3, .rlim_max = 3};
    sigset_t set = set_of(SIGRTMAX, SIGRTMAX);
    union sigval value = {.sival_int = 1};

    (void)unused;
    if (setrlimit(RLIMIT_SIGPENDING, &limit) != 0)
        return 1;
    for (int i = 0; i < 3; i++)
        if (sigqueue(getpid(), SIGRTMAX, value) != 0)
            return 2;
    if (sigqueue(getpid(), SIGRTMAX, value) != -1 || errno != EAGAIN)
        return 3;
    if (kill(getpid(), SIGUSR1) != 0)
        return 4;
    if (sigwaitinfo(&set, NULL) != SIGRTMAX || sigqueue(getpid(), SIGRTMAX, value) != 0)
        return 5;
    return sysconf(_SC_SIGQUEUE_MAX) == 3 ? 0 : 6;
}

static void test_queue_errors(void)
{
    union sigval value = {0};
    pid_t pid = getpid();

    tap_fails(sigqueue(pid, 65, value), EINVAL, "POSIX sigqueue: EINVAL");
    tap_fails(sigqueue(pid, -1, value), EINVAL, "POSIX sigqueue: EINVAL, below 0");
    tap_fails(sigqueue(30000, SIGUSR1, value), ESRCH, "POSIX sigqueue: ESRCH");
    tap_fails(sigqueue(-1, SIGUSR1, value), ESRCH, "POSIX sigqueue: ESRCH, it knows no groups");
    tap_works(sigqueue(pid, 0, value), "signal 0 only asks");
    tap_is(tap_child_result(queues_to, &pid), 0, "POSIX sigqueue: EPERM");
    tap_is(tap_child_result(reaches_limit, NULL), 0, "POSIX sigqueue: EAGAIN, at RLIMIT_SIGPENDING; room again after");
}

static void test_wait(void)
{
    sigset_t set = set_of(SIGUSR1, SIGUSR2);
    struct timespec time = {.tv_nsec = 20000000};
    int64_t start;
    int signal = 0;
    siginfo_t info;

    kill(getpid(), SIGUSR2);
    tap_is(sigwait(&set, &signal), 0, "sigwait");
    tap_is(signal, SIGUSR2, "tells which");
    start = now();
    tap_fails(sigtimedwait(&set, &info, &time), EAGAIN, "POSIX sigtimedwait: EAGAIN");
    tap_ok(now() - start >= 20000000, "not before its time");
    start = now();
    tap_fails(sigtimedwait(&set, &info, &(struct timespec){0}), EAGAIN, "POSIX sigtimedwait: EAGAIN, at once");
    tap_in_time(now() - start < 1000000, "without a wait");
    time.tv_nsec = 1000000000;
    tap_fails(sigtimedwait(&set, &info, &time), EINVAL, "POSIX sigtimedwait: EINVAL");
    time = (struct timespec){.tv_sec = -1};
    tap_fails(sigtimedwait(&set, &info, &time), EINVAL, "POSIX sigtimedwait: EINVAL, negative");
    tap_fails(sigtimedwait((sigset_t *)0x80000000, &info, NULL), EFAULT, "sigtimedwait: EFAULT, the set");
    kill(getpid(), SIGUSR1);
    tap_fails(sigtimedwait(&set, (siginfo_t *)0x80000000, NULL), EFAULT, "sigtimedwait: EFAULT, the information");
}

/* Sends itself back and forth with its parent, which it hears only by sigwait(). */
static int echoes(void *unused)
{
    sigset_t set = set_of(SIGUSR1, SIGRTMIN);
    siginfo_t info;

    (void)unused;
    for (int i = 0; i < 100; i++) {
        if (sigwaitinfo(&set, &info) != SIGRTMIN || info.si_value.sival_int != i || info.si_pid != getppid())
            return 1;
        sigqueue(info.si_pid, SIGRTMIN, (union sigval){.sival_int = -i});
    }
    return 0;
}

static void test_between(void)
{
    sigset_t set = set_of(SIGRTMIN, SIGRTMIN);
    siginfo_t info;
    bool right = true;
    pid_t pid = tap_start(echoes, NULL);

    for (int i = 0; i < 100; i++) {
        sigqueue(pid, SIGRTMIN, (union sigval){.sival_int = i});
        right &= sigwaitinfo(&set, &info) == SIGRTMIN && info.si_value.sival_int == -i && info.si_pid == pid;
    }
    tap_ok(right, "two processes talk by sigqueue and sigwaitinfo");
    tap_is(tap_wait(pid), 0, "both ways");
}

/* A handler for another signal ends the wait, an ignored one does not, nor does a stop; the deadline stays. */
static int waits_long(void *unused)
{
    sigset_t set = set_of(SIGUSR1, SIGUSR1);
    struct timespec time = {.tv_nsec = 200000000};
    int64_t start = now();

    (void)unused;
    if (sigtimedwait(&set, NULL, &time) != -1 || errno != EAGAIN)
        return 1;
    return now() - start < 200000000 ? 2 : now() - start > 390000000 ? 3 : 0;
}

static int is_interrupted(void *unused)
{
    sigset_t set = set_of(SIGUSR1, SIGUSR1);

    (void)unused;
    return sigwaitinfo(&set, NULL) == -1 && errno == EINTR && *count == 1 ? 0 : 1;
}

static int sigwait_goes_on(void *unused)
{
    sigset_t set = set_of(SIGUSR1, SIGUSR1);
    int signal = 0;

    (void)unused;
    return sigwait(&set, &signal) == 0 && signal == SIGUSR1 && *count == 1 ? 0 : 1;
}

static void test_interrupted(void)
{
    struct sigaction action = {.sa_handler = note, .sa_flags = SA_RESTART};
    struct timespec half = {.tv_nsec = 100000000};
    sigset_t open = set_of(SIGALRM, SIGALRM);
    pid_t pid;
    int status;

    sigaction(SIGALRM, &action, NULL);
    sigprocmask(SIG_UNBLOCK, &open, NULL);
    *count = 0;
    pid = tap_start_asleep(is_interrupted, NULL);
    kill(pid, SIGALRM);
    tap_is(tap_wait(pid), 0, "POSIX sigwaitinfo: EINTR, whatever SA_RESTART says");
    *count = 0;
    pid = tap_start_asleep(sigwait_goes_on, NULL);
    kill(pid, SIGALRM);
    tap_until(one_ran, NULL);
    tap_until(tap_is_asleep, &pid);
    kill(pid, SIGUSR1);
    tap_is(tap_wait(pid), 0, "sigwait goes on after a handler");
    pid = tap_start(waits_long, NULL);
    nanosleep(&half, NULL);
    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    kill(pid, SIGWINCH);
    kill(pid, SIGCONT);
    status = WEXITSTATUS(WIFSTOPPED(status) ? tap_wait(pid) : status);
    tap_ok(status % 3 == 0, "a stop and an ignored signal do not end sigtimedwait");
    tap_in_time(status == 0, "nor prolong it");
}

/* A signal that is ignored by default can be waited for, and its handler does not run. */
static int exits(void *context)
{
    pid_t parent = getppid();

    tap_until(tap_is_asleep, &parent);
    return *(int *)context;
}

static void test_child_wait(void)
{
    sigset_t set = set_of(SIGCHLD, SIGCHLD), old;
    int seven = 7;
    siginfo_t info;
    pid_t pid;

    sigprocmask(SIG_BLOCK, &set, &old);
    while (sigtimedwait(&set, NULL, &(struct timespec){0}) != -1)
        continue; /* of children before */
    pid = tap_start(exits, &seven);
    tap_is(sigwaitinfo(&set, &info), SIGCHLD, "SIGCHLD can be waited for though it is ignored by default");
    tap_ok(info.si_code == CLD_EXITED && info.si_pid == pid && info.si_status == 7, "CLD_EXITED, pid and status");
    tap_wait(pid);
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static int pauses(void *parent)
{
    sigset_t open = set_of(SIGUSR1, SIGUSR1);

    signal(SIGUSR1, note);
    sigprocmask(SIG_UNBLOCK, &open, NULL);
    *count = 0;
    kill(*(pid_t *)parent, SIGUSR2); /* begun */
    return pause() == -1 && errno == EINTR && *count == 1 ? 0 : 1;
}

static void test_pause(void)
{
    sigset_t set = set_of(SIGUSR2, SIGUSR2);
    pid_t self = getpid(), pid = tap_start(pauses, &self);

    sigwaitinfo(&set, NULL);
    tap_until(tap_is_asleep, &pid);
    kill(pid, SIGUSR1);
    tap_is(tap_wait(pid), 0, "POSIX pause: EINTR, after the handler");
}

static int dies_of_kill(void *unused)
{
    sigset_t all;

    (void)unused;
    sigfillset(&all);
    sigwaitinfo(&all, NULL);
    return 1;
}

/* A line of /proc/self/status, as a number in base 16. */
static unsigned long long status_line(const char *name)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[128];
    unsigned long long value = ~0ull;

    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, name, strlen(name)) == 0)
            sscanf(line + strlen(name), ":\t%llx", &value);
    if (file != NULL)
        fclose(file);
    return value;
}

static void test_status(void)
{
    sigset_t set;

    raise(SIGUSR1);
    kill(getpid(), SIGUSR2);
    sigprocmask(SIG_BLOCK, NULL, &set);
    tap_is(status_line("SigBlk"), set | 1ull << (33 - 1), "/proc/self/status: SigBlk, with the library's own");
    tap_is(status_line("SigPnd"), 1ull << (SIGUSR1 - 1), "SigPnd, what was sent to the thread");
    tap_is(status_line("ShdPnd") & ~(1ull << (SIGCHLD - 1)), 1ull << (SIGUSR2 - 1),
           "ShdPnd, what was sent to the process");
    tap_ok(status_line("SigCgt") & 1ull << (SIGALRM - 1), "SigCgt, a handler");
    signal(SIGHUP, SIG_IGN);
    tap_is(status_line("SigIgn"), 1ull << (SIGHUP - 1), "SigIgn");
    signal(SIGHUP, SIG_DFL);
    set = set_of(SIGUSR1, SIGUSR2);
    tap_ok(sigwaitinfo(&set, NULL) == SIGUSR1 && sigwaitinfo(&set, NULL) == SIGUSR2, "both are taken");
}

int main(void)
{
    sigset_t all;
    pid_t pid;

    tap_begin();
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, NULL);
    count = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_queue();
    test_queue_errors();
    test_wait();
    test_between();
    test_interrupted();
    test_child_wait();
    test_pause();
    test_status();
    pid = tap_start_asleep(dies_of_kill, NULL);
    kill(pid, SIGKILL);
    tap_is(tap_wait(pid), SIGKILL, "SIGKILL cannot be waited for");
    return tap_end();
}
