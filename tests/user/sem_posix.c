/*
 * sem_posix.c - POSIX semaphores, unnamed and named: every error, deadlines, signals, several processes.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

struct shared {
    sem_t sem, other;
    volatile int count;
    volatile int order[8];
    volatile int next;
};

static struct shared *shared;
static volatile sig_atomic_t handled;

static int value_of(sem_t *sem)
{
    int value = -99;

    sem_getvalue(sem, &value);
    return value;
}

static struct timespec in_milliseconds(clockid_t clock, long ms)
{
    struct timespec time;

    clock_gettime(clock, &time);
    time.tv_sec += ms / 1000;
    time.tv_nsec += ms % 1000 * 1000000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_nsec -= 1000000000;
        time.tv_sec++;
    }
    return time;
}

static void test_unnamed(void)
{
    sem_t sem;

    tap_fails(sem_init(&sem, 0, (unsigned)SEM_VALUE_MAX + 1), EINVAL, "POSIX sem_init: EINVAL");
    tap_works(sem_init(&sem, 0, 2), "sem_init");
    tap_is(value_of(&sem), 2, "sem_getvalue: 2");
    tap_works(sem_wait(&sem), "sem_wait");
    tap_works(sem_trywait(&sem), "sem_trywait");
    tap_is(value_of(&sem), 0, "both took one");
    tap_fails(sem_trywait(&sem), EAGAIN, "POSIX sem_trywait: EAGAIN");
    tap_works(sem_post(&sem), "sem_post");
    tap_is(value_of(&sem), 1, "which adds one");
    sem_destroy(&sem);
    sem_init(&sem, 0, SEM_VALUE_MAX);
    tap_fails(sem_post(&sem), EOVERFLOW, "POSIX sem_post: EOVERFLOW");
    tap_is(value_of(&sem), SEM_VALUE_MAX, "and nothing is added");
    tap_works(sem_destroy(&sem), "sem_destroy");
}

static void test_deadlines(void)
{
    struct timespec soon, long_ago = {0}, bad = {.tv_nsec = 1000000000}, negative = {.tv_sec = -1}, now;
    sem_t sem;

    sem_init(&sem, 0, 1);
    tap_works(sem_timedwait(&sem, &bad), "sem_timedwait does not look at the time when it need not wait");
    tap_fails(sem_timedwait(&sem, &bad), EINVAL, "POSIX sem_timedwait: EINVAL");
    bad.tv_nsec = -1;
    tap_fails(sem_timedwait(&sem, &bad), EINVAL, "POSIX sem_timedwait: EINVAL, negative");
    tap_fails(sem_timedwait(&sem, &long_ago), ETIMEDOUT, "POSIX sem_timedwait: ETIMEDOUT, in the past");
    tap_fails(sem_timedwait(&sem, &negative), ETIMEDOUT, "POSIX sem_timedwait: ETIMEDOUT, before 1970");
    soon = in_milliseconds(CLOCK_REALTIME, 30);
    tap_fails(sem_timedwait(&sem, &soon), ETIMEDOUT, "POSIX sem_timedwait: ETIMEDOUT");
    clock_gettime(CLOCK_REALTIME, &now);
    tap_ok(now.tv_sec > soon.tv_sec || (now.tv_sec == soon.tv_sec && now.tv_nsec >= soon.tv_nsec), "not too early");
    soon = in_milliseconds(CLOCK_MONOTONIC, 10);
    tap_fails(sem_clockwait(&sem, CLOCK_MONOTONIC, &soon), ETIMEDOUT, "sem_clockwait: ETIMEDOUT");
    tap_fails(sem_clockwait(&sem, CLOCK_PROCESS_CPUTIME_ID, &soon), EINVAL, "sem_clockwait: EINVAL, that clock");
    sem_post(&sem);
    tap_is(value_of(&sem), 1, "after those who gave up, a post is not lost");
    tap_works(sem_trywait(&sem), "and can be taken");
}

static void posts_in_handler(int number)
{
    (void)number;
    handled++;
    sem_post(&shared->sem);
}

static void only_counts(int number)
{
    (void)number;
    handled++;
}

/* One signal for this process when it waits.  Answers the sender's pid. */
static pid_t signal_waiter(void (*handler)(int), int flags)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigaction(SIGUSR1, &action, NULL);
    return tap_signal_when_asleep(SIGUSR1);
}

static void test_signals(void)
{
    struct timespec far;
    pid_t child;

    sem_init(&shared->sem, 1, 0);
    child = signal_waiter(only_counts, 0);
    tap_fails(sem_wait(&shared->sem), EINTR, "POSIX sem_wait: EINTR");
    tap_wait(child);
    far = in_milliseconds(CLOCK_REALTIME, 600000);
    child = signal_waiter(only_counts, 0);
    tap_fails(sem_timedwait(&shared->sem, &far), EINTR, "POSIX sem_timedwait: EINTR");
    tap_wait(child);
    tap_is(handled, 2, "the handler ran both times");
    far.tv_sec = INT64_MAX;
    child = signal_waiter(only_counts, 0);
    tap_fails(sem_timedwait(&shared->sem, &far), EINTR, "a deadline at the end of time is none");
    tap_wait(child);
    child = signal_waiter(posts_in_handler, SA_RESTART);
    tap_works(sem_wait(&shared->sem), "sem_post in a handler ends a wait that is begun again");
    tap_wait(child);
    child = signal_waiter(posts_in_handler, 0);
    tap_fails(sem_wait(&shared->sem), EINTR, "without SA_RESTART: EINTR");
    tap_wait(child);
    tap_works(sem_wait(&shared->sem), "and the unit is there");
    tap_is(value_of(&shared->sem), 0, "just one");
}

static int waits_and_signs(void *number)
{
    if (sem_wait(&shared->sem) != 0)
        return 1;
    shared->order[__atomic_fetch_add(&shared->next, 1, __ATOMIC_SEQ_CST)] = *(int *)number;
    sem_post(&shared->other);
    return 0;
}

struct in_line {
    int number, priority; /* 0: time-sharing */
};

static int waits_with_priority(void *line)
{
    struct in_line *mine = line;
    struct sched_param parameters = {.sched_priority = mine->priority};

    if (mine->priority > 0 && sched_setscheduler(0, SCHED_FIFO, &parameters) != 0)
        return 1;
    return waits_and_signs(&mine->number);
}

static void test_order(void)
{
    struct in_line line[4] = {{1, 10}, {2, 10}, {3, 10}, {4, 10}};
    int status;
    pid_t pids[4];

    sem_init(&shared->sem, 1, 0);
    sem_init(&shared->other, 1, 0);
    shared->next = 0;
    for (int i = 0; i < 4; i++) {
        pids[i] = tap_start_asleep(waits_with_priority, &line[i]);
    }
    tap_is(value_of(&shared->sem), 0, "sem_getvalue while four wait: 0");
    kill(pids[1], SIGSTOP);
    kill(pids[1], SIGCONT);
    kill(pids[2], SIGKILL);
    waitpid(pids[2], &status, 0);
    tap_until(tap_is_asleep, &pids[1]);
    for (int i = 0; i < 3; i++) {
        sem_post(&shared->sem);
        sem_wait(&shared->other);
    }
    for (int i = 0; i < 4; i++)
        if (i != 2)
            tap_is(tap_wait(pids[i]), 0, "waiter %d got its unit", i + 1);
    tap_is(shared->order[0], 1, "POSIX sem_post: of equals the first who came is the first to go");
    tap_is(shared->next, 3, "one was killed while it waited, three were served");
    tap_is(value_of(&shared->sem), 0, "and no unit is left over");
}

static void test_priority(void)
{
    struct in_line line[] = {{4, 1}, {3, 5}, {1, 20}, {5, 0}, {2, 20}};
    enum { waiters = sizeof line / sizeof line[0] };
    pid_t pids[waiters];
    bool right = true;

    sem_init(&shared->sem, 1, 0);
    sem_init(&shared->other, 1, 0);
    shared->next = 0;
    for (int i = 0; i < waiters; i++) {
        pids[i] = tap_start_asleep(waits_with_priority, &line[i]);
    }
    for (int i = 0; i < waiters; i++) {
        sem_post(&shared->sem);
        sem_wait(&shared->other);
        right &= shared->order[i] == i + 1;
    }
    tap_ok(right, "POSIX sem_post: the highest real-time priority first, then who has waited longest");
    for (int i = 0; i < waiters; i++)
        right &= tap_wait(pids[i]) == 0;
    tap_ok(right, "and all had their unit");
}

/* The count must never go wrong: each adds a thousand times, under the semaphore. */
enum { workers = 4, rounds = 1000 };

static int adds(void *unused)
{
    (void)unused;
    for (int i = 0; i < rounds; i++) {
        int seen;

        while (sem_wait(&shared->sem) != 0)
            ;
        seen = shared->count;
        if (i % 64 == 0)
            sched_yield();
        shared->count = seen + 1;
        sem_post(&shared->sem);
    }
    return 0;
}

static void test_exclusion(void)
{
    pid_t pids[workers];
    int right = 0;

    sem_init(&shared->sem, 1, 1);
    shared->count = 0;
    for (int i = 0; i < workers; i++)
        pids[i] = tap_start(adds, NULL);
    for (int i = 0; i < workers; i++)
        right += tap_wait(pids[i]) == 0;
    tap_is(right, workers, "four processes add under one semaphore");
    tap_is(shared->count, workers * rounds, "and none was alone to count");
    tap_is(value_of(&shared->sem), 1, "the semaphore is free in the end");
}

/* Two wait, and the first is killed as the unit comes: before it is back in its program it has not had it, and the
 * second gets it. */
static int takes_one(void *unused)
{
    (void)unused;
    return sem_wait(&shared->other) == 0 ? 0 : 1;
}

/* Between a unit and the signal nobody on this CPU runs. */
static void be_urgent(bool urgent)
{
    sched_setscheduler(0, urgent ? SCHED_FIFO : SCHED_OTHER, &(struct sched_param){.sched_priority = urgent});
}

/* True: the unit went astray. */
static bool kill_and_post(bool kill_first)
{
    struct timespec deadline = in_milliseconds(CLOCK_REALTIME, 120000);
    pid_t first = tap_start(takes_one, NULL), second;
    int status;

    tap_until(tap_is_asleep, &first);
    second = tap_start_asleep(takes_one, NULL);
    be_urgent(true);
    if (kill_first)
        kill(first, SIGKILL);
    sem_post(&shared->other);
    if (!kill_first)
        kill(first, SIGKILL);
    be_urgent(false);
    tap_wait(first);
    while (waitpid(second, &status, WNOHANG) == 0) {
        struct timespec now = in_milliseconds(CLOCK_REALTIME, 0);

        if (now.tv_sec > deadline.tv_sec) {
            tap_kill(second);
            return true;
        }
        nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    }
    return status != 0;
}

static void test_killed_waiters(void)
{
    cpu_set_t all, one;
    int astray = 0;

    sched_getaffinity(0, sizeof(all), &all);
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    sched_setaffinity(0, sizeof(one), &one);
    sem_init(&shared->other, 1, 0);
    for (int i = 0; i < 30 && astray == 0; i++)
        astray += kill_and_post(i % 2);
    sched_setaffinity(0, sizeof(all), &all);
    tap_is(astray, 0, "a unit handed to one who is killed goes to the next who waits");
    tap_is(value_of(&shared->other), 0, "and none comes from nowhere");
}

static void test_names(void)
{
    char longest[NAME_MAX + 2];
    struct stat status;
    sem_t *sem, *again;

    memset(longest, 'x', sizeof longest);
    longest[0] = '/';
    longest[sizeof longest - 1] = '\0';
    sem_unlink("/tap");
    tap_ok(sem_open("/tap", 0) == SEM_FAILED && errno == ENOENT, "POSIX sem_open: ENOENT");
    tap_ok(sem_open("/a/b", O_CREAT, 0600, 0) == SEM_FAILED && errno == EINVAL, "POSIX sem_open: EINVAL, two slashes");
    tap_ok(sem_open("/", O_CREAT, 0600, 0) == SEM_FAILED && errno == EINVAL, "POSIX sem_open: EINVAL, no name");
    tap_ok(sem_open(longest, O_CREAT, 0600, 0) == SEM_FAILED && errno == ENAMETOOLONG, "POSIX sem_open: ENAMETOOLONG");
    tap_ok(sem_open("/tap", O_CREAT, 0600, (unsigned)SEM_VALUE_MAX + 1) == SEM_FAILED && errno == EINVAL,
           "POSIX sem_open: EINVAL, the value");
    sem = sem_open("/tap", O_CREAT | O_EXCL, 0640, 3);
    tap_ok(sem != SEM_FAILED, "sem_open with O_CREAT | O_EXCL");
    tap_is(value_of(sem), 3, "has the value");
    tap_ok(sem_open("/tap", O_CREAT | O_EXCL, 0600, 0) == SEM_FAILED && errno == EEXIST, "POSIX sem_open: EEXIST");
    again = sem_open("/tap", O_CREAT, 0600, 7);
    tap_ok(again == sem, "opened again it has the same address");
    tap_is(value_of(again), 3, "and the value that it had");
    tap_ok(stat("/dev/shm/sem.tap", &status) == 0 && (status.st_mode & 0777) == 0640, "it is a file of /dev/shm");
    tap_works(sem_unlink("/tap"), "sem_unlink");
    tap_fails(sem_unlink("/tap"), ENOENT, "POSIX sem_unlink: ENOENT");
    tap_works(sem_post(sem), "it lives on while it is open");
    tap_works(sem_close(again), "sem_close");
    tap_is(value_of(sem), 4, "is open still");
    tap_works(sem_close(sem), "sem_close");
    tap_fails(sem_close(sem), EINVAL, "POSIX sem_close: EINVAL");
    tap_ok(sem_open("/tap", 0) == SEM_FAILED && errno == ENOENT, "nothing has that name");
}

static int opens_as_guest(void *unused)
{
    (void)unused;
    if (setgid(1001) != 0 || setuid(1001) != 0)
        return 1;
    if (sem_open("/tap", 0) != SEM_FAILED || errno != EACCES)
        return 2;
    return sem_unlink("/tap") == -1 && errno == EACCES ? 0 : 3;
}

static int makes_and_removes(void *unused)
{
    (void)unused;
    do
        sem_close(sem_open("/tap-killed", O_CREAT, 0600, 1));
    while (sem_unlink("/tap-killed") == 0);
    return 1;
}

/* Names in /dev/shm, "." and ".." among them. */
static int count_names(void)
{
    DIR *dir = opendir("/dev/shm");
    int count = 0;

    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

static void test_killed_makers(void)
{
    int before = count_names();

    srand(1);
    for (int i = 0; i < 40; i++) {
        pid_t child = tap_start(makes_and_removes, NULL);

        usleep((useconds_t)(500 + rand() % 1000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        sem_unlink("/tap-killed");
    }
    tap_is(count_names(), before, "makers of semaphores that are killed (seed 1) leave no file");
}

static int takes_named(void *unused)
{
    sem_t *sem = sem_open("/tap", 0);

    (void)unused;
    return sem != SEM_FAILED && sem_wait(sem) == 0 ? 0 : 1;
}

static void test_named_between(void)
{
    sem_t *sem = sem_open("/tap", O_CREAT, 0600, 0);
    pid_t child;

    tap_is(tap_child_result(opens_as_guest, NULL), 0, "POSIX sem_open: EACCES, sem_unlink: EACCES (another user)");
    child = tap_start_asleep(takes_named, NULL);
    sem_post(sem);
    tap_is(tap_wait(child), 0, "a process that opened it by name is woken");
    sem_unlink("/tap");
    sem_close(sem);
}

int main(void)
{
    tap_begin();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_unnamed();
    test_deadlines();
    test_signals();
    test_order();
    test_priority();
    test_exclusion();
    test_killed_waiters();
    test_names();
    test_named_between();
    test_killed_makers();
    return tap_end();
}
