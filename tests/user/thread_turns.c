/*
 * thread_turns.c - locks whose waiter is called and does not come, or late: its deadline passes just then, it is
 * killed, its CPU is busy.
 *
 * The conductor runs with a higher real-time priority than all others, on the first CPU, and they run there too: so
 * whom it wakes is awake and has not come, as long as the conductor does not sleep.
 */
#define _GNU_SOURCE
#include <abi/futex.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ask.h"
#include "several.h"
#include "tap.h"

enum { conductor = 30, patience = 20000 }; /* ms */

static void spin_until(struct timespec end)
{
    struct timespec now;

    do
        clock_gettime(CLOCK_MONOTONIC, &now);
    while (now.tv_sec < end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec < end.tv_nsec));
}

static struct timespec earlier(struct timespec time, long nanoseconds)
{
    time.tv_nsec -= nanoseconds;
    if (time.tv_nsec < 0) {
        time.tv_nsec += 1000000000;
        time.tv_sec--;
    }
    return time;
}

static volatile unsigned word;

static void *sleeps_for_word(void *unused)
{
    run_with(10);
    syscall(SYS_futex, &word, FUTEX_WAIT | FUTEX_PRIVATE, 0, NULL, NULL, 0);
    return unused;
}

static long first_priority(void)
{
    return syscall(SYS_futex, &word, FUTEX_PRIORITY | FUTEX_PRIVATE, 0, NULL, NULL, FUTEX_ALL_BITS);
}

static void do_nothing(int signal)
{
    (void)signal;
}

/* A signal has ended a sleep, and the sleeper has not run since. */
static void test_decided(void)
{
    pthread_t thread;

    signal(SIGUSR1, do_nothing);
    pthread_create(&thread, NULL, sleeps_for_word, NULL);
    until_waiting(1);
    tap_is(first_priority(), 10, "FUTEX_PRIORITY: who sleeps");
    pthread_kill(thread, SIGUSR1);
    tap_fails(first_priority(), ESRCH, "FUTEX_PRIORITY: one whose sleep has been ended cannot be woken");
    word = 1; /* with SA_RESTART it would begin again */
    pthread_join(thread, NULL);
}

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static struct timespec deadline;

/* With a higher priority than the other: so it is called first. */
static void *reads_in_time(void *unused)
{
    (void)unused;
    run_with(20);
    if (pthread_rwlock_clockrdlock(&lock, CLOCK_MONOTONIC, &deadline) == 0)
        pthread_rwlock_unlock(&lock);
    return NULL;
}

static void *writes_in_time(void *unused)
{
    (void)unused;
    run_with(20);
    if (pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &deadline) == 0)
        pthread_rwlock_unlock(&lock);
    return NULL;
}

static void *writes(void *unused)
{
    struct timespec end = time_in(CLOCK_MONOTONIC, patience);
    int error;

    (void)unused;
    run_with(10);
    error = pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &end);
    if (error == 0)
        pthread_rwlock_unlock(&lock);
    return (void *)(long)error;
}

static void *reads(void *unused)
{
    struct timespec end = time_in(CLOCK_MONOTONIC, patience);
    int error;

    (void)unused;
    run_with(10);
    error = pthread_rwlock_clockrdlock(&lock, CLOCK_MONOTONIC, &end);
    if (error == 0)
        pthread_rwlock_unlock(&lock);
    return (void *)(long)error;
}

/* Give the lock back so many ns before the first one's deadline.  What the other one was answered. */
static long unlock_before(void *(*first)(void *), void *(*other)(void *), long before)
{
    pthread_t timed, patient;
    struct timespec sleeping;
    void *error;

    pthread_rwlock_wrlock(&lock);
    pthread_create(&patient, NULL, other, NULL);
    until_waiting(1);
    deadline = time_in(CLOCK_MONOTONIC, 8);
    pthread_create(&timed, NULL, first, NULL);
    sleeping = earlier(deadline, 4000000); /* on a busy host it may be too late even then */
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &sleeping, NULL);
    spin_until(earlier(deadline, before));
    pthread_rwlock_unlock(&lock);
    pthread_join(timed, NULL);
    pthread_join(patient, &error);
    return (long)error;
}

/* The deadline comes at any instant of the unlock: before one is chosen, between that and the call, after it. */
static void test_deadlines(void)
{
    long wrong = 0;

    for (long before = 0; before <= 4000 && wrong == 0; before += 100)
        wrong = unlock_before(reads_in_time, writes, before);
    tap_is(wrong, 0, "a reader's deadline passes while it is called: the writer gets the lock");
    for (long before = 0; before <= 4000 && wrong == 0; before += 100)
        wrong = unlock_before(writes_in_time, reads, before);
    tap_is(wrong, 0, "a writer's deadline passes while it is called: the reader gets the lock");
}

static volatile int came, called, answered;

/* On another CPU than the conductor's. */
static void *tries_to_read(void *priority)
{
    long error;

    tap_bind(2);
    run_with((int)(long)priority);
    came = 1;
    while (!called)
        ;
    error = pthread_rwlock_tryrdlock(&lock);
    if (error == 0)
        pthread_rwlock_unlock(&lock);
    answered = 1;
    return (void *)error;
}

/* A writer of priority 10 has been called; what does a reader find? */
static long try_behind_writer(long priority)
{
    pthread_t reader, writer;
    void *error;

    came = called = answered = 0;
    pthread_rwlock_wrlock(&lock);
    pthread_create(&writer, NULL, writes, NULL);
    until_waiting(1);
    pthread_create(&reader, NULL, tries_to_read, (void *)priority);
    tap_until(is_set, (void *)&came);
    pthread_rwlock_unlock(&lock);
    called = 1;
    while (!answered)
        ;
    pthread_join(reader, &error);
    pthread_join(writer, NULL);
    return (long)error;
}

static void test_barging(void)
{
    if (sysconf(_SC_NPROCESSORS_ONLN) < 2) {
        tap_skip("a reader beside a writer that is on its way: there is one CPU");
        return;
    }
    tap_is(try_behind_writer(5), EBUSY,
           "POSIX pthread_rwlock_rdlock: a writer that was called holds back a reader of lower priority");
    tap_is(try_behind_writer(10), EBUSY, "and one of the same priority");
    tap_is(try_behind_writer(0), EBUSY, "and a time-sharing one");
    tap_is(try_behind_writer(11), 0, "but not one of higher priority");
}

/* Locks that processes share. */
static struct {
    pthread_rwlock_t lock;
    pthread_mutex_t mutex;
} * shared;

static int writes_shared(void *unused)
{
    (void)unused;
    run_with(10);
    return pthread_rwlock_wrlock(&shared->lock);
}

static int reads_shared(void *unused)
{
    struct timespec end = time_in(CLOCK_MONOTONIC, patience);

    (void)unused;
    run_with(0);
    return pthread_rwlock_clockrdlock(&shared->lock, CLOCK_MONOTONIC, &end);
}

static int tries_shared(void *unused)
{
    (void)unused;
    run_with(0);
    return pthread_rwlock_tryrdlock(&shared->lock);
}

static int locks_highly(void *unused)
{
    (void)unused;
    run_with(10);
    return pthread_mutex_lock(&shared->mutex);
}

static int locks_patiently(void *unused)
{
    struct timespec end = time_in(CLOCK_MONOTONIC, patience);

    (void)unused;
    run_with(0);
    return pthread_mutex_clocklock(&shared->mutex, CLOCK_MONOTONIC, &end);
}

static pid_t start_sleeping(int (*body)(void *))
{
    pid_t pid = tap_start(body, NULL);

    tap_until(waits_for_word, &pid);
    return pid;
}

/* A process is killed that was called and has not come. */
static void test_killed(void)
{
    pthread_rwlockattr_t attr;
    pid_t high, other;

    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    pthread_rwlock_init(&shared->lock, &attr);
    pthread_rwlock_wrlock(&shared->lock);
    high = start_sleeping(writes_shared);
    other = start_sleeping(reads_shared);
    pthread_rwlock_unlock(&shared->lock);
    kill(high, SIGKILL);
    tap_is(tap_wait(high), SIGKILL, "a writer is called, and killed before it comes");
    tap_is(tap_wait(other), 0, "the reader behind it gets the lock");

    pthread_rwlock_init(&shared->lock, &attr);
    pthread_rwlock_wrlock(&shared->lock);
    high = start_sleeping(writes_shared);
    pthread_rwlock_unlock(&shared->lock);
    tap_kill(high);
    tap_is(tap_child_result(tries_shared, NULL), 0, "and one that comes later, where nobody else waited");
}

static void test_killed_for_mutex(void)
{
    pthread_mutexattr_t attr;
    pid_t high, other;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&shared->mutex, &attr);

    pthread_mutex_lock(&shared->mutex);
    high = start_sleeping(locks_highly);
    other = start_sleeping(locks_patiently);
    pthread_mutex_unlock(&shared->mutex);
    kill(high, SIGKILL);
    tap_is(tap_wait(high), SIGKILL, "one is woken to lock a mutex, and killed before it does");
    tap_is(tap_wait(other), 0, "the next one gets the mutex");
}

static pthread_cond_t *condition;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static volatile int has_mutex;

static void *waits_for_condition(void *unused)
{
    run_with(10);
    pthread_mutex_lock(&mutex);
    has_mutex = 1;
    until_waiting(1); /* the conductor, for the mutex */
    pthread_cond_wait(condition, &mutex);
    pthread_mutex_unlock(&mutex);
    return unused;
}

static void make_condition(void)
{
    pthread_condattr_t attr;

    pthread_condattr_init(&attr);
    pthread_condattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    pthread_cond_init(condition, &attr);
}

/* Who waits has given the mutex back, and goes to sleep only after the condition was signalled, destroyed, and made
 * anew. */
static void test_condition(void)
{
    pthread_t thread;
    struct timespec end;

    condition = mmap(NULL, sizeof *condition, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    make_condition();
    pthread_create(&thread, NULL, waits_for_condition, NULL);
    tap_until(is_set, (void *)&has_mutex);
    pthread_mutex_lock(&mutex); /* is handed over as it goes to sleep */
    pthread_cond_signal(condition);
    pthread_cond_destroy(condition);
    make_condition();
    pthread_mutex_unlock(&mutex);
    end = time_in(CLOCK_REALTIME, patience);
    tap_is(
        pthread_timedjoin_np(thread, NULL, &end), 0,
        "POSIX pthread_cond_destroy: a shared condition may be made anew at once where one that was signalled stood");
    munmap(condition, sizeof *condition);
}

int main(void)
{
    tap_begin();
    tap_bind(1);
    run_with(conductor);
    test_decided();
    test_deadlines();
    test_barging();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_killed();
    test_killed_for_mutex();
    munmap(shared, sizeof *shared);
    test_condition();
    return tap_end();
}
