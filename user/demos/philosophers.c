/*
 * philosophers.c - five philosophers around a table think and eat; between two of them lies one fork, and one needs two
 * to eat.
 *
 * A deadlock wants four things at once: a fork has one user, who has one waits for another, nobody takes it away, and
 * those who wait stand in a circle.  Each of the cures takes one of the four away.
 */
#include <pthread.h>
#include <semaphore.h>

#include "lib/stage.h"

enum { PHILOSOPHERS = 5 };

static pthread_mutex_t forks[PHILOSOPHERS];
static sem_t seats;

static int left_of(int self)
{
    return self;
}

static int right_of(int self)
{
    return (self + 1) % PHILOSOPHERS;
}

static void take(int fork)
{
    pthread_mutex_lock(&forks[fork]);
    stage_step("has fork %d", fork);
}

static void eat(int self)
{
    stage_step("eats");
    pthread_mutex_unlock(&forks[left_of(self)]);
    pthread_mutex_unlock(&forks[right_of(self)]);
}

static void left_first(int self)
{
    for (int i = 0; i < stage_rounds; i++) {
        take(left_of(self));
        take(right_of(self));
        eat(self);
    }
}

/* No circle: all take the fork with the lower number first. */
static void order(int self)
{
    int left = left_of(self), right = right_of(self);

    for (int i = 0; i < stage_rounds; i++) {
        take(left < right ? left : right);
        take(left < right ? right : left);
        eat(self);
    }
}

/* No circle: of four at a table with five forks one can always eat. */
static void waiter(int self)
{
    for (int i = 0; i < stage_rounds; i++) {
        sem_wait(&seats);
        take(left_of(self));
        take(right_of(self));
        eat(self);
        sem_post(&seats);
    }
}

/* Nobody waits with a fork in the hand: who does not get the second lays down the first, and pauses
 * by chance, so that they do not all keep step. */
static void back_off(int self)
{
    for (int i = 0; i < stage_rounds; i++) {
        int tries = 0;
        take(left_of(self));
        while (pthread_mutex_trylock(&forks[right_of(self)]) != 0) {
            stage_step("gives up %d", left_of(self));
            pthread_mutex_unlock(&forks[left_of(self)]);
            stage_back_off(tries++);
            take(left_of(self));
        }
        stage_step("has fork %d", right_of(self));
        eat(self);
    }
}

static const struct variant variants[] = {
    {"left-first", broken, "each takes the left fork, and waits for the right one", left_first},
    {"order", mended, "each takes the fork with the lower number first", order},
    {"waiter", mended, "a waiter lets four sit down at a time", waiter},
    {"back-off", mended, "who does not get the second fork lays down the first", back_off},
    {},
};

static const struct play play = {
    .about = "Dining philosophers: five forks, and each needs two.",
    .actors = {"forks 0, 1", "forks 1, 2", "forks 2, 3", "forks 3, 4", "forks 4, 0"},
    .rounds = 1,
    .quiet_rounds = 40,
    .variants = variants,
};

int main(int argc, char **argv)
{
    for (int i = 0; i < PHILOSOPHERS; i++)
        pthread_mutex_init(&forks[i], NULL);
    sem_init(&seats, 0, PHILOSOPHERS - 1);
    return stage_main(argc, argv, &play);
}
