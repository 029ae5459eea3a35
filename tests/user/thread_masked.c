/*
 * thread_masked.c - threads that have blocked every signal: they are cancelled like others, and those that wait for
 * every signal take none of the library's.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "several.h"
#include "tap.h"

static int ends[2]; /* an empty pipe */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static sigset_t all, none;
static volatile int here, go;

static void in_read(void)
{
    char byte;

    read(ends[0], &byte, 1);
}
static void unlocks(void *unused)
{
    (void)unused;
    pthread_mutex_unlock(&mutex);
}
static void in_cond_wait(void)
{
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlocks, NULL);
    pthread_cond_wait(&condition, &mutex);
    pthread_cleanup_pop(1);
}
static void in_pause(void)
{
    pause();
}
static void in_sigsuspend(void)
{
    sigsuspend(&all);
}
static void in_ppoll(void)
{
    ppoll(NULL, 0, NULL, &all);
}
static void in_pselect(void)
{
    pselect(0, NULL, NULL, NULL, NULL, &all);
}
static void in_sigwait(void)
{
    int signal;

    sigwait(&all, &signal);
}
static void in_sigwaitinfo(void)
{
    sigwaitinfo(&all, NULL);
}
static void reads(int signal)
{
    (void)signal;
    in_read();
}
static void in_handler(void)
{
    struct sigaction action = {.sa_handler = reads};

    sigfillset(&action.sa_mask);
    sigaction(SIGUSR1, &action, NULL);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
    pthread_kill(pthread_self(), SIGUSR1);
}

static const struct wait {
    const char *name;
    void (*function)(void);
} waits[] = {
    {"read", in_read},
    {"pthread_cond_wait", in_cond_wait},
    {"pause", in_pause},
    {"sigsuspend with a full mask", in_sigsuspend},
    {"ppoll with a full mask", in_ppoll},
    {"pselect with a full mask", in_pselect},
    {"sigwait for all signals", in_sigwait},
    {"sigwaitinfo for all signals", in_sigwaitinfo},
    {"a handler with a full mask", in_handler},
};

static void *waits_in(void *function)
{
    here = 1;
    ((const struct wait *)function)->function();
    return NULL;
}

/* Cancel a thread that, mostly, is asleep by then; what holds does so in either case. */
static bool cancelled_asleep(pthread_t thread)
{
    struct timespec little = {.tv_nsec = 3000000};

    tap_until(is_set, (void *)&here);
    nanosleep(&little, NULL);
    pthread_cancel(thread);
    return ends_cancelled(thread);
}

static void test_cancelled(void)
{
    pthread_t thread;

    for (unsigned i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        here = 0;
        pthread_create(&thread, NULL, waits_in, (void *)&waits[i]);
        tap_ok(cancelled_asleep(thread), "all signals blocked: a thread is cancelled in %s", waits[i].name);
    }
}

static pthread_t second;

static void *makes_second(void *unused)
{
    while (!go)
        continue; /* the request comes meanwhile */
    here = 0;
    pthread_create(&second, NULL, waits_in, (void *)&waits[0]);
    pthread_testcancel();
    return unused;
}

/* A thread that has been told to end makes another before it does. */
static void test_made_by_cancelled(void)
{
    pthread_t thread;

    go = 0;
    pthread_create(&thread, NULL, makes_second, NULL);
    pthread_cancel(thread);
    go = 1;
    tap_ok(ends_cancelled(thread), "a thread that was cancelled makes another");
    tap_ok(cancelled_asleep(second), "which can be cancelled too");
}

static void test_sets(void)
{
    sigset_t set;

    for (int signal = SIGSYS + 1; signal < SIGRTMIN; signal++) {
        sigemptyset(&set);
        tap_fails(sigaddset(&set, signal), EINVAL, "POSIX sigaddset: EINVAL, signal %d is the library's", signal);
        tap_fails(sigdelset(&set, signal), EINVAL, "POSIX sigdelset: EINVAL");
        tap_fails(sigismember(&all, signal), EINVAL, "POSIX sigismember: EINVAL");
    }
    tap_is(sigismember(&all, SIGSYS) + sigismember(&all, SIGRTMIN) + sigismember(&all, SIGRTMAX), 3,
           "sigfillset: its neighbours are in");
}

static volatile int called;

static void note(union sigval value)
{
    called = value.sival_int;
}

static void *takes_any(void *unused)
{
    siginfo_t info;

    (void)unused;
    here = 1;
    while (sigwaitinfo(&all, &info) == -1)
        continue;
    return (void *)(long)info.si_signo;
}

/* The timer's signal is the library's, though another thread waits for all that there are. */
static void test_timer(void)
{
    struct sigevent event = {
        .sigev_notify = SIGEV_THREAD, .sigev_notify_function = note, .sigev_value = {.sival_int = 7}};
    struct itimerspec soon = {.it_value = {.tv_nsec = 3000000}};
    sigset_t pending;
    pthread_t thread;
    timer_t timer;
    void *taken;

    here = called = 0;
    pthread_create(&thread, NULL, takes_any, NULL);
    tap_until(is_set, (void *)&here);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &soon, NULL);
    tap_ok(tap_until(is_set, (void *)&called), "SIGEV_THREAD: called though a thread waits for all signals");
    sigpending(&pending);
    tap_ok(pending == 0, "sigpending shows none of the library's");
    timer_delete(timer);
    pthread_kill(thread, SIGUSR2);
    pthread_join(thread, &taken);
    tap_is((long)taken, SIGUSR2, "and it takes what is sent to it");
}

int main(void)
{
    tap_begin();
    sigfillset(&all);
    sigemptyset(&none);
    pipe(ends);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    test_cancelled();
    test_made_by_cancelled();
    test_sets();
    test_timer();
    return tap_end();
}
