/*
 * thread_barrier.c - barriers, spinlocks, and what ISO C11 calls threads, mutexes and conditions.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#include "several.h"
#include "tap.h"

#define THREADS 5
#define ROUNDS 200

static struct meeting {
    pthread_barrier_t barrier;
    volatile int came[ROUNDS], serial, wrong;
} * meeting;

static int meet(void *unused)
{
    (void)unused;
    for (int round = 0; round < ROUNDS; round++) {
        __atomic_add_fetch(&meeting->came[round], 1, __ATOMIC_SEQ_CST);
        int answer = pthread_barrier_wait(&meeting->barrier);

        if (answer == PTHREAD_BARRIER_SERIAL_THREAD)
            __atomic_add_fetch(&meeting->serial, 1, __ATOMIC_SEQ_CST);
        if (meeting->came[round] != THREADS || (answer != 0 && answer != PTHREAD_BARRIER_SERIAL_THREAD))
            meeting->wrong = 1;
    }
    return 0;
}

static void *thread_meet(void *unused)
{
    meet(unused);
    return NULL;
}

static void prepare(int shared)
{
    pthread_barrierattr_t attr;

    memset(meeting, 0, sizeof *meeting);
    pthread_barrierattr_init(&attr);
    tap_is(pthread_barrierattr_setpshared(&attr, shared), 0, "pthread_barrierattr_setpshared");
    tap_is(pthread_barrier_init(&meeting->barrier, &attr, THREADS), 0, "pthread_barrier_init");
}

static void judge(const char *who)
{
    tap_ok(!meeting->wrong, "%s: nobody passes before all have come", who);
    tap_is(meeting->serial, ROUNDS, "%s: one of them is told so in each round", who);
    tap_is(pthread_barrier_destroy(&meeting->barrier), 0, "%s: destroy", who);
}

static void test_barriers(void)
{
    pthread_t threads[THREADS];
    pid_t children[THREADS];

    meeting = mmap(NULL, sizeof *meeting, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    tap_is(pthread_barrier_init(&meeting->barrier, NULL, 0), EINVAL, "POSIX pthread_barrier_init: EINVAL");
    prepare(PTHREAD_PROCESS_PRIVATE);
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, thread_meet, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    judge("threads");
    prepare(PTHREAD_PROCESS_SHARED);
    for (int i = 0; i < THREADS; i++)
        children[i] = tap_start(meet, NULL);
    for (int i = 0; i < THREADS; i++)
        tap_wait(children[i]);
    judge("processes");
}

static void *wait_once(void *barrier)
{
    return (void *)(long)pthread_barrier_wait(barrier);
}

/* One thread destroys the barrier as soon as it has passed, while the others are on their way out. */
static void test_destroy(void)
{
    pthread_t threads[3];
    bool right = true;

    for (int round = 0; round < 50; round++) {
        pthread_barrier_t *barrier = malloc(sizeof *barrier);

        pthread_barrier_init(barrier, NULL, 4);
        for (int i = 0; i < 3; i++)
            pthread_create(&threads[i], NULL, wait_once, barrier);
        if (round == 0) {
            until_waiting(3);
            tap_is(pthread_barrier_destroy(barrier), EBUSY, "destroy while some wait: EBUSY");
        }
        pthread_barrier_wait(barrier);
        right = pthread_barrier_destroy(barrier) == 0 && right;
        overwrite(barrier, sizeof *barrier);
        for (int i = 0; i < 3; i++)
            pthread_join(threads[i], NULL);
        right = is_overwritten(barrier, sizeof *barrier) && right;
        free(barrier);
    }
    tap_ok(right, "destroyed straight behind the wait, and left alone after");
}

static void make_shared(unsigned total)
{
    pthread_barrierattr_t attr;

    pthread_barrierattr_init(&attr);
    pthread_barrierattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    pthread_barrier_init(&meeting->barrier, &attr, total);
}

static int waits_in_process(void *unused)
{
    (void)unused;
    return pthread_barrier_wait(&meeting->barrier);
}

static int destroys(void *unused)
{
    (void)unused;
    alarm(20);
    return pthread_barrier_destroy(&meeting->barrier);
}

/* One that has been woken but is stopped is killed before it has left. */
static void test_killed(void)
{
    pid_t child;

    make_shared(2);
    child = tap_start_asleep(waits_in_process, NULL);
    kill(child, SIGSTOP);
    waitpid(child, NULL, WUNTRACED);
    pthread_barrier_wait(&meeting->barrier);
    tap_kill(child);
    tap_is(tap_child_result(destroys, NULL), 0, "a process that was leaving was killed: pthread_barrier_destroy");
}

/* A barrier is made anew while another process is on its way out of the one before. */
static void test_made_anew(void)
{
    int right = 0;

    for (int i = 0; i < 50; i++) {
        pid_t child;

        make_shared(2);
        child = tap_start(waits_in_process, NULL);
        pthread_barrier_wait(&meeting->barrier);
        pthread_barrier_destroy(&meeting->barrier);
        make_shared(2);
        right += WIFEXITED(tap_wait(child));
    }
    tap_is(right, 50, "processes leave a barrier that is made anew at once");
}

static void *waits_lowly(void *barrier)
{
    run_with(10);
    pthread_barrier_wait(barrier);
    return NULL;
}

/* One thread is last, and gives the memory back before the one that waited has run. */
static int unmaps_at_once(void *unused)
{
    pthread_t thread;

    (void)unused;
    alarm(20);
    tap_bind(1);
    run_with(20);
    make_shared(2);
    pthread_create(&thread, NULL, waits_lowly, &meeting->barrier);
    until_waiting(1);
    pthread_barrier_wait(&meeting->barrier);
    pthread_barrier_destroy(&meeting->barrier);
    munmap(meeting, sizeof *meeting);
    return pthread_join(thread, NULL);
}

static void test_unmapped(void)
{
    tap_is(tap_child_result(unmaps_at_once, NULL), 0,
           "POSIX pthread_barrier_destroy: a shared one may be gone before all have left");
}

static pthread_spinlock_t spin;
static volatile long count;

static void *spin_up(void *unused)
{
    (void)unused;
    for (int i = 0; i < 5000; i++) {
        pthread_spin_lock(&spin);
        count = count + 1;
        pthread_spin_unlock(&spin);
    }
    return NULL;
}

static void *try_spin(void *unused)
{
    (void)unused;
    return (void *)(long)pthread_spin_trylock(&spin);
}

static void test_spin(void)
{
    pthread_t threads[4];

    tap_is(pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE), 0, "pthread_spin_init");
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, spin_up, NULL);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    tap_is(count, 20000, "four threads count, and none is lost");
    tap_is(pthread_spin_unlock(&spin), EPERM, "nobody has it: EPERM");
    pthread_spin_lock(&spin);
    tap_is(pthread_spin_lock(&spin), EDEADLK, "POSIX pthread_spin_lock: EDEADLK");
    tap_is(in_thread(try_spin, NULL), EBUSY, "POSIX pthread_spin_trylock: EBUSY");
    pthread_spin_unlock(&spin);
    tap_is(pthread_spin_destroy(&spin), 0, "pthread_spin_destroy");
}

static mtx_t mutex;
static cnd_t cond;
static volatile int ready;

static int c11_thread(void *argument)
{
    mtx_lock(&mutex);
    while (!ready)
        cnd_wait(&cond, &mutex);
    mtx_unlock(&mutex);
    if (argument == NULL)
        thrd_exit(-7);
    return 42;
}

static once_flag once = ONCE_FLAG_INIT;
static int begun;
static tss_t data;

static void begin(void)
{
    begun++;
}

static int other_data(void *unused)
{
    call_once(&once, begin);
    return tss_get(data) == unused && tss_set(data, &once) == thrd_success && tss_get(data) == &once;
}

static void test_c11_once(void)
{
    thrd_t thread;
    int answer = 0;

    tap_is(tss_create(&data, NULL), thrd_success, "tss_create");
    tap_is(tss_set(data, &data), thrd_success, "tss_set");
    call_once(&once, begin);
    thrd_create(&thread, other_data, NULL);
    tap_ok(thrd_join(thread, &answer) == thrd_success && answer == 1, "another thread has its own");
    tap_ok(tss_get(data) == &data, "tss_get");
    tap_is(begun, 1, "call_once");
    tss_delete(data);
}

static void test_c11(void)
{
    struct timespec past = {1, 0}, instant = {0, 1000};
    thrd_t threads[2];
    int answer = 0;

    tap_is(mtx_init(&mutex, mtx_timed), thrd_success, "mtx_init");
    tap_is(mtx_init(&mutex, 77), thrd_error, "of a type that there is not");
    tap_is(cnd_init(&cond), thrd_success, "cnd_init");
    tap_is(thrd_create(&threads[0], c11_thread, &cond), thrd_success, "thrd_create");
    tap_is(thrd_create(&threads[1], c11_thread, NULL), thrd_success, "another");
    until_waiting(2);
    mtx_lock(&mutex);
    tap_is(mtx_trylock(&mutex), thrd_busy, "mtx_trylock");
    tap_is(mtx_timedlock(&mutex, &past), thrd_timedout, "mtx_timedlock");
    tap_is(cnd_timedwait(&cond, &mutex, &past), thrd_timedout, "cnd_timedwait");
    ready = 1;
    tap_is(cnd_signal(&cond), thrd_success, "cnd_signal");
    tap_is(cnd_broadcast(&cond), thrd_success, "cnd_broadcast");
    tap_is(mtx_unlock(&mutex), thrd_success, "mtx_unlock");
    tap_ok(thrd_join(threads[0], &answer) == thrd_success && answer == 42, "thrd_join");
    tap_ok(thrd_join(threads[1], &answer) == thrd_success && answer == -7, "thrd_exit");
    cnd_destroy(&cond);
    mtx_destroy(&mutex);
    mtx_init(&mutex, mtx_plain | mtx_recursive);
    tap_ok(mtx_lock(&mutex) == thrd_success && mtx_trylock(&mutex) == thrd_success, "mtx_recursive");
    mtx_unlock(&mutex);
    mtx_unlock(&mutex);
    tap_ok(thrd_equal(thrd_current(), thrd_current()), "thrd_current");
    tap_is(thrd_sleep(&instant, NULL), 0, "thrd_sleep");
    thrd_yield();
}

int main(void)
{
    tap_begin();
    test_barriers();
    test_destroy();
    test_killed();
    test_made_anew();
    test_unmapped();
    test_spin();
    test_c11();
    test_c11_once();
    return tap_end();
}
