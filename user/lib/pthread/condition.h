/*
 * condition.h - what is in a pthread_cond_t.
 *
 * Who waits counts itself, remembers the sequence, gives the mutex back and sleeps while the sequence is the same.
 * Whoever signals changes the sequence and wakes: so either the sleeper sees the change, or the waker the sleeper, and
 * nobody is missed.  A signal takes effect where the kernel wakes: it goes to the highest priority among those that
 * wait then, which may be one that came while pthread_cond_signal() ran.  Where the count is 0 nobody waits, and there
 * is nothing to do.
 *
 * A broadcast wakes nobody: it has the sleepers wait for the mutex instead, which only one of them can have at a time.
 * Those have been counted off by the broadcast; all others count themselves off when they are awake, before they take
 * the mutex.  So pthread_cond_destroy() need only wait for the count to become 0, which does not take long.
 *
 * Of one that processes share nobody is counted, for one that is killed would be so for ever: a signal always calls the
 * kernel, and who is awake touches the condition no more.
 */
#pragma once

#include "mutex.h"

/* condition->flags, and word 0 of a pthread_condattr_t */
#define CONDITION_SHARED ((unsigned)FUTEX_PRIVATE) /* this bit where a call has not got it */
#define CONDITION_MONOTONIC 2u

#define CONDITION_DESTROYED 0x80000000u /* in the count: somebody waits in pthread_cond_destroy() */

struct condition {
    volatile unsigned sequence, count;
    unsigned flags;               /* constant */
    struct mutex *volatile mutex; /* of those that wait; not of a shared one */
    unsigned unused[8];
};
_Static_assert(sizeof(struct condition) == sizeof(pthread_cond_t), "the size of pthread_cond_t is fixed");

static inline struct condition *condition_of(pthread_cond_t *cond)
{
    return (struct condition *)cond;
}

static inline unsigned condition_scope(const struct condition *c)
{
    return ~c->flags & CONDITION_SHARED;
}

/* `n` fewer wait; not of a shared one. */
static inline void condition_leave(struct condition *c, unsigned n)
{
    if (__atomic_sub_fetch(&c->count, n, __ATOMIC_RELEASE) == CONDITION_DESTROYED)
        futex_wake(&c->count, FUTEX_PRIVATE, 1);
}
