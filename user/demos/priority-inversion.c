/*
 * priority-inversion.c - a thread of high priority waits for a lock, and so for one of low priority, which does not get
 * the CPU from a third one that has nothing to do with the lock.
 *
 * With PTHREAD_PRIO_INHERIT who has the lock has the priority of the highest that waits for it; with
 * PTHREAD_PRIO_PROTECT the lock's own, from the moment it is taken.  Then nobody comes between.
 *
 * The three are real-time threads on one CPU, so it goes the same way each time; they never pause.
 */
#define _GNU_SOURCE /* for sched_setaffinity() */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>

#include "lib/stage.h"

enum { LOW, MIDDLE, HIGH }; /* actors; their priorities are one more */

static pthread_mutex_t locks[3]; /* by protocol */
static sem_t ready, event[HIGH + 1];
static bool high_waits;
static int middle_steps; /* done while the high one waited */

static void become_realtime(int self)
{
    struct sched_param param = {.sched_priority = self + 1};

    if (sched_setscheduler(0, SCHED_FIFO, &param) == -1)
        stage_wrong("only the superuser may have real-time threads");
    if (self != LOW)
        sem_post(&ready);
}

static void low(pthread_mutex_t *lock)
{
    sem_wait(&ready);
    sem_wait(&ready);
    for (int i = 0; i < stage_rounds; i++) {
        pthread_mutex_lock(lock);
        stage_step("has the lock");
        sem_post(&event[HIGH]);
        sem_post(&event[MIDDLE]);
        stage_step("gives it back");
        pthread_mutex_unlock(lock);
    }
}

static void middle(void)
{
    for (int i = 0; i < stage_rounds; i++) {
        sem_wait(&event[MIDDLE]);
        for (int part = 1; part <= 3; part++) {
            stage_step("computes, part %d", part);
            middle_steps += high_waits;
        }
    }
}

static void high(pthread_mutex_t *lock)
{
    for (int i = 0; i < stage_rounds; i++) {
        sem_wait(&event[HIGH]);
        stage_step("wants the lock");
        high_waits = true;
        pthread_mutex_lock(lock);
        high_waits = false;
        stage_step("has the lock");
        pthread_mutex_unlock(lock);
    }
}

static void act(int self, int protocol)
{
    become_realtime(self);
    if (self == LOW)
        low(&locks[protocol]);
    else if (self == MIDDLE)
        middle();
    else
        high(&locks[protocol]);
}

static void plain(int self)
{
    act(self, PTHREAD_PRIO_NONE);
}

static void inherit(int self)
{
    act(self, PTHREAD_PRIO_INHERIT);
}

static void protect(int self)
{
    act(self, PTHREAD_PRIO_PROTECT);
}

static void judge(void)
{
    if (middle_steps > 0)
        stage_wrong("while the high one waited, the middle one took %d steps", middle_steps);
}

static const struct variant variants[] = {
    {"plain", broken, "who has the lock keeps its low priority", plain},
    {"inherit", mended, "who has the lock has the priority of the highest that waits", inherit},
    {"protect", mended, "who has the lock has the lock's priority", protect},
    {},
};

static const struct play play = {
    .about =
        "Priority inversion: three real-time threads on one CPU, of which the low one and the high one share a lock.",
    .actors = {"low", "middle", "high"},
    .rounds = 1,
    .quiet_rounds = 4,
    .no_pauses = true,
    .variants = variants,
    .judge = judge,
};

static void make_lock(int protocol)
{
    pthread_mutexattr_t attributes;

    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setprotocol(&attributes, protocol);
    if (protocol == PTHREAD_PRIO_PROTECT)
        pthread_mutexattr_setprioceiling(&attributes, HIGH + 1);
    pthread_mutex_init(&locks[protocol], &attributes);
}

/* The threads will inherit it. */
static void stay_on_one_cpu(void)
{
    cpu_set_t first;

    CPU_ZERO(&first);
    CPU_SET(0, &first);
    if (sched_setaffinity(0, sizeof(first), &first) == -1)
        perror("sched_setaffinity");
}

int main(int argc, char **argv)
{
    stay_on_one_cpu();
    make_lock(PTHREAD_PRIO_NONE);
    make_lock(PTHREAD_PRIO_INHERIT);
    make_lock(PTHREAD_PRIO_PROTECT);
    sem_init(&ready, 0, 0);
    sem_init(&event[MIDDLE], 0, 0);
    sem_init(&event[HIGH], 0, 0);
    return stage_main(argc, argv, &play);
}
