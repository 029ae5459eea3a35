/*
 * thread_mutex.c - mutexes of every kind: types, deadlines, robust ones whose owners end, ceilings, priorities that are
 * lent, mutexes shared by processes; and many threads at one mutex.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "several.h"
#include "tap.h"

struct kind {
    int type, robust, shared, protocol;
};

static void make(pthread_mutex_t *mutex, struct kind kind)
{
    pthread_mutexattr_t attr;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, kind.type);
    pthread_mutexattr_setrobust(&attr, kind.robust);
    pthread_mutexattr_setpshared(&attr, kind.shared);
    pthread_mutexattr_setprotocol(&attr, kind.protocol);
    pthread_mutex_init(mutex, &attr);
    pthread_mutexattr_destroy(&attr);
}

static void *try_it(void *mutex)
{
    int error = pthread_mutex_trylock(mutex);

    if (error == 0)
        pthread_mutex_unlock(mutex);
    return (void *)(long)error;
}

static void *unlock_it(void *mutex)
{
    return (void *)(long)pthread_mutex_unlock(mutex);
}

static void *lock_and_end(void *mutex)
{
    return (void *)(long)pthread_mutex_lock(mutex);
}

static void *lock_briefly(void *mutex)
{
    int error = pthread_mutex_lock(mutex);

    if (error == 0 || error == EOWNERDEAD)
        pthread_mutex_unlock(mutex);
    return (void *)(long)error;
}

static void test_attributes(void)
{
    pthread_mutexattr_t attr;
    int value = -1;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_gettype(&attr, &value);
    tap_is(value, PTHREAD_MUTEX_DEFAULT, "the usual type");
    pthread_mutexattr_getrobust(&attr, &value);
    tap_is(value, PTHREAD_MUTEX_STALLED, "not robust");
    pthread_mutexattr_getpshared(&attr, &value);
    tap_is(value, PTHREAD_PROCESS_PRIVATE, "one process's");
    pthread_mutexattr_getprotocol(&attr, &value);
    tap_is(value, PTHREAD_PRIO_NONE, "no protocol");
    tap_is(pthread_mutexattr_settype(&attr, 77), EINVAL, "POSIX pthread_mutexattr_settype: EINVAL");
    tap_is(pthread_mutexattr_setrobust(&attr, 77), EINVAL, "POSIX pthread_mutexattr_setrobust: EINVAL");
    tap_is(pthread_mutexattr_setpshared(&attr, 77), EINVAL, "POSIX pthread_mutexattr_setpshared: EINVAL");
    tap_is(pthread_mutexattr_setprotocol(&attr, 77), EINVAL, "POSIX pthread_mutexattr_setprotocol: EINVAL");
    tap_is(pthread_mutexattr_setprioceiling(&attr, 33), EINVAL, "POSIX pthread_mutexattr_setprioceiling: EINVAL");
    tap_is(pthread_mutexattr_setprioceiling(&attr, 7), 0, "pthread_mutexattr_setprioceiling");
    pthread_mutexattr_getprioceiling(&attr, &value);
    tap_is(value, 7, "pthread_mutexattr_getprioceiling");
    pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT);
    pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_PROTECT);
    pthread_mutexattr_getprotocol(&attr, &value);
    tap_is(value, PTHREAD_PRIO_PROTECT, "one protocol takes the other's place");
}

/* What holds for all kinds that are told from each other by what a second lock does. */
static void test_type(struct kind kind, const char *name)
{
    pthread_mutex_t mutex;
    bool recursive = kind.type == PTHREAD_MUTEX_RECURSIVE;

    make(&mutex, kind);
    tap_is(pthread_mutex_lock(&mutex), 0, "%s: lock", name);
    tap_is(in_thread(try_it, &mutex), EBUSY, "%s: POSIX pthread_mutex_trylock: EBUSY", name);
    tap_is(pthread_mutex_trylock(&mutex), recursive ? 0 : EBUSY, "%s: a second try of its owner", name);
    if (recursive)
        tap_is(pthread_mutex_unlock(&mutex), 0, "%s: one of two", name);
    if (kind.type == PTHREAD_MUTEX_ERRORCHECK)
        tap_is(pthread_mutex_lock(&mutex), EDEADLK, "%s: POSIX pthread_mutex_lock: EDEADLK", name);
    if (kind.type != PTHREAD_MUTEX_NORMAL || kind.robust)
        tap_is(in_thread(unlock_it, &mutex), EPERM, "%s: POSIX pthread_mutex_unlock: EPERM, another's", name);
    tap_is(pthread_mutex_destroy(&mutex), EBUSY, "%s: destroy while it is held: EBUSY", name);
    tap_is(pthread_mutex_unlock(&mutex), 0, "%s: unlock", name);
    if (kind.type != PTHREAD_MUTEX_NORMAL)
        tap_is(pthread_mutex_unlock(&mutex), EPERM, "%s: POSIX pthread_mutex_unlock: EPERM, nobody's", name);
    tap_is(in_thread(try_it, &mutex), 0, "%s: it is free", name);
    tap_is(pthread_mutex_destroy(&mutex), 0, "%s: destroy", name);
}

/* Those that are made without a call. */
static void test_initializers(void)
{
    static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
    static pthread_mutex_t checked = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

    pthread_mutex_lock(&recursive);
    tap_is(pthread_mutex_lock(&recursive), 0, "PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP");
    pthread_mutex_unlock(&recursive);
    tap_is(pthread_mutex_unlock(&recursive), 0, "given back twice");
    pthread_mutex_lock(&checked);
    tap_is(pthread_mutex_lock(&checked), EDEADLK, "PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP");
    pthread_mutex_unlock(&checked);
}

static void test_types(void)
{
    static const char *const types[] = {"normal", "recursive", "errorcheck"};
    char name[64];

    for (int type = 0; type < 3; type++) {
        for (int variant = 0; variant < 5; variant++) {
            struct kind kind = {type, variant == 1 || variant == 4, variant == 2,
                                variant >= 3 ? PTHREAD_PRIO_INHERIT : 0};

            snprintf(name, sizeof name, "%s%s%s%s", types[type], kind.robust ? ", robust" : "",
                     kind.shared ? ", shared" : "", kind.protocol ? ", inheriting" : "");
            test_type(kind, name);
        }
    }
}

static void test_deadlines(struct kind kind, const char *name)
{
    pthread_mutex_t mutex;
    struct timespec early = {0, 0}, bad = {0, 1000000000}, before = {-1, 0}, soon, now;

    make(&mutex, kind);
    tap_is(pthread_mutex_timedlock(&mutex, &bad), 0, "%s: a free one is taken whatever the deadline", name);
    tap_is(pthread_mutex_timedlock(&mutex, &bad), kind.type == PTHREAD_MUTEX_ERRORCHECK ? EDEADLK : EINVAL,
           "%s: POSIX pthread_mutex_timedlock: EINVAL (EDEADLK)", name);
    if (kind.type != PTHREAD_MUTEX_ERRORCHECK) {
        tap_is(pthread_mutex_timedlock(&mutex, &early), ETIMEDOUT, "%s: POSIX pthread_mutex_timedlock: ETIMEDOUT",
               name);
        tap_is(pthread_mutex_timedlock(&mutex, &before), ETIMEDOUT, "%s: a moment before 1970", name);
        soon = time_in(CLOCK_MONOTONIC, 20);
        tap_is(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &soon), ETIMEDOUT, "%s: on the other clock", name);
        clock_gettime(CLOCK_MONOTONIC, &now);
        tap_ok(now.tv_sec > soon.tv_sec || (now.tv_sec == soon.tv_sec && now.tv_nsec >= soon.tv_nsec),
               "%s: not before its time", name);
        tap_is(pthread_mutex_clocklock(&mutex, CLOCK_PROCESS_CPUTIME_ID, &soon), EINVAL, "%s: no such clock", name);
    }
    pthread_mutex_unlock(&mutex);
    pthread_mutex_destroy(&mutex);
}

static void test_waiting(struct kind kind, const char *name)
{
    pthread_mutex_t mutex;
    pthread_t threads[3];
    void *result;
    long errors = 0;

    make(&mutex, kind);
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, lock_briefly, &mutex);
    until_waiting(3);
    pthread_mutex_unlock(&mutex);
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], &result);
        errors += (long)result;
    }
    tap_is(errors, 0, "%s: three that wait get it one after the other", name);
    tap_is(pthread_mutex_destroy(&mutex), 0, "%s: and it is free", name);
}

static void test_robust(struct kind kind, const char *name)
{
    pthread_mutex_t mutex;
    pthread_t thread;
    void *result;

    make(&mutex, kind);
    tap_is(pthread_mutex_consistent(&mutex), EINVAL, "%s: POSIX pthread_mutex_consistent: EINVAL", name);
    in_thread(lock_and_end, &mutex);
    tap_is(pthread_mutex_trylock(&mutex), EOWNERDEAD, "%s: POSIX pthread_mutex_trylock: EOWNERDEAD", name);
    tap_is(pthread_mutex_consistent(&mutex), 0, "%s: put right", name);
    tap_is(pthread_mutex_unlock(&mutex), 0, "%s: given back", name);
    tap_is(pthread_mutex_lock(&mutex), 0, "%s: it is like any other again", name);
    pthread_mutex_unlock(&mutex);
    in_thread(lock_and_end, &mutex);
    tap_is(pthread_mutex_lock(&mutex), EOWNERDEAD, "%s: POSIX pthread_mutex_lock: EOWNERDEAD", name);
    pthread_create(&thread, NULL, lock_briefly, &mutex);
    until_waiting(1);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, &result);
    tap_is((long)result, ENOTRECOVERABLE, "%s: POSIX pthread_mutex_lock: ENOTRECOVERABLE, who waited", name);
    tap_is(pthread_mutex_lock(&mutex), ENOTRECOVERABLE, "%s: and who comes after", name);
    tap_is(pthread_mutex_trylock(&mutex), ENOTRECOVERABLE, "%s: POSIX pthread_mutex_trylock: ENOTRECOVERABLE", name);
    tap_is(pthread_mutex_destroy(&mutex), 0, "%s: it can be destroyed", name);
}

/* Several held at once, given back in another order. */
static void *hold_several(void *argument)
{
    pthread_mutex_t *mutexes = argument;

    for (int i = 0; i < 4; i++)
        pthread_mutex_lock(&mutexes[i]);
    pthread_mutex_unlock(&mutexes[1]);
    pthread_mutex_unlock(&mutexes[3]);
    return NULL;
}

static void test_several(void)
{
    pthread_mutex_t mutexes[4];
    int expected[4] = {EOWNERDEAD, 0, EOWNERDEAD, 0};

    for (int i = 0; i < 4; i++)
        make(&mutexes[i], (struct kind){.robust = 1, .protocol = i == 2 ? PTHREAD_PRIO_INHERIT : 0});
    in_thread(hold_several, mutexes);
    for (int i = 0; i < 4; i++)
        tap_is(pthread_mutex_lock(&mutexes[i]), expected[i],
               "of four the thread had given back the second and the last");
    for (int i = 0; i < 4; i++)
        pthread_mutex_unlock(&mutexes[i]);
}

/* Shared with children. */
static struct {
    pthread_mutex_t mutex;
    volatile long count;
    volatile int held;
} * shared;

static int hold_for_ever(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&shared->mutex);
    shared->held = 1;
    return pause();
}

static bool is_held(void *unused)
{
    (void)unused;
    return shared->held;
}

static int count_up(void *unused)
{
    (void)unused;
    for (int i = 0; i < 2000; i++) {
        if (pthread_mutex_lock(&shared->mutex) != 0)
            return 1;
        shared->count = shared->count + 1;
        pthread_mutex_unlock(&shared->mutex);
    }
    return 0;
}

static void test_processes(int protocol, const char *name)
{
    pid_t child, others[3];
    int wrong = 0;

    make(&shared->mutex, (struct kind){.robust = 1, .shared = 1, .protocol = protocol});
    shared->held = 0;
    shared->count = 0;
    for (int i = 0; i < 3; i++)
        others[i] = tap_start(count_up, NULL);
    for (int i = 0; i < 3; i++)
        wrong |= tap_wait(others[i]);
    tap_ok(wrong == 0 && shared->count == 6000, "%s: three processes count, and none is lost", name);
    child = tap_start(hold_for_ever, NULL);
    tap_until(is_held, NULL);
    tap_kill(child);
    tap_is(pthread_mutex_lock(&shared->mutex), EOWNERDEAD, "%s: whose owner was killed", name);
    pthread_mutex_consistent(&shared->mutex);
    pthread_mutex_unlock(&shared->mutex);
    tap_is(pthread_mutex_destroy(&shared->mutex), 0, "%s: is free again", name);
}

static int own_level(void)
{
    return priority_of(getpid());
}

/* The priority that a thread was given; in a thread that is made for that it is the inherited one. */
static void *given_priority(void *unused)
{
    struct sched_param param;
    int policy;

    (void)unused;
    pthread_getschedparam(pthread_self(), &policy, &param);
    return (void *)(long)(policy == SCHED_OTHER ? 0 : param.sched_priority);
}

static void *take_as_user(void *mutex)
{
    setuid(1000);
    return (void *)(long)pthread_mutex_lock(mutex);
}

static int lock_as_user(void *mutex)
{
    return (int)in_thread(take_as_user, mutex);
}

static int becomes_another_program(void *mutex)
{
    pthread_mutex_lock(mutex);
    execl("/proc/self/exe", "thread_mutex", "level", NULL);
    return -1;
}

/* The ceiling is none of the thread's own priority. */
static void test_ceiling_apart(pthread_mutex_t *ten)
{
    struct sched_param five = {.sched_priority = 5}, twelve = {.sched_priority = 12}, usual = {0};

    pthread_mutex_lock(ten);
    tap_is((long)given_priority(NULL), 0, "POSIX pthread_getschedparam: what it was given, not the ceiling");
    tap_is(in_thread(given_priority, NULL), 0, "a thread that is made meanwhile has not the ceiling");
    tap_is(pthread_setschedparam(pthread_self(), SCHED_FIFO, &five), 0, "it is given another priority meanwhile");
    tap_is(own_level(), 10, "and keeps the ceiling");
    tap_is(pthread_setschedparam(pthread_self(), SCHED_FIFO, &twelve), 0, "one above the ceiling");
    tap_is(own_level(), 12, "is above it");
    tap_is(pthread_setschedprio(pthread_self(), 7), 0, "and a lower one");
    tap_is(own_level(), 10, "is not");
    pthread_mutex_unlock(ten);
    tap_is(own_level(), 7, "the last one stays when the mutex is given back");
    pthread_setschedparam(pthread_self(), SCHED_OTHER, &usual);
    tap_is(tap_child_result(becomes_another_program, ten), 0, "exec leaves no ceiling");
}

static void test_ceilings(void)
{
    pthread_mutex_t low, high, none = PTHREAD_MUTEX_INITIALIZER;
    struct sched_param param = {.sched_priority = 12}, usual = {0};
    pthread_mutexattr_t attr;
    int old = 0;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_PROTECT);
    pthread_mutexattr_setprioceiling(&attr, 5);
    pthread_mutex_init(&low, &attr);
    pthread_mutexattr_setprioceiling(&attr, 10);
    pthread_mutex_init(&high, &attr);
    tap_is(pthread_mutex_lock(&low), 0, "a mutex with a ceiling of 5");
    tap_is(own_level(), 5, "lends it");
    pthread_mutex_lock(&high);
    tap_is(own_level(), 10, "one with 10 beside it lends that");
    pthread_mutex_unlock(&low);
    tap_is(own_level(), 10, "also when the other is given back");
    pthread_mutex_unlock(&high);
    tap_is(own_level(), 0, "with none it is as before");
    test_ceiling_apart(&high);
    tap_is(pthread_mutex_setprioceiling(&low, 8, &old), 0, "pthread_mutex_setprioceiling");
    tap_is(old, 5, "answers the old one");
    pthread_mutex_lock(&low);
    tap_is(own_level(), 8, "the new one counts");
    pthread_mutex_unlock(&low);
    tap_is(pthread_mutex_getprioceiling(&none, &old), EINVAL, "POSIX pthread_mutex_getprioceiling: EINVAL");
    tap_is(pthread_mutex_setprioceiling(&low, 99, &old), EINVAL, "POSIX pthread_mutex_setprioceiling: EINVAL");
    sched_setscheduler(0, SCHED_FIFO, &param);
    tap_is(pthread_mutex_lock(&low), EINVAL, "POSIX pthread_mutex_lock: EINVAL, a priority above the ceiling");
    sched_setscheduler(0, SCHED_OTHER, &usual);
    tap_is(tap_child_result(lock_as_user, &low), EPERM, "who may not have such a priority does not get it: EPERM");
    tap_is(pthread_mutex_trylock(&low), 0, "a lock that failed has left nothing");
    pthread_mutex_unlock(&low);
}

#define THREADS 6
static struct {
    pthread_mutex_t mutex;
    volatile long count;
    volatile int inside, wrong;
    unsigned seed;
} crowd;

static void *crowd_member(void *number)
{
    unsigned seed = crowd.seed + (unsigned)(long)number;
    long done = 0;

    for (int i = 0; i < 1500; i++) {
        struct timespec soon = time_in(CLOCK_REALTIME, 1);
        int way = rand_r(&seed) % 4;
        int error = way == 0   ? pthread_mutex_trylock(&crowd.mutex)
                    : way == 1 ? pthread_mutex_timedlock(&crowd.mutex, &soon)
                               : pthread_mutex_lock(&crowd.mutex);

        if (error != 0) {
            crowd.wrong |= !(error == EBUSY && way == 0) && !(error == ETIMEDOUT && way == 1);
            continue;
        }
        crowd.wrong |= crowd.inside++ != 0;
        crowd.count = crowd.count + 1;
        if (rand_r(&seed) % 64 == 0)
            sched_yield();
        crowd.inside--;
        pthread_mutex_unlock(&crowd.mutex);
        done++;
    }
    return (void *)done;
}

static void test_crowd(struct kind kind, const char *name)
{
    pthread_t threads[THREADS];
    void *done;
    long sum = 0;

    make(&crowd.mutex, kind);
    crowd.count = 0;
    crowd.seed = (unsigned)(time(NULL) ^ getpid());
    tap_note("seed %u", crowd.seed);
    for (long i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, crowd_member, (void *)i);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &done);
        sum += (long)done;
    }
    tap_ok(!crowd.wrong && crowd.count == sum, "%s: six threads, never two inside, no count lost", name);
    tap_is(pthread_mutex_destroy(&crowd.mutex), 0, "%s: it is free at the end", name);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "level") == 0)
        return own_level();
    tap_begin();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_attributes();
    test_initializers();
    test_types();
    test_deadlines((struct kind){0}, "normal");
    test_deadlines((struct kind){.robust = 1}, "robust");
    test_deadlines((struct kind){.protocol = PTHREAD_PRIO_INHERIT}, "inheriting");
    test_deadlines((struct kind){.type = PTHREAD_MUTEX_ERRORCHECK}, "errorcheck");
    test_waiting((struct kind){0}, "normal");
    test_waiting((struct kind){.type = PTHREAD_MUTEX_RECURSIVE, .shared = 1}, "recursive, shared");
    test_waiting((struct kind){.protocol = PTHREAD_PRIO_INHERIT}, "inheriting");
    test_robust((struct kind){.robust = 1}, "robust");
    test_robust((struct kind){.robust = 1, .protocol = PTHREAD_PRIO_INHERIT}, "robust, inheriting");
    test_robust((struct kind){.robust = 1, .type = PTHREAD_MUTEX_RECURSIVE, .shared = 1}, "robust, recursive, shared");
    test_several();
    test_processes(PTHREAD_PRIO_NONE, "shared");
    test_processes(PTHREAD_PRIO_INHERIT, "shared, inheriting");
    test_ceilings();
    test_crowd((struct kind){0}, "normal");
    test_crowd((struct kind){.type = PTHREAD_MUTEX_ERRORCHECK, .robust = 1}, "robust");
    test_crowd((struct kind){.protocol = PTHREAD_PRIO_INHERIT}, "inheriting");
    return tap_end();
}
