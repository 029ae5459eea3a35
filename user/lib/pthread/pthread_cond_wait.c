/*
 * pthread_cond_wait.c - waiting for a condition.
 */
#include "condition.h"
#include <time.h>

struct waiting {
    struct condition *condition; /* with `scope` not private it may be gone when the wait has ended */
    struct mutex *mutex;
    unsigned scope;
};

/* Answers the sequence.  The caller gives the mutex back next, which orders both accesses before all that follows. */
static inline unsigned enter(struct condition *c, unsigned scope)
{
    if (scope == FUTEX_PRIVATE)
        __atomic_add_fetch(&c->count, 1, __ATOMIC_RELAXED);
    return c->sequence;
}

static inline void leave(struct condition *c, unsigned scope)
{
    if (scope == FUTEX_PRIVATE)
        condition_leave(c, 1);
}

/* The thread is cancelled: it has the mutex again when its cleanup functions run. */
static void on_cancel(void *argument)
{
    struct waiting *w = argument;

    leave(w->condition, w->scope);
    mutex_lock(w->mutex, 0);
}

/* Sleep while the sequence is the same.  As FUTEX_WAIT_BITSET; a cancellation point. */
static inline long sleep_on(struct condition *c, struct mutex *m, unsigned scope, unsigned sequence, unsigned realtime,
                            const struct timespec *deadline)
{
    int operation = (int)(FUTEX_WAIT_BITSET | scope | realtime);
    struct waiting w = {c, m, scope};
    struct __pthread_cleanup cleanup;
    long result;

    cleanup_push(&cleanup, on_cancel, &w);
    result = __futex_point(&c->sequence, operation, sequence, deadline, NULL, FUTEX_ALL_BITS);
    cleanup_pop(&cleanup);
    return result;
}

static int wait(struct condition *c, struct mutex *m, unsigned realtime, const struct timespec *deadline)
{
    unsigned scope = condition_scope(c), sequence, how = 0;
    long result;
    int error;

    c->mutex = m;
    sequence = enter(c, scope);
    error = mutex_unlock(m);
    if (error != 0) {
        leave(c, scope);
        return error; /* POSIX pthread_cond_wait: EPERM */
    }
    result = sleep_on(c, m, scope, sequence, realtime, deadline);
    if (result == 1)
        how = MUTEX_CONTENDED; /* a broadcast has counted us off; behind us there may be others */
    else
        leave(c, scope);
    error = mutex_lock(m, how);
    if (result == -ETIMEDOUT && error == 0)
        return ETIMEDOUT; /* POSIX pthread_cond_timedwait: ETIMEDOUT */
    return error;
}

/* The kernel takes no time before 1970, or before the boot. */
static int timed_wait(struct condition *c, struct mutex *m, unsigned realtime, const struct timespec *deadline)
{
    static const struct timespec past;

    if (!time_is_valid(deadline))
        return EINVAL; /* POSIX pthread_cond_timedwait: EINVAL */
    return wait(c, m, realtime, deadline->tv_sec < 0 ? &past : deadline);
}

int pthread_cond_wait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex)
{
    return wait(condition_of(cond), mutex_of(mutex), 0, NULL);
}

int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict deadline)
{
    struct condition *c = condition_of(cond);

    return timed_wait(c, mutex_of(mutex), c->flags & CONDITION_MONOTONIC ? 0 : FUTEX_REALTIME, deadline);
}

int pthread_cond_clockwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex, clockid_t clock,
                           const struct timespec *restrict deadline)
{
    int flags = deadline_clock(clock);

    return flags < 0 ? EINVAL : timed_wait(condition_of(cond), mutex_of(mutex), flags, deadline);
}
