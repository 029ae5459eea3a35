/*
 * pthread_cond_signal.c - waking one or all who wait for a condition.
 */
#include "condition.h"

/* Whoever has not gone to sleep yet will see that the sequence has changed: the kernel looks for sleepers behind a
 * barrier.  False: nobody waits.  (Who waits has counted itself before it gave the mutex back, with which what it waits
 * for is changed.) */
static inline bool change_sequence(struct condition *c, unsigned scope)
{
    if (scope == FUTEX_PRIVATE && (c->count & ~CONDITION_DESTROYED) == 0)
        return false;
    __atomic_add_fetch(&c->sequence, 1, __ATOMIC_RELEASE);
    return true;
}

/* Others sleep for the mutex of whom its word does not tell: its owner learns it, or else one of them is woken. */
static void announce(struct mutex *m)
{
    unsigned value = m->word;

    while ((value & FUTEX_TID_MASK) != 0 && !(value & FUTEX_WAITERS)) {
        if (word_change(&m->word, &value, value | FUTEX_WAITERS))
            return;
    }
    if ((value & FUTEX_TID_MASK) == 0)
        futex_wake(&m->word, FUTEX_PRIVATE, 1);
}

int pthread_cond_signal(pthread_cond_t *cond)
{
    struct condition *c = condition_of(cond);
    unsigned scope = condition_scope(c);

    if (change_sequence(c, scope))
        futex_wake(&c->sequence, scope, 1);
    return 0;
}

int pthread_cond_broadcast(pthread_cond_t *cond)
{
    struct condition *c = condition_of(cond);
    unsigned scope = condition_scope(c);
    struct mutex *m;
    long moved;

    if (!change_sequence(c, scope))
        return 0;
    m = c->mutex;
    if (c->flags & CONDITION_SHARED || m->kind & (MUTEX_SHARED | MUTEX_INHERIT)) {
        futex_wake(&c->sequence, scope, INT_MAX);
        return 0;
    }
    moved = __futex_raw(&c->sequence, FUTEX_REQUEUE | FUTEX_PRIVATE, 0, (const struct timespec *)INT_MAX, &m->word, 0);
    if (moved > 0) {
        announce(m);
        condition_leave(c, (unsigned)moved);
    }
    return 0;
}
