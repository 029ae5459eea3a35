/*
 * sem_timedwait.c - taking a unit of a semaphore, waiting for it until a moment at most.
 */
#include "sem.h"
#include <time.h>

int sem_clockwait(sem_t *restrict sem, clockid_t clock, const struct timespec *restrict deadline)
{
    struct semaphore *s = semaphore_of(sem);

    if (semaphore_take(s))
        return 0; /* whatever the deadline is */
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
        errno = EINVAL;
    else if (deadline->tv_nsec < 0 || deadline->tv_nsec >= 1000000000)
        errno = EINVAL; /* POSIX sem_timedwait: EINVAL */
    else if (deadline->tv_sec < 0)
        errno = ETIMEDOUT; /* POSIX sem_timedwait: ETIMEDOUT */
    else
        return __semaphore_wait(s, clock == CLOCK_REALTIME ? FUTEX_REALTIME : 0, deadline);
    return -1;
}

int sem_timedwait(sem_t *restrict sem, const struct timespec *restrict deadline)
{
    return sem_clockwait(sem, CLOCK_REALTIME, deadline);
}
