/*
 * sleeping-barber.c - a barber who sleeps while nobody waits, customers who sit down if there is a chair and leave if
 * there is none.
 *
 * Two things can go wrong.  To look for a chair and to sit down are two steps: two customers may take the last chair.
 * That wants a lock.  And to see that nobody waits and to fall asleep are two steps as well: a customer who comes
 * between them finds the barber awake and does not ring, and both wait for ever.  That wants a bell that remembers:
 * a semaphore, rung for each customer, whether the barber sleeps or not.
 */
#include <semaphore.h>

#include "lib/stage.h"

enum { CUSTOMERS = 3, BARBER = CUSTOMERS, CHAIRS = 1 };

static sem_t lock, bell, cut; /* cut: a haircut is done */
static volatile int waiting;  /* customers on chairs, as the chairs' book says */
static volatile bool asleep, closed;
static int on_chairs, gone; /* customers on chairs, in truth; those who will not come again */

static void enter(bool locked)
{
    if (locked)
        sem_wait(&lock);
}

static void leave(bool locked)
{
    if (locked)
        sem_post(&lock);
}

static bool sit_down(bool locked)
{
    enter(locked);
    int seen = waiting;
    stage_step(seen < CHAIRS ? "sees a chair, sits" : "no chair: leaves");
    if (seen < CHAIRS) {
        waiting = seen + 1;
        if (__atomic_add_fetch(&on_chairs, 1, __ATOMIC_RELAXED) > CHAIRS)
            stage_wrong("two customers sit on one chair");
    }
    leave(locked);
    return seen < CHAIRS;
}

static void cut_hair(bool locked)
{
    enter(locked);
    stage_step("calls one");
    waiting--;
    __atomic_fetch_sub(&on_chairs, 1, __ATOMIC_RELAXED);
    leave(locked);
    stage_step("cuts hair");
    sem_post(&cut);
}

static void looking_barber(void)
{
    for (;;) {
        if (waiting == 0) {
            stage_step("sees nobody");
            asleep = true;
            sem_wait(&bell);
            asleep = false;
        }
        if (closed)
            return;
        cut_hair(true);
    }
}

static void called_barber(bool locked)
{
    while (sem_wait(&bell), !closed)
        cut_hair(locked);
}

static void ring(void)
{
    sem_post(&bell);
}

static void ring_if_asleep(void)
{
    if (asleep)
        sem_post(&bell);
}

static void customer(bool locked, void (*call)(void))
{
    for (int i = 0; i < stage_rounds; i++) {
        if (sit_down(locked)) {
            call();
            sem_wait(&cut);
        }
    }
    if (__atomic_add_fetch(&gone, 1, __ATOMIC_RELAXED) == CUSTOMERS) {
        closed = true;
        sem_post(&bell);
    }
}

static void looking(int self)
{
    self == BARBER ? looking_barber() : customer(true, ring_if_asleep);
}

static void no_lock(int self)
{
    self == BARBER ? called_barber(false) : customer(false, ring);
}

static void called(int self)
{
    self == BARBER ? called_barber(true) : customer(true, ring);
}

static const struct variant variants[] = {
    {"looking", broken, "the barber looks, then sleeps; a customer rings if the barber sleeps", looking},
    {"no-lock", broken, "a customer looks for a chair, then sits down; others look at the same time", no_lock},
    {"called", mended, "every customer rings; the chairs have a lock", called},
    {},
};

static const struct play play = {
    .about = "A sleeping barber: one chair to wait on, three customers.",
    .actors = {"customer", "customer", "customer", "barber"},
    .rounds = 2,
    .quiet_rounds = 10,
    .variants = variants,
};

int main(int argc, char **argv)
{
    sem_init(&lock, 0, 1);
    sem_init(&bell, 0, 0);
    sem_init(&cut, 0, 0);
    return stage_main(argc, argv, &play);
}
