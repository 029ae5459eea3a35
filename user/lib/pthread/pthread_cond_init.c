/*
 * pthread_cond_init.c - condition variables are made and destroyed; their attributes.
 */
#include "condition.h"
#include <time.h>

int pthread_cond_init(pthread_cond_t *restrict cond, const pthread_condattr_t *restrict attr)
{
    struct condition *c = condition_of(cond);

    /* With another sequence than one that was here: who still comes to sleep there is not to sleep here. */
    *c = (struct condition){.sequence = c->sequence + 1, .flags = attr != NULL ? attr->__word[0] : 0};
    return 0;
}

/* POSIX pthread_cond_destroy: safe when nobody is blocked; those that have been woken may still be on their way out. */
int pthread_cond_destroy(pthread_cond_t *cond)
{
    struct condition *c = condition_of(cond);
    unsigned count = __atomic_or_fetch(&c->count, CONDITION_DESTROYED, __ATOMIC_ACQ_REL);

    while (count != CONDITION_DESTROYED) {
        __futex_raw(&c->count, FUTEX_WAIT | FUTEX_PRIVATE, count, NULL, NULL, 0);
        count = __atomic_load_n(&c->count, __ATOMIC_ACQUIRE);
    }
    return 0;
}

int pthread_condattr_init(pthread_condattr_t *attr)
{
    *attr = (pthread_condattr_t){{0}};
    return 0;
}

int pthread_condattr_destroy(pthread_condattr_t *attr)
{
    (void)attr;
    return 0;
}

int pthread_condattr_getclock(const pthread_condattr_t *restrict attr, clockid_t *restrict clock)
{
    *clock = attr->__word[0] & CONDITION_MONOTONIC ? CLOCK_MONOTONIC : CLOCK_REALTIME;
    return 0;
}

int pthread_condattr_setclock(pthread_condattr_t *attr, clockid_t clock)
{
    if (deadline_clock(clock) < 0)
        return EINVAL; /* POSIX pthread_condattr_setclock: EINVAL */
    attr->__word[0] = (attr->__word[0] & ~CONDITION_MONOTONIC) | (clock == CLOCK_MONOTONIC ? CONDITION_MONOTONIC : 0);
    return 0;
}

int pthread_condattr_getpshared(const pthread_condattr_t *restrict attr, int *restrict shared)
{
    *shared = attr->__word[0] & CONDITION_SHARED ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
    return 0;
}

int pthread_condattr_setpshared(pthread_condattr_t *attr, int shared)
{
    if (shared != PTHREAD_PROCESS_SHARED && shared != PTHREAD_PROCESS_PRIVATE)
        return EINVAL; /* POSIX pthread_condattr_setpshared: EINVAL */
    attr->__word[0] = (attr->__word[0] & ~CONDITION_SHARED) | (shared ? CONDITION_SHARED : 0);
    return 0;
}
