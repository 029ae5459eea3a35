/*
 * buffer-monitor.c - producers and consumers around a buffer of one cell, as a monitor: data, the mutex that guards
 * them, and conditions to wait for.
 *
 * pthread_cond_wait() gives the mutex back while it waits, and takes it again before it comes back.  Between the
 * signal and that, somebody else may have had the mutex, and the condition no longer holds: so one looks again.  A
 * signal wakes one thread, and it should be one that can do something: so what producers wait for and what consumers
 * wait for are two conditions, or all are woken.
 */
#include <pthread.h>

#include "lib/stage.h"

enum { CONSUMERS = 2, PRODUCERS = 2, MOST_ITEMS = 1000 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t room = PTHREAD_COND_INITIALIZER, filled = PTHREAD_COND_INITIALIZER;
static int cell;
static bool full;
static int taken[MOST_ITEMS];

/* The mutex is held. */
static void put(int item)
{
    stage_step("puts %d", item);
    if (full)
        stage_wrong("an item is put where another is");
    cell = item;
    full = true;
}

/* The mutex is held. */
static void take(void)
{
    stage_step("takes %d", cell);
    if (!full)
        stage_wrong("an item is taken where none is");
    taken[cell]++;
    full = false;
}

static void put_with_if(int item)
{
    pthread_mutex_lock(&lock);
    if (full)
        pthread_cond_wait(&room, &lock);
    put(item);
    pthread_cond_signal(&filled);
    pthread_mutex_unlock(&lock);
}

static void take_with_if(void)
{
    pthread_mutex_lock(&lock);
    if (!full)
        pthread_cond_wait(&filled, &lock);
    take();
    pthread_cond_signal(&room);
    pthread_mutex_unlock(&lock);
}

static void put_with_one_condition(int item)
{
    pthread_mutex_lock(&lock);
    while (full)
        pthread_cond_wait(&room, &lock);
    put(item);
    pthread_cond_signal(&room); /* which may wake the other producer */
    pthread_mutex_unlock(&lock);
}

static void take_with_one_condition(void)
{
    pthread_mutex_lock(&lock);
    while (!full)
        pthread_cond_wait(&room, &lock);
    take();
    pthread_cond_signal(&room);
    pthread_mutex_unlock(&lock);
}

static void put_and_wake_all(int item)
{
    pthread_mutex_lock(&lock);
    while (full)
        pthread_cond_wait(&room, &lock);
    put(item);
    pthread_cond_broadcast(&room);
    pthread_mutex_unlock(&lock);
}

static void take_and_wake_all(void)
{
    pthread_mutex_lock(&lock);
    while (!full)
        pthread_cond_wait(&room, &lock);
    take();
    pthread_cond_broadcast(&room);
    pthread_mutex_unlock(&lock);
}

static void put_in_monitor(int item)
{
    pthread_mutex_lock(&lock);
    while (full)
        pthread_cond_wait(&room, &lock);
    put(item);
    pthread_cond_signal(&filled);
    pthread_mutex_unlock(&lock);
}

static void take_in_monitor(void)
{
    pthread_mutex_lock(&lock);
    while (!full)
        pthread_cond_wait(&filled, &lock);
    take();
    pthread_cond_signal(&room);
    pthread_mutex_unlock(&lock);
}

static void work(int self, void (*do_put)(int item), void (*do_take)(void))
{
    for (int i = 0; i < stage_rounds; i++) {
        int item = (self - CONSUMERS) * stage_rounds + i;

        if (self < CONSUMERS) {
            do_take();
            stage_step("uses it");
        } else {
            for (int part = 0; part < 3; part++)
                stage_step("makes %d", item); /* which takes longer than to use one */
            do_put(item);
        }
    }
}

static void with_if(int self)
{
    work(self, put_with_if, take_with_if);
}

static void one_condition(int self)
{
    work(self, put_with_one_condition, take_with_one_condition);
}

static void wake_all(int self)
{
    work(self, put_and_wake_all, take_and_wake_all);
}

static void monitor(int self)
{
    work(self, put_in_monitor, take_in_monitor);
}

static void judge(void)
{
    for (int item = 0; item < PRODUCERS * stage_rounds; item++)
        if (taken[item] != 1)
            stage_wrong("item %d was taken %d times", item, taken[item]);
}

static const struct variant variants[] = {
    {"if", broken, "who was woken does not look again", with_if},
    {"one-condition", broken, "a signal may wake one who can do nothing with it", one_condition},
    {"wake-all", mended, "one condition, and all are woken", wake_all},
    {"monitor", mended, "a condition for each side, and a loop around the wait", monitor},
    {},
};

static const struct play play = {
    .about = "Producers and consumers with a monitor: a buffer of one cell; every item is to be taken once.",
    .actors = {"consumer", "consumer", "producer", "producer"},
    .rounds = 2,
    .quiet_rounds = 4,
    .variants = variants,
    .judge = judge,
};

int main(int argc, char **argv)
{
    return stage_main(argc, argv, &play);
}
