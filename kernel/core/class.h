/*
 * class.h - the time-sharing class: in which order threads share a CPU while no real-time thread wants it.
 *
 * One file implements it: fair.c, or another in its place (`make CLASS=file.c`; docs/scheduler.md, "A class of one's
 * own").  The class says who comes first.  All else is the scheduler's: when a thread is ready, on which CPU, how long
 * a slice is, the switch, the account of CPU time.
 *
 * The ready threads stand in rq->sharing, in lists that mean what the class wants; ready_add() puts them there, the
 * scheduler takes them out.  One that is ready alone stands in none, and nobody is asked about it.  Of a thread the
 * class may look at all that thread.h marks with a q, and sets virtual_time and ready_list alone.
 *
 * Run queue lock held for all of these: no sleep, no allocation, no other lock.
 */
#pragma once

#include <core/sched.h>

/* Put a thread, which is new, woke up or had its turn, into one of the lists. */
void class_insert(struct run_queue *rq, struct thread *t);
/* Who of those in the lists runs next (at least one is there).  It stays where it is. */
struct thread *class_first(const struct run_queue *rq);
/* That one is about to be taken out, and runs. */
void class_takes(struct run_queue *rq, const struct thread *t);
/* The running thread may go on or let `other` run, the only one that is ready.  True: it goes on. */
bool class_goes_on(const struct thread *self, const struct thread *other);
/* A thread that has slept, is new or comes from another CPU is about to be queued.  True: it preempts `running`, which
 * may be of any class.  One that waited on the other CPU has its virtual time again afterwards. */
bool class_arrived(struct run_queue *rq, struct thread *t, const struct thread *running);
/* The running thread has had a slice, and others are ready.  True: look who runs next; false: it has another slice. */
bool class_slice_over(struct thread *self);
