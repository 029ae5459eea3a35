/*
 * stress.h - workers that are killed at any moment.
 */
#pragma once

#include <stdbool.h>

struct stress {
    int (*work)(void *number); /* a worker: goes on for ever; *(unsigned *)number modulo `workers` stays its own */
    unsigned workers, kills;
    long longest;          /* nanoseconds from one kill to the next, at most; drawn from rand() */
    bool (*goes_on)(void); /* NULL, or looked at after each kill: do the others go on? */
};

/* Start the workers, kill one at random and start it anew, so many times; kill all.  Answers what went wrong: workers
 * that ended by themselves, and kills after which the others stood still. */
unsigned stress_run(const struct stress *stress);
