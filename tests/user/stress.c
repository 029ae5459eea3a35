/*
 * stress.c - workers that are killed at any moment (stress.h).
 */
#include "stress.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

#include "tap.h"

enum { most_workers = 32 };

static pid_t workers[most_workers];

/* True: it ended by itself. */
static bool kill_worker(unsigned i)
{
    kill(workers[i], SIGKILL);
    return !WIFSIGNALED(tap_wait(workers[i]));
}

unsigned stress_run(const struct stress *stress)
{
    unsigned wrong = 0, number;

    if (stress->workers > most_workers)
        tap_give_up("%u workers are too many", stress->workers);
    for (number = 0; number < stress->workers; number++)
        workers[number] = tap_start(stress->work, &number);
    for (unsigned kills = 0; kills < stress->kills; kills++) {
        unsigned victim = (unsigned)rand() % stress->workers;

        nanosleep(&(struct timespec){.tv_nsec = rand() % stress->longest}, NULL);
        wrong += kill_worker(victim);
        wrong += stress->goes_on != NULL && !stress->goes_on();
        number = victim + (kills + 1) * stress->workers;
        workers[victim] = tap_start(stress->work, &number);
    }
    for (unsigned i = 0; i < stress->workers; i++)
        wrong += kill_worker(i);
    return wrong;
}
