/*
 * pthread_join.c - waiting for a thread's end.
 */
#include "memory.h"
#include <time.h>

/* Wait until it has ended, which is a cancellation point.  0, or ETIMEDOUT. */
static int await(struct thread *thread, bool realtime, const struct timespec *deadline)
{
    int operation = FUTEX_WAIT_BITSET | FUTEX_PRIVATE | (realtime ? FUTEX_REALTIME : 0), life;

    while ((life = __atomic_load_n(&thread->life, __ATOMIC_ACQUIRE)) != 0) {
        if (__futex_point(&thread->life, operation, (unsigned)life, deadline, NULL, FUTEX_ALL_BITS) == -ETIMEDOUT)
            return ETIMEDOUT; /* POSIX has none; as Linux */
    }
    return 0;
}

/* May this thread be joined by the running one?  0, or an error. */
static int check(const struct thread *thread)
{
    if (thread == thread_self())
        return EDEADLK;                                /* POSIX pthread_join: EDEADLK */
    return thread->fate == FATE_DETACHED ? EINVAL : 0; /* POSIX pthread_join: EINVAL */
}

/* It has ended: take its result and its memory. */
static void finish(struct thread *thread, void **result)
{
    if (result != NULL)
        *result = thread->result;
    __thread_memory_put(thread);
}

static int join(struct thread *thread, void **result, bool realtime, const struct timespec *deadline)
{
    int error = check(thread);

    if (error == 0) {
        pthread_testcancel();
        error = await(thread, realtime, deadline);
    }
    if (error == 0)
        finish(thread, result);
    return error;
}

int pthread_join(pthread_t id, void **result)
{
    return join(thread_of(id), result, false, NULL);
}

int pthread_clockjoin_np(pthread_t id, void **result, clockid_t clock, const struct timespec *deadline)
{
    if (deadline_clock(clock) < 0 || (deadline != NULL && !time_is_valid(deadline)))
        return EINVAL;
    return join(thread_of(id), result, clock == CLOCK_REALTIME, deadline);
}

int pthread_timedjoin_np(pthread_t id, void **result, const struct timespec *deadline)
{
    return pthread_clockjoin_np(id, result, CLOCK_REALTIME, deadline);
}

int pthread_tryjoin_np(pthread_t id, void **result)
{
    struct thread *thread = thread_of(id);
    int error = check(thread);

    if (error == 0 && __atomic_load_n(&thread->life, __ATOMIC_ACQUIRE) != 0)
        error = EBUSY;
    if (error == 0)
        finish(thread, result);
    return error;
}
