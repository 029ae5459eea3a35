/*
 * thread_ended.c - threads that have ended and are not joined yet: what is said to one reaches nobody else, though the
 * kernel has given its tid to another.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "several.h"
#include "tap.h"

#define ROUNDS 20000 /* more than twice the tids that there are */

static pid_t wanted;
static volatile int found;
static sem_t said, go;

static void *tells_its_tid(void *tid)
{
    *(pid_t *)tid = gettid();
    return NULL;
}

/* A thread that has the wanted tid stays, until it may go.  Was it sent a signal meanwhile? */
static void *stays_if_wanted(void *unused)
{
    sigset_t pending;

    (void)unused;
    found = gettid() == wanted;
    sem_post(&said);
    if (!found)
        return NULL;
    sem_wait(&go);
    sigpending(&pending);
    return (void *)(long)(pending != 0);
}

/* Make threads until one has the wanted tid. */
static pthread_t make_stranger(void)
{
    pthread_t thread;

    for (int i = 0; i < ROUNDS; i++) {
        if (pthread_create(&thread, NULL, stays_if_wanted, NULL) != 0)
            tap_give_up("no thread");
        while (sem_wait(&said) != 0)
            continue;
        if (found)
            return thread;
        pthread_join(thread, NULL);
    }
    tap_give_up("the tid did not come again");
}

static void test_said_to_ended(pthread_t ended)
{
    struct sched_param param = {0};
    char before[16], after[16];
    clockid_t clock;
    cpu_set_t cpus;
    int policy;

    tap_is(pthread_kill(ended, SIGUSR1), 0, "pthread_kill: to no effect");
    tap_is(pthread_kill(ended, 99), EINVAL, "POSIX pthread_kill: EINVAL");
    tap_is(pthread_cancel(ended), 0, "pthread_cancel: to no effect");
    tap_is(pthread_getschedparam(ended, &policy, &param), ESRCH, "POSIX pthread_getschedparam: ESRCH");
    tap_is(pthread_setschedparam(ended, SCHED_OTHER, &param), ESRCH, "POSIX pthread_setschedparam: ESRCH");
    tap_is(pthread_setschedprio(ended, 0), ESRCH, "POSIX pthread_setschedprio: ESRCH");
    tap_is(pthread_getaffinity_np(ended, sizeof cpus, &cpus), ESRCH, "pthread_getaffinity_np: ESRCH");
    pthread_getname_np(ended, before, sizeof before);
    tap_is(pthread_setname_np(ended, "another"), ESRCH, "pthread_setname_np: ESRCH");
    pthread_getname_np(ended, after, sizeof after);
    tap_is_text(after, before, "and it keeps its name");
    CPU_ZERO(&cpus);
    CPU_SET(0, &cpus);
    tap_is(pthread_setaffinity_np(ended, sizeof cpus, &cpus), ESRCH, "pthread_setaffinity_np: ESRCH");
    tap_is(pthread_getcpuclockid(ended, &clock), ESRCH, "POSIX pthread_getcpuclockid: ESRCH");
}

static void test_tid_used_again(void)
{
    pthread_t ended, stranger;
    void *result;

    pthread_create(&ended, NULL, tells_its_tid, &wanted);
    tap_until(is_set, &wanted);
    stranger = make_stranger();
    test_said_to_ended(ended);
    sem_post(&go);
    pthread_join(stranger, &result);
    tap_ok(result == NULL, "the thread that has its tid now got no signal");
    tap_is(pthread_join(ended, NULL), 0, "and it can be joined");
}

/* Threads are told things while they end. */
static void test_ending(void)
{
    int wrong = 0;

    for (int i = 0; i < 300; i++) {
        pid_t tid = 0;
        pthread_t thread;

        pthread_create(&thread, NULL, tells_its_tid, &tid);
        for (int told = 0; told < 20; told++)
            wrong += pthread_kill(thread, 0) != 0;
        wrong += pthread_cancel(thread) != 0;
        wrong += pthread_join(thread, NULL) != 0;
    }
    tap_is(wrong, 0, "pthread_kill and pthread_cancel of threads that end");
}

int main(void)
{
    sigset_t set;

    tap_begin();
    sem_init(&said, 0, 0);
    sem_init(&go, 0, 0);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    test_tid_used_again();
    test_ending();
    return tap_end();
}
