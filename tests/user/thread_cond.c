/*
 * thread_cond.c - condition variables: signal, broadcast, deadlines on both clocks, cancellation, mutexes of all kinds,
 * processes, destruction at once; and many threads at a small store.
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

#include "ask.h"
#include "several.h"
#include "tap.h"

#define THREADS 5

struct place {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    volatile int open, inside, passed;
};

static void make(struct place *p, int protocol, int robust, int is_shared)
{
    pthread_mutexattr_t mutex;
    pthread_condattr_t cond;

    pthread_mutexattr_init(&mutex);
    pthread_condattr_init(&cond);
    pthread_mutexattr_setprotocol(&mutex, protocol);
    pthread_mutexattr_setrobust(&mutex, robust);
    pthread_mutexattr_setpshared(&mutex, is_shared);
    pthread_condattr_setpshared(&cond, is_shared);
    pthread_mutex_init(&p->mutex, &mutex);
    pthread_cond_init(&p->cond, &cond);
    p->open = p->inside = p->passed = 0;
}

/* Waits until one of those that may pass; the answer is the error. */
static void *pass(void *argument)
{
    struct place *p = argument;
    int error = pthread_mutex_lock(&p->mutex);

    p->inside++;
    while (p->open == 0 && error == 0)
        error = pthread_cond_wait(&p->cond, &p->mutex);
    p->open--;
    p->passed++;
    pthread_mutex_unlock(&p->mutex);
    return (void *)(long)error;
}

static void let_pass(struct place *p, int many, bool with_mutex)
{
    pthread_mutex_lock(&p->mutex);
    p->open += many;
    if (!with_mutex)
        pthread_mutex_unlock(&p->mutex);
    if (many == 1)
        pthread_cond_signal(&p->cond);
    else
        pthread_cond_broadcast(&p->cond);
    if (with_mutex)
        pthread_mutex_unlock(&p->mutex);
}

static void test_wakes(int protocol, int robust, int is_shared, const char *name)
{
    struct place p;
    pthread_t threads[THREADS];
    void *error;
    long errors = 0;

    make(&p, protocol, robust, is_shared);
    tap_is(pthread_cond_signal(&p.cond) | pthread_cond_broadcast(&p.cond), 0, "%s: for nobody", name);
    for (int way = 0; way < 2; way++) {
        for (int i = 0; i < THREADS; i++)
            pthread_create(&threads[i], NULL, pass, &p);
        until_waiting(THREADS);
        let_pass(&p, 1, way);
        until_waiting(THREADS - 1);
        let_pass(&p, THREADS - 1, way);
        for (int i = 0; i < THREADS; i++) {
            pthread_join(threads[i], &error);
            errors += (long)error;
        }
    }
    tap_ok(errors == 0 && p.passed == 2 * THREADS && p.open == 0, "%s: one by a signal, the rest by a broadcast", name);
    tap_is(pthread_cond_destroy(&p.cond), 0, "%s: destroy", name);
    tap_is(pthread_mutex_destroy(&p.mutex), 0, "%s: and the mutex is free", name);
}

static void test_deadline(clockid_t clock, const char *name)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    struct timespec soon, now, bad = {0, -1}, before = {-5, 0};
    pthread_condattr_t attr;
    clockid_t found;
    pthread_cond_t cond;

    pthread_condattr_init(&attr);
    tap_is(pthread_condattr_setclock(&attr, clock), 0, "%s: pthread_condattr_setclock", name);
    tap_is(pthread_condattr_setclock(&attr, CLOCK_PROCESS_CPUTIME_ID), EINVAL,
           "%s: POSIX pthread_condattr_setclock: EINVAL", name);
    tap_ok(pthread_condattr_getclock(&attr, &found) == 0 && found == clock, "%s: pthread_condattr_getclock", name);
    pthread_cond_init(&cond, &attr);
    pthread_mutex_lock(&mutex);
    soon = time_in(clock, 20);
    tap_is(pthread_cond_timedwait(&cond, &mutex, &soon), ETIMEDOUT, "%s: POSIX pthread_cond_timedwait: ETIMEDOUT",
           name);
    clock_gettime(clock, &now);
    tap_ok(now.tv_sec > soon.tv_sec || (now.tv_sec == soon.tv_sec && now.tv_nsec >= soon.tv_nsec),
           "%s: not before its time", name);
    tap_is(pthread_mutex_trylock(&mutex), EBUSY, "%s: with the mutex taken again", name);
    tap_is(pthread_cond_timedwait(&cond, &mutex, &bad), EINVAL, "%s: POSIX pthread_cond_timedwait: EINVAL", name);
    tap_is(pthread_cond_timedwait(&cond, &mutex, &before), ETIMEDOUT, "%s: long ago", name);
    tap_is(pthread_cond_clockwait(&cond, &mutex, CLOCK_MONOTONIC, &(struct timespec){0, 1}), ETIMEDOUT,
           "%s: on a clock of the call's", name);
    pthread_mutex_unlock(&mutex);
    tap_is(pthread_cond_destroy(&cond), 0, "%s: who gave up is not counted", name);
}

static void test_not_mine(void)
{
    pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
    pthread_mutexattr_t attr;
    pthread_mutex_t mutex;

    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&mutex, &attr);
    tap_is(pthread_cond_wait(&cond, &mutex), EPERM, "POSIX pthread_cond_wait: EPERM");
    tap_is(pthread_cond_destroy(&cond), 0, "which leaves nothing");
}

static volatile int had_mutex;

static void look(void *argument)
{
    struct place *p = argument;

    had_mutex = pthread_mutex_trylock(&p->mutex) == EBUSY;
    pthread_mutex_unlock(&p->mutex);
}

static void *wait_for_ever(void *argument)
{
    struct place *p = argument;

    pthread_mutex_lock(&p->mutex);
    pthread_cleanup_push(look, p);
    for (;;)
        pthread_cond_wait(&p->cond, &p->mutex);
    pthread_cleanup_pop(0);
    return NULL;
}

static void test_cancel(void)
{
    struct place p;
    pthread_t thread;
    void *result;

    make(&p, 0, 0, 0);
    pthread_create(&thread, NULL, wait_for_ever, &p);
    until_waiting(1);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    tap_ok(result == PTHREAD_CANCELED, "POSIX pthread_cond_wait: a cancellation point");
    tap_ok(had_mutex, "which has the mutex again for the cleanup functions");
    tap_is(pthread_cond_destroy(&p.cond), 0, "and leaves nothing");
}

static struct place *shared;

static int waits_for_ever(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&shared->mutex);
    return pthread_cond_wait(&shared->cond, &shared->mutex);
}

static int destroys_shared(void *unused)
{
    (void)unused;
    alarm(20);
    return pthread_cond_destroy(&shared->cond);
}

static void test_killed(void)
{
    pid_t child;

    make(shared, 0, 0, PTHREAD_PROCESS_SHARED);
    child = tap_start_asleep(waits_for_ever, NULL);
    tap_kill(child);
    tap_is(tap_child_result(destroys_shared, NULL), 0, "a process that waited was killed: pthread_cond_destroy");
}

static int pass_in_child(void *unused)
{
    (void)unused;
    return pass(shared) == NULL ? 0 : 1;
}

static bool all_inside(void *unused)
{
    bool all;

    (void)unused;
    pthread_mutex_lock(&shared->mutex);
    all = shared->inside == 3;
    pthread_mutex_unlock(&shared->mutex);
    return all;
}

static void test_processes(void)
{
    pid_t children[3];
    int status = 0;

    make(shared, 0, 0, PTHREAD_PROCESS_SHARED);
    for (int i = 0; i < 3; i++)
        children[i] = tap_start(pass_in_child, NULL);
    tap_until(all_inside, NULL);
    let_pass(shared, 1, true);
    let_pass(shared, 2, false);
    for (int i = 0; i < 3; i++)
        status |= tap_wait(children[i]);
    tap_is(status, 0, "three processes pass");
    tap_is(pthread_cond_destroy(&shared->cond), 0, "and none is counted any more");
}

/* Destroyed as soon as all have been woken, with the memory overwritten behind that. */
static void test_destroy(void)
{
    pthread_t threads[THREADS];
    bool right = true;

    for (int round = 0; round < 30; round++) {
        struct place *p = malloc(sizeof *p);

        make(p, 0, 0, 0);
        for (int i = 0; i < THREADS; i++)
            pthread_create(&threads[i], NULL, pass, p);
        until_waiting(THREADS);
        pthread_mutex_lock(&p->mutex);
        p->open = THREADS;
        for (int i = 0; i < THREADS && round % 2; i++)
            pthread_cond_signal(&p->cond);
        pthread_cond_broadcast(&p->cond);
        pthread_cond_destroy(&p->cond);
        overwrite(&p->cond, sizeof p->cond);
        pthread_mutex_unlock(&p->mutex);
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        right = is_overwritten(&p->cond, sizeof p->cond) && right;
        free(p);
    }
    tap_ok(right, "destroyed right behind the wakes with the mutex held, and left alone after");
}

#define ITEMS 3000
static struct {
    pthread_mutex_t mutex;
    pthread_cond_t not_empty, not_full;
    int items[4], count;
    long put, taken;
    unsigned seed;
} store = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER, {0}, 0, 0, 0, 0};

static void *produce(void *number)
{
    unsigned seed = store.seed + (unsigned)(long)number;
    bool early;

    for (int i = 0; i < ITEMS; i++) {
        pthread_mutex_lock(&store.mutex);
        while (store.count == 4)
            pthread_cond_wait(&store.not_full, &store.mutex);
        store.items[store.count++] = i;
        store.put += i;
        early = rand_r(&seed) % 2;
        if (early)
            pthread_mutex_unlock(&store.mutex);
        if (rand_r(&seed) % 7 == 0)
            pthread_cond_broadcast(&store.not_empty);
        else
            pthread_cond_signal(&store.not_empty);
        if (!early)
            pthread_mutex_unlock(&store.mutex);
    }
    return NULL;
}

static void *consume(void *unused)
{
    (void)unused;
    for (int i = 0; i < ITEMS; i++) {
        struct timespec later = time_in(CLOCK_REALTIME, 30000);

        pthread_mutex_lock(&store.mutex);
        while (store.count == 0) {
            if (pthread_cond_timedwait(&store.not_empty, &store.mutex, &later) == ETIMEDOUT) {
                pthread_mutex_unlock(&store.mutex);
                return (void *)1L;
            }
        }
        store.taken += store.items[--store.count];
        pthread_cond_signal(&store.not_full);
        pthread_mutex_unlock(&store.mutex);
    }
    return NULL;
}

static void test_store(void)
{
    pthread_t threads[6];
    void *result;
    long missed = 0;

    store.seed = (unsigned)(time(NULL) ^ getpid());
    tap_note("seed %u", store.seed);
    for (long i = 0; i < 6; i++)
        pthread_create(&threads[i], NULL, i % 2 ? produce : consume, (void *)i);
    for (int i = 0; i < 6; i++) {
        pthread_join(threads[i], &result);
        missed += (long)result;
    }
    tap_ok(missed == 0 && store.put == store.taken && store.count == 0,
           "three put, three take, and no wake-up is missed");
}

/* As it is while a thread that was woken has not left yet: destroying it waits for that one. */
static pthread_cond_t counted = {{0, 1}};

static int destroys(void *unused)
{
    (void)unused;
    return pthread_cond_destroy(&counted);
}

static void test_why(void)
{
    pid_t pid = tap_start(destroys, NULL);
    char command[32], line[256] = "";
    FILE *why;

    tap_until(waits_for_word, &pid);
    snprintf(command, sizeof command, "why %d", (int)pid);
    why = popen(command, "r");
    fgets(line, sizeof line, why);
    pclose(why);
    tap_ok(strstr(line, ": waits for a change of word ") != NULL,
           "why takes the count of a destroyed condition for no mutex: %s", strtok(line, "\n"));
    tap_kill(pid);
}

int main(void)
{
    tap_begin();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_wakes(PTHREAD_PRIO_NONE, 0, 0, "normal");
    test_wakes(PTHREAD_PRIO_NONE, 1, 0, "robust");
    test_wakes(PTHREAD_PRIO_INHERIT, 0, 0, "inheriting");
    test_wakes(PTHREAD_PRIO_NONE, 0, 1, "shared");
    test_deadline(CLOCK_REALTIME, "real time");
    test_deadline(CLOCK_MONOTONIC, "monotonic");
    test_not_mine();
    test_cancel();
    test_processes();
    test_killed();
    test_destroy();
    test_store();
    test_why();
    return tap_end();
}
