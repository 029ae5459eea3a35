/*
 * thread_create.c - threads of the library: create, join, detach, exit, self.
 */
#define _GNU_SOURCE
#include <abi/futex.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static void *answers(void *argument)
{
    return argument;
}

static void *exits(void *argument)
{
    pthread_exit(argument);
}

static void test_join(void)
{
    static int something;
    void *result = NULL;
    pthread_t thread;

    tap_is(pthread_create(&thread, NULL, answers, &something), 0, "pthread_create");
    tap_is(pthread_join(thread, &result), 0, "pthread_join");
    tap_ok(result == &something, "answers what the thread's function returned");
    pthread_create(&thread, NULL, exits, &result);
    pthread_join(thread, &result);
    tap_ok(result == &result, "or gave to pthread_exit");
    pthread_create(&thread, NULL, answers, NULL);
    tap_is(pthread_join(thread, NULL), 0, "the result may be left alone");
    tap_is(pthread_join(pthread_self(), NULL), EDEADLK, "POSIX pthread_join: EDEADLK");
}

static __thread int own = 7;
static __thread char zeros[100];

static void *checks_variables(void *unused)
{
    uintptr_t wrong = own != 7 || errno != 0;

    (void)unused;
    for (unsigned i = 0; i < sizeof zeros; i++)
        wrong |= zeros[i] != 0;
    own = 8;
    errno = 9;
    zeros[sizeof zeros - 1] = 1;
    return (void *)wrong;
}

static void test_variables(void)
{
    int wrong = 0;

    own = 1;
    for (int i = 0; i < 100; i++) {
        void *result;
        pthread_t thread;

        pthread_create(&thread, NULL, checks_variables, NULL);
        pthread_join(thread, &result);
        wrong += result != NULL;
    }
    tap_is(wrong, 0, "each thread begins with __thread variables and an errno of its own, in used memory too");
    tap_is(own, 1, "the first one's are its own");
}

static pthread_t told;

static void *tells_itself(void *unused)
{
    (void)unused;
    told = pthread_self();
    return NULL;
}

static void test_self(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, tells_itself, NULL);
    tap_ok(!pthread_equal(thread, pthread_self()), "another thread is another");
    pthread_join(thread, NULL);
    tap_ok(pthread_equal(thread, told), "pthread_self");
}

static volatile int go, ended;

/* It sleeps: hundreds that spin would keep a CPU busy for long. */
static void *waits_for_go(void *unused)
{
    while (!go)
        syscall(SYS_futex, &go, FUTEX_WAIT, 0, NULL, NULL, 0);
    __atomic_fetch_add(&ended, 1, __ATOMIC_SEQ_CST);
    return unused;
}

static void let_go(void)
{
    go = 1;
    syscall(SYS_futex, &go, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static bool all_ended(void *count)
{
    return ended == *(int *)count;
}

static void test_detach(void)
{
    int one = 1, many = 200;
    pthread_t thread;

    go = ended = 0;
    pthread_create(&thread, NULL, waits_for_go, NULL);
    tap_is(pthread_detach(thread), 0, "pthread_detach");
    tap_is(pthread_join(thread, NULL), EINVAL, "POSIX pthread_join: EINVAL, it is detached");
    tap_is(pthread_detach(thread), EINVAL, "POSIX pthread_detach: EINVAL, it is detached");
    let_go();
    tap_ok(tap_until(all_ended, &one), "it goes on");
    ended = 0;
    for (int i = 0; i < many; i++) {
        if (pthread_create(&thread, NULL, waits_for_go, NULL) != 0)
            tap_give_up("thread %d cannot be made", i);
        if (i % 3 == 0)
            sched_yield(); /* some have ended before they are detached */
        pthread_detach(thread);
    }
    tap_ok(tap_until(all_ended, &many), "%d detached threads end", many);
}

static void test_deadlines(void)
{
    struct timespec past = {0}, bad = {.tv_nsec = 1000000000};
    void *result;
    pthread_t thread;

    go = ended = 0;
    pthread_create(&thread, NULL, waits_for_go, (void *)&go);
    tap_is(pthread_tryjoin_np(thread, NULL), EBUSY, "pthread_tryjoin_np: EBUSY");
    tap_is(pthread_timedjoin_np(thread, NULL, &past), ETIMEDOUT, "pthread_timedjoin_np: ETIMEDOUT");
    tap_is(pthread_timedjoin_np(thread, NULL, &bad), EINVAL, "pthread_timedjoin_np: EINVAL");
    tap_is(pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &past), ETIMEDOUT, "pthread_clockjoin_np: ETIMEDOUT");
    tap_is(pthread_clockjoin_np(thread, NULL, CLOCK_PROCESS_CPUTIME_ID, &past), EINVAL, "pthread_clockjoin_np: EINVAL");
    let_go();
    tap_is(pthread_clockjoin_np(thread, &result, CLOCK_MONOTONIC, NULL), 0, "it ends");
    tap_ok(result == &go, "with its result");
}

static void *joins_first(void *first)
{
    void *result;

    if (pthread_join(*(pthread_t *)first, &result) != 0 || result != first)
        _exit(1);
    return NULL; /* the last thread: the process ends */
}

static int first_exits(void *unused)
{
    static pthread_t first;
    pthread_t thread;

    (void)unused;
    first = pthread_self();
    if (pthread_create(&thread, NULL, joins_first, &first) != 0)
        return 2;
    pthread_exit(&first);
}

static int *noted;

static void note(void)
{
    *noted = 1;
}

static int last_exits(void *unused)
{
    pthread_t thread;

    (void)unused;
    atexit(note);
    pthread_create(&thread, NULL, answers, NULL);
    pthread_exit(NULL);
}

static void test_first(void)
{
    noted = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    tap_is(tap_child_result(first_exits, NULL), 0, "the first thread ends before others, and is joined");
    tap_is(tap_child_result(last_exits, NULL), 0, "POSIX pthread_exit: the last thread's end is exit(0)");
    tap_is(*noted, 1, "with the functions of atexit");
    munmap(noted, 4096);
}

static void *waits_for_ever(void *unused)
{
    for (;;)
        pause();
    return unused;
}

static int exits_with_others(void *unused)
{
    pthread_t thread;

    (void)unused;
    for (int i = 0; i < 10; i++)
        pthread_create(&thread, NULL, waits_for_ever, NULL);
    exit(33);
}

/* More threads than there is room for: the error, and all that were made can be joined. */
static int too_many(void *unused)
{
    static pthread_t threads[3000];
    int made = 0, error = 0;

    (void)unused;
    go = 0;
    while (made < 3000 && (error = pthread_create(&threads[made], NULL, waits_for_go, NULL)) == 0)
        made++;
    let_go();
    for (int i = 0; i < made; i++)
        pthread_join(threads[i], NULL);
    return error == EAGAIN && made > 50 ? 0 : error;
}

int main(void)
{
    tap_begin();
    test_join();
    test_variables();
    test_self();
    test_detach();
    test_deadlines();
    test_first();
    tap_is(tap_child_result(exits_with_others, NULL), 33, "exit ends all threads");
    tap_is(tap_child_result(too_many, NULL), 0, "POSIX pthread_create: EAGAIN");
    return tap_end();
}
