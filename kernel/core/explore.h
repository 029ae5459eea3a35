/*
 * explore.h - schedules by chance, from a seed (explore.c).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct cpu;
struct run_queue;
struct thread;

/* Choices are made by chance now. */
extern bool exploring;

/* At boot: make the numbers sys/kernel/sched_seed (0: nothing is by chance) and sched_choices (how many choices may
 * still be made by chance) below /proc with `add`; begin where the boot arguments of these names say so. */
void explore_controls(void (*add)(const char *path, uint32_t *value, uint32_t highest, void (*changed)(void)));
/* A time-sharing thread comes to a queue, while exploring.  True: it passes the one that stands last, and may ask about
 * the next. */
bool explore_pass(void);
/* A CPU that was idle has a thread to run: set the tick that ends its turn.  False: there are no choices left. */
bool explore_turn(uint64_t now);
/* The running thread's turn is over: put it back, and set the next tick; none for the idle thread.  Run queue lock
 * held. */
void explore_tick(struct cpu *cpu, struct thread *self, uint64_t now);
/* Where a thread that wakes up stands.  True: it preempts the running one.  Run queue lock held. */
bool explore_wake(struct run_queue *rq, struct thread *woken);
