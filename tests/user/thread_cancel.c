/*
 * thread_cancel.c - cancellation: deferred and asynchronous, enabled and disabled, with cleanup functions, and nothing
 * lost.  thread_points.c has POSIX's points.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "several.h"
#include "tap.h"

static volatile int cleaned, go, here;

static void clean(void *unused)
{
    (void)unused;
    cleaned++;
}

static int ends[2];

static void *reads(void *unused)
{
    char byte;

    pthread_cleanup_push(clean, NULL);
    here = 1;
    read(ends[0], &byte, 1);
    pthread_cleanup_pop(0);
    return unused;
}

static void *reads_a_byte(void *unused)
{
    char got = 0;

    (void)unused;
    here = 1;
    read(ends[0], &got, 1);
    cleaned = got;
    return NULL;
}

/* A byte that was read is told: a cancelled read has taken none. */
static void test_nothing_lost(void)
{
    int wrong = 0, cancelled = 0;

    for (int i = 0; i < 300; i++) {
        pthread_t thread;
        void *result;
        char left = 0;

        pipe2(ends, O_NONBLOCK);
        fcntl(ends[0], F_SETFL, 0);
        here = cleaned = 0;
        pthread_create(&thread, NULL, reads_a_byte, NULL);
        while (!here)
            sched_yield();
        for (volatile int turns = 0; turns < i * 10; turns++)
            continue;
        write(ends[1], "x", 1);
        pthread_cancel(thread);
        pthread_join(thread, &result);
        fcntl(ends[0], F_SETFL, O_NONBLOCK);
        read(ends[0], &left, 1);
        cancelled += result == PTHREAD_CANCELED;
        wrong += (result == PTHREAD_CANCELED) != (left == 'x') || (result == NULL) != (cleaned == 'x');
        close(ends[0]);
        close(ends[1]);
    }
    tap_is(wrong, 0, "a read that is cancelled has read nothing (%d of 300 were)", cancelled);
}

static volatile int handled;

static void handles(int signal)
{
    (void)signal;
    handled = 1;
    while (!go)
        continue; /* the request comes meanwhile */
}

static bool is_handled(void *unused)
{
    (void)unused;
    return handled;
}

/* Cancelled while the handler of another signal runs, which returns into a call that waits. */
static void test_in_handler(void)
{
    struct sigaction action = {.sa_handler = handles, .sa_flags = SA_RESTART};
    struct timespec little = {.tv_nsec = 3000000};
    pthread_t thread;

    pipe(ends);
    sigaction(SIGUSR1, &action, NULL);
    here = cleaned = handled = go = 0;
    pthread_create(&thread, NULL, reads, NULL);
    tap_until(is_set, (void *)&here);
    nanosleep(&little, NULL);
    pthread_kill(thread, SIGUSR1);
    tap_until(is_handled, NULL);
    pthread_cancel(thread);
    nanosleep(&little, NULL);
    go = 1;
    tap_ok(ends_cancelled(thread), "a request that comes in another signal's handler is not lost");
    close(ends[0]);
    close(ends[1]);
}

static void *spins(void *unused)
{
    pthread_cleanup_push(clean, NULL);
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    here = 1;
    for (;;)
        continue;
    pthread_cleanup_pop(0);
    return unused;
}

static void *cancels_itself(void *unused)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    pthread_cancel(pthread_self());
    return unused;
}

static void *enables_late(void *unused)
{
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    pthread_cancel(pthread_self());
    cleaned = 1;
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    cleaned = 2;
    return unused;
}

static void test_asynchronous(void)
{
    pthread_t thread;

    here = cleaned = 0;
    pthread_create(&thread, NULL, spins, NULL);
    tap_until(is_set, (void *)&here);
    pthread_cancel(thread);
    tap_ok(ends_cancelled(thread), "PTHREAD_CANCEL_ASYNCHRONOUS: a thread that computes is cancelled");
    tap_is(cleaned, 1, "with its cleanup function");
    pthread_create(&thread, NULL, cancels_itself, NULL);
    tap_ok(ends_cancelled(thread), "a thread may cancel itself");
    pthread_create(&thread, NULL, enables_late, NULL);
    tap_ok(ends_cancelled(thread) && cleaned == 1, "a request waits until it is enabled");
}

static char order[8];

static void notes(void *letter)
{
    strcat(order, letter);
}

static void *has_cleanups(void *argument)
{
    pthread_cleanup_push(notes, "a");
    pthread_cleanup_push(notes, "b");
    pthread_cleanup_push(notes, "c");
    pthread_cleanup_pop(1);
    pthread_cleanup_push(notes, "d");
    pthread_cleanup_pop(0);
    if (argument != NULL)
        pthread_exit(argument);
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(1);
    return NULL;
}

static void test_cleanup(void)
{
    pthread_t thread;
    int old;

    pthread_create(&thread, NULL, has_cleanups, NULL);
    pthread_join(thread, NULL);
    tap_is_text(order, "ca", "pthread_cleanup_pop executes, or does not");
    order[0] = '\0';
    pthread_create(&thread, NULL, has_cleanups, order);
    pthread_join(thread, NULL);
    tap_is_text(order, "cba", "pthread_exit calls those that are left, the last one first");
    tap_is(pthread_setcancelstate(7, NULL), EINVAL, "POSIX pthread_setcancelstate: EINVAL");
    tap_is(pthread_setcanceltype(7, NULL), EINVAL, "POSIX pthread_setcanceltype: EINVAL");
    tap_is(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old), 0, "pthread_setcancelstate");
    tap_is(old, PTHREAD_CANCEL_ENABLE, "answers what was before: a thread begins so");
    pthread_setcancelstate(old, &old);
    tap_is(old, PTHREAD_CANCEL_DISABLE, "and after");
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &old);
    tap_is(old, PTHREAD_CANCEL_DEFERRED, "pthread_setcanceltype answers what was before");
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &old);
    tap_is(old, PTHREAD_CANCEL_ASYNCHRONOUS, "and after");
}

static void *prints(void *unused)
{
    pthread_cancel(pthread_self());
    fprintf(stderr, "%s", "");
    fputs("# a stream's functions are no points: a cancelled thread leaves no stream locked\n", stdout);
    fflush(stdout);
    here = 2;
    pthread_testcancel();
    return unused;
}

static void test_streams(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, prints, NULL);
    tap_ok(ends_cancelled(thread) && here == 2, "POSIX 2.9.5: stdio's functions may be points, and are none here");
}

int main(void)
{
    tap_begin();
    test_nothing_lost();
    test_in_handler();
    test_asynchronous();
    test_cleanup();
    test_streams();
    return tap_end();
}
