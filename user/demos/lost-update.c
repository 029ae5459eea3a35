/*
 * lost-update.c - two threads add to one counter, and additions get lost.
 *
 * To add one is three steps: read, add, store.  Who comes in between the reading and the storing of another reads what
 * will soon be out of date; then one of the two stores is as good as not done.
 */
#include <pthread.h>
#include <semaphore.h>

#include "lib/stage.h"

static volatile int counter;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t guard;

static void add_one(void)
{
    int seen = counter;

    stage_step("reads %d", seen);
    counter = seen + 1;
    stage_step("stores %d", seen + 1);
}

static void plain(int self)
{
    (void)self;
    for (int i = 0; i < stage_rounds; i++)
        add_one();
}

static void mutex(int self)
{
    (void)self;
    for (int i = 0; i < stage_rounds; i++) {
        pthread_mutex_lock(&lock);
        add_one();
        pthread_mutex_unlock(&lock);
    }
}

static void semaphore(int self)
{
    (void)self;
    for (int i = 0; i < stage_rounds; i++) {
        sem_wait(&guard);
        add_one();
        sem_post(&guard);
    }
}

static void atomic(int self)
{
    (void)self;
    for (int i = 0; i < stage_rounds; i++) {
        int stored = __atomic_add_fetch(&counter, 1, __ATOMIC_RELAXED);
        stage_step("makes it %d", stored);
    }
}

static void judge(void)
{
    if (counter != 2 * stage_rounds)
        stage_wrong("%d times one was added, and the counter says %d", 2 * stage_rounds, counter);
}

static const struct variant variants[] = {
    {"plain", broken, "reads, adds, stores", plain},
    {"mutex", mended, "the same with a mutex locked", mutex},
    {"semaphore", mended, "the same between sem_wait() and sem_post() of a semaphore of 1", semaphore},
    {"atomic", mended, "one instruction (a pair, on this CPU) that nobody comes between", atomic},
    {},
};

static const struct play play = {
    .about = "Lost update: two threads add to one counter.",
    .actors = {"first", "second"},
    .rounds = 3,
    .quiet_rounds = 30,
    .variants = variants,
    .judge = judge,
};

int main(int argc, char **argv)
{
    sem_init(&guard, 0, 1);
    return stage_main(argc, argv, &play);
}
