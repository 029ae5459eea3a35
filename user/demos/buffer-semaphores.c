/*
 * buffer-semaphores.c - two producers and a consumer around a buffer of two cells, with semaphores.
 *
 * Two semaphores count: `room` the cells that are free, `filled` those that are not; who waits for one of them waits
 * until there is something to do.  They do not say which cell: two producers that both have found room still must not
 * look for their cell at the same time.  That is what a third one is for, `guard`, with the value 1.
 */
#include <semaphore.h>
#include <stddef.h>

#include "lib/stage.h"

enum { CELLS = 2, PRODUCERS = 2, MOST_ITEMS = 1000 };

static sem_t room, filled, guard;
static int cells[CELLS], first_filled, first_free;
static int taken[MOST_ITEMS];

static void put(int item)
{
    int at = first_free;

    stage_step("cell %d: puts %d", at, item);
    cells[at] = item;
    first_free = (at + 1) % CELLS;
}

static int take(void)
{
    int at = first_filled, item = cells[at];

    stage_step("cell %d: takes %d", at, item);
    first_filled = (at + 1) % CELLS;
    return item;
}

/* There is one consumer, who takes what both producers put. */
static int times(int self)
{
    return self < PRODUCERS ? stage_rounds : PRODUCERS * stage_rounds;
}

/* One step of the actor's work: a producer puts its i-th item, the consumer takes one. */
static void work(int self, int i)
{
    if (self < PRODUCERS)
        put(self * stage_rounds + i);
    else
        taken[take()]++;
}

static void no_guard(int self)
{
    sem_t *before = self < PRODUCERS ? &room : &filled, *after = self < PRODUCERS ? &filled : &room;

    for (int i = 0; i < times(self); i++) {
        sem_wait(before);
        work(self, i);
        sem_post(after);
    }
}

static void guard_first(int self)
{
    sem_t *before = self < PRODUCERS ? &room : &filled, *after = self < PRODUCERS ? &filled : &room;

    for (int i = 0; i < times(self); i++) {
        sem_wait(&guard);
        sem_wait(before); /* and who could end this wait waits for the guard */
        work(self, i);
        sem_post(after);
        sem_post(&guard);
    }
}

static void guarded(int self)
{
    sem_t *before = self < PRODUCERS ? &room : &filled, *after = self < PRODUCERS ? &filled : &room;

    for (int i = 0; i < times(self); i++) {
        sem_wait(before);
        sem_wait(&guard);
        work(self, i);
        sem_post(&guard);
        sem_post(after);
    }
}

static void judge(void)
{
    for (int item = 0; item < PRODUCERS * stage_rounds; item++)
        if (taken[item] != 1)
            stage_wrong("item %d was taken %d times", item, taken[item]);
}

static const struct variant variants[] = {
    {"no-guard", broken, "room and filled alone: two may use one cell", no_guard},
    {"guard-first", broken, "the guard is taken before there is room", guard_first},
    {"guarded", mended, "first room, then the guard", guarded},
    {},
};

static const struct play play = {
    .about = "Two producers and a consumer with semaphores: a buffer of two cells; every item is to be taken once.",
    .actors = {"producer", "producer", "consumer"},
    .rounds = 3,
    .quiet_rounds = 4,
    .variants = variants,
    .judge = judge,
};

int main(int argc, char **argv)
{
    sem_init(&room, 0, CELLS);
    sem_init(&filled, 0, 0);
    sem_init(&guard, 0, 1);
    return stage_main(argc, argv, &play);
}
