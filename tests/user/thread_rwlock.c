/*
 * thread_rwlock.c - locks for readers and writers: who gets in, who waits for whom, deadlines, processes; and many
 * threads at one lock.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "several.h"
#include "tap.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static volatile int order, reader_came, writer_came;

static void *try_to_read(void *unused)
{
    int error = pthread_rwlock_tryrdlock(&lock);

    (void)unused;
    if (error == 0)
        pthread_rwlock_unlock(&lock);
    return (void *)(long)error;
}

static void *try_to_write(void *unused)
{
    int error = pthread_rwlock_trywrlock(&lock);

    (void)unused;
    if (error == 0)
        pthread_rwlock_unlock(&lock);
    return (void *)(long)error;
}

static void *unlock_it(void *unused)
{
    (void)unused;
    return (void *)(long)pthread_rwlock_unlock(&lock);
}

static void *write_once(void *unused)
{
    int error = pthread_rwlock_wrlock(&lock);

    (void)unused;
    writer_came = ++order;
    pthread_rwlock_unlock(&lock);
    return (void *)(long)error;
}

static void *read_once(void *unused)
{
    int error = pthread_rwlock_rdlock(&lock);

    (void)unused;
    reader_came = ++order;
    pthread_rwlock_unlock(&lock);
    return (void *)(long)error;
}

static void *write_soon(void *unused)
{
    struct timespec soon = time_in(CLOCK_MONOTONIC, 50);

    (void)unused;
    return (void *)(long)pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &soon);
}

static void test_alone(void)
{
    struct timespec early = {0, 0}, bad = {0, -1};

    tap_is(pthread_rwlock_unlock(&lock), EPERM, "nobody has it: EPERM");
    tap_is(pthread_rwlock_rdlock(&lock) | pthread_rwlock_rdlock(&lock), 0, "a reader may have it twice");
    tap_is(in_thread(try_to_read, NULL), 0, "and others beside it");
    tap_is(in_thread(try_to_write, NULL), EBUSY, "POSIX pthread_rwlock_trywrlock: EBUSY, readers");
    tap_is(pthread_rwlock_timedwrlock(&lock, &early), ETIMEDOUT, "POSIX pthread_rwlock_timedwrlock: ETIMEDOUT");
    tap_is(pthread_rwlock_timedwrlock(&lock, &bad), EINVAL, "POSIX pthread_rwlock_timedwrlock: EINVAL");
    tap_is(in_thread(try_to_read, NULL), 0, "a writer that gave up holds nobody back");
    tap_is(pthread_rwlock_destroy(&lock), EBUSY, "destroy while it is held: EBUSY");
    tap_is(pthread_rwlock_unlock(&lock) | pthread_rwlock_unlock(&lock), 0, "given back as often");
    tap_is(pthread_rwlock_wrlock(&lock), 0, "a writer");
    tap_is(pthread_rwlock_wrlock(&lock), EDEADLK, "POSIX pthread_rwlock_wrlock: EDEADLK");
    tap_is(pthread_rwlock_rdlock(&lock), EDEADLK, "POSIX pthread_rwlock_rdlock: EDEADLK");
    tap_is(in_thread(try_to_read, NULL), EBUSY, "POSIX pthread_rwlock_tryrdlock: EBUSY");
    tap_is(in_thread(unlock_it, NULL), EPERM, "another cannot give it back: EPERM");
    tap_is(pthread_rwlock_unlock(&lock), 0, "its owner can");
    tap_is(pthread_rwlock_timedrdlock(&lock, &bad), 0, "a free one is taken whatever the deadline");
    pthread_rwlock_unlock(&lock);
}

static void test_order(void)
{
    pthread_t writer, reader;
    void *error;

    pthread_rwlock_rdlock(&lock);
    pthread_create(&writer, NULL, write_once, NULL);
    until_waiting(1);
    tap_is(in_thread(try_to_read, NULL), EBUSY, "a writer that waits holds readers back");
    pthread_create(&reader, NULL, read_once, NULL);
    until_waiting(2);
    pthread_rwlock_unlock(&lock);
    pthread_join(writer, NULL);
    pthread_join(reader, &error);
    tap_ok(writer_came == 1 && reader_came == 2 && error == NULL, "and comes before them");
    pthread_rwlock_rdlock(&lock);
    pthread_create(&writer, NULL, write_soon, NULL);
    until_waiting(1);
    pthread_create(&reader, NULL, read_once, NULL);
    pthread_join(writer, &error);
    tap_is((long)error, ETIMEDOUT, "a writer waits till its deadline");
    pthread_join(reader, &error);
    tap_ok(error == NULL && reader_came == 3, "then the readers come that it held back, beside the first");
    pthread_rwlock_unlock(&lock);
    tap_is(in_thread(try_to_write, NULL), 0, "the lock is free");
}

static void *try_to_read_with(void *priority)
{
    run_with((int)(long)priority);
    return try_to_read(NULL);
}

static void *read_with(void *priority)
{
    run_with((int)(long)priority);
    return read_once(NULL);
}

static void *write_with(void *priority)
{
    run_with((int)(long)priority);
    return write_once(NULL);
}

/* Those that wait for the lock, which the caller has: in the order in which they come. */
static pthread_t waiters[4];
static int waiting;

static void add_waiter(void *(*function)(void *), long priority)
{
    pthread_create(&waiters[waiting++], NULL, function, (void *)priority);
    until_waiting(waiting);
}

static void unlock_and_join(void)
{
    order = 0;
    pthread_rwlock_unlock(&lock);
    while (waiting > 0)
        pthread_join(waiters[--waiting], NULL);
}

static void test_priorities(void)
{
    pthread_rwlock_rdlock(&lock);
    add_waiter(write_with, 10);
    tap_is(in_thread(try_to_read_with, (void *)20), 0,
           "POSIX pthread_rwlock_rdlock: a writer of lower priority does not hold back a reader");
    tap_is(in_thread(try_to_read_with, (void *)10), EBUSY, "one of the same priority does");
    tap_is(in_thread(try_to_read, NULL), EBUSY, "and from a time-sharing reader");
    tap_is(in_thread(read_with, (void *)11), 0, "the reader waits for nobody");
    unlock_and_join();
    tap_is(writer_came, 1, "the writer gets it from the last reader");

    pthread_rwlock_wrlock(&lock);
    add_waiter(read_once, 0);
    add_waiter(write_with, 10);
    add_waiter(read_with, 20);
    unlock_and_join();
    tap_is(writer_came, 2,
           "POSIX pthread_rwlock_unlock: a reader of higher priority first, then the writer, then others");

    pthread_rwlock_wrlock(&lock);
    add_waiter(read_with, 10);
    add_waiter(write_with, 10);
    unlock_and_join();
    tap_ok(writer_came == 1 && reader_came == 2, "POSIX pthread_rwlock_unlock: of equals the writer first");
    tap_is(in_thread(try_to_write, NULL), 0, "the lock is free");
}

static int write_shared(void *shared)
{
    return pthread_rwlock_wrlock(shared);
}

static int read_shared(void *shared)
{
    return pthread_rwlock_rdlock(shared);
}

/* A lock that one process reads, and for which a writer was killed. */
static void test_killed(void)
{
    pthread_rwlock_t *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_rwlockattr_t attr;
    pid_t writer, reader;

    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    pthread_rwlock_init(shared, &attr);
    pthread_rwlock_rdlock(shared);
    writer = tap_start_asleep(write_shared, shared);
    reader = tap_start_asleep(read_shared, shared);
    tap_kill(writer);
    pthread_rwlock_unlock(shared);
    tap_is(tap_wait(reader), 0, "a writer that was killed while it waited holds nobody back");
    tap_is(pthread_rwlock_tryrdlock(shared), 0, "also later");
    pthread_rwlock_unlock(shared);
    munmap(shared, sizeof *shared);
}

static void test_attributes(void)
{
    pthread_rwlockattr_t attr;
    int shared = -1;

    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_getpshared(&attr, &shared);
    tap_is(shared, PTHREAD_PROCESS_PRIVATE, "one process's");
    tap_is(pthread_rwlockattr_setpshared(&attr, 7), EINVAL, "POSIX pthread_rwlockattr_setpshared: EINVAL");
    tap_is(pthread_rwlockattr_destroy(&attr), 0, "pthread_rwlockattr_destroy");
}

/* Shared by threads, or by processes. */
static struct crowd {
    pthread_rwlock_t lock;
    volatile int writers, readers, wrong;
    volatile long a, b;
    unsigned seed;
} * crowd;

static int member(void *number)
{
    unsigned seed = crowd->seed + (unsigned)(long)number;

    for (int i = 0; i < 800; i++) {
        struct timespec soon = time_in(CLOCK_REALTIME, 1);

        if (rand_r(&seed) % 4 == 0) {
            if (pthread_rwlock_timedwrlock(&crowd->lock, &soon) != 0)
                continue;
            crowd->wrong |= crowd->writers++ != 0 || crowd->readers != 0;
            crowd->a = crowd->a + 1;
            if (rand_r(&seed) % 16 == 0)
                sched_yield();
            crowd->b = crowd->b + 1;
            crowd->writers--;
        } else {
            if ((rand_r(&seed) % 8 == 0 ? pthread_rwlock_timedrdlock(&crowd->lock, &soon)
                                        : pthread_rwlock_rdlock(&crowd->lock)) != 0)
                continue;
            __atomic_add_fetch(&crowd->readers, 1, __ATOMIC_SEQ_CST);
            crowd->wrong |= crowd->a != crowd->b || crowd->writers != 0;
            __atomic_sub_fetch(&crowd->readers, 1, __ATOMIC_SEQ_CST);
        }
        pthread_rwlock_unlock(&crowd->lock);
    }
    return 0;
}

static void *thread_member(void *number)
{
    member(number);
    return NULL;
}

static void prepare(int shared)
{
    pthread_rwlockattr_t attr;

    pthread_rwlockattr_init(&attr);
    pthread_rwlockattr_setpshared(&attr, shared);
    *crowd = (struct crowd){.seed = (unsigned)(time(NULL) ^ getpid())};
    pthread_rwlock_init(&crowd->lock, &attr);
    tap_note("seed %u", crowd->seed);
}

static void judge(const char *who)
{
    tap_ok(!crowd->wrong && crowd->a == crowd->b && crowd->a > 0, "%s: a writer is alone, readers see no half", who);
    tap_is(pthread_rwlock_destroy(&crowd->lock), 0, "%s: the lock is free at the end", who);
}

static void test_crowds(void)
{
    pthread_t threads[6];
    pid_t children[4];

    crowd = mmap(NULL, sizeof *crowd, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    prepare(PTHREAD_PROCESS_PRIVATE);
    for (long i = 0; i < 6; i++)
        pthread_create(&threads[i], NULL, thread_member, (void *)i);
    for (int i = 0; i < 6; i++)
        pthread_join(threads[i], NULL);
    judge("threads");
    prepare(PTHREAD_PROCESS_SHARED);
    for (long i = 0; i < 4; i++)
        children[i] = tap_start(member, (void *)i);
    for (int i = 0; i < 4; i++)
        tap_wait(children[i]);
    judge("processes");
}

int main(void)
{
    tap_begin();
    test_alone();
    test_order();
    test_priorities();
    test_killed();
    test_attributes();
    test_crowds();
    return tap_end();
}
