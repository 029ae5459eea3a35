/*
 * fair.h - the time-sharing class: each thread gets CPU time in proportion to its weight.
 *
 * A thread's virtual time is its CPU time divided by its weight.  The one with the least runs next.  Ready threads
 * stand in a calendar: bucket (virtual time / 8 ms) mod 32, with a bit for each bucket that is not empty; so adding,
 * removing and finding the first cost the same however many threads there are.  Within a bucket they stand in order
 * of arrival, and one further ahead than the calendar reaches waits in its last bucket: the order is exact to 8 ms.
 * A thread that is ready alone, as most are, stands outside the calendar (run_queue.lone) until another joins it.
 */
#pragma once

#include <core/sched.h>
#include <core/thread.h>

void fair_start(struct run_queue *rq);
/* Into the calendar, out of it, and the one that should run first (one is there), to which the class's virtual time
 * moves on.  Run queue lock held for all. */
void fair_insert(struct run_queue *rq, struct thread *t);
void fair_delete(struct run_queue *rq, struct thread *t);
struct thread *fair_first(struct run_queue *rq);

/* The same for a queue, with its lone thread. */
static inline void fair_add(struct run_queue *rq, struct thread *t)
{
    if (rq->lone == NULL && rq->fair_ready == 0) {
        rq->lone = t;
        return;
    }
    if (rq->lone != NULL)
        fair_insert(rq, rq->lone);
    rq->lone = NULL;
    fair_insert(rq, t);
}

static inline void fair_remove(struct run_queue *rq, struct thread *t)
{
    if (rq->lone == t)
        rq->lone = NULL;
    else
        fair_delete(rq, t);
}

/* Is `t`, which is ready and of whatever class, on the queue? */
static inline bool queue_holds(const struct run_queue *rq, const struct thread *t)
{
    return rq->lone == t || list_linked(&t->run_link);
}

/* Take the one that should run next off the queue. */
static inline struct thread *fair_take(struct run_queue *rq)
{
    struct thread *t = rq->lone;

    if (t == NULL) {
        t = fair_first(rq);
        fair_delete(rq, t);
        return t;
    }
    rq->lone = NULL;
    if ((int64_t)(t->virtual_time - rq->virtual_time) > 0)
        rq->virtual_time = t->virtual_time;
    return t;
}

/* A thread that is about to be queued has not saved up time while it slept: it gets at most one slice of credit.
 * True: it should preempt `running`, who is of the same class, has run for a while (1 ms) and is ahead of it. */
bool fair_woken(struct run_queue *rq, struct thread *t, const struct thread *running);
/* The running thread gives its turn away: it forgets what it is behind, so that its equals come first.  A thread that
 * is new has nothing to catch up on either.  The lock of its CPU's queue need not be held: it is on none. */
void fair_yield(struct thread *t);
/* How far the thread is ahead of (or behind) its CPU's virtual time, to take along to another CPU; no more than the
 * calendar is long, so that none starves there for what it had to itself here. */
int64_t fair_lead(const struct run_queue *rq, const struct thread *t);
/* nice -20..19 -> weight: 1.25 for each step, 1024 at 0. */
void fair_set_nice(struct thread *t, int nice);

/* The running thread ran for `ticks`.  While it is alone the class's virtual time goes with it. */
static inline void fair_charge(struct run_queue *rq, struct thread *t, uint64_t ticks)
{
    t->virtual_time += t->weight == 1024 ? ticks : ticks * t->inverse_weight >> 10;
    if (rq->lone == NULL && rq->fair_ready == 0 && (int64_t)(t->virtual_time - rq->virtual_time) > 0)
        rq->virtual_time = t->virtual_time;
}
