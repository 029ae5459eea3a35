/*
 * sem_timedwait.c - taking a unit of a semaphore, waiting for it until a moment at most.
 */
#include "sem.h"

int sem_clockwait(sem_t *restrict sem, clockid_t clock, const struct timespec *restrict deadline)
{
    struct semaphore *s = semaphore_of(sem);
    int flags = deadline_clock(clock);

    semaphore_point();
    if (semaphore_take(s))
        return 0; /* whatever the deadline is */
    if (flags < 0 || !time_is_valid(deadline))
        errno = EINVAL; /* POSIX sem_timedwait: EINVAL */
    else if (deadline->tv_sec < 0)
        errno = ETIMEDOUT; /* POSIX sem_timedwait: ETIMEDOUT */
    else
        return __semaphore_wait(s, flags, deadline);
    return -1;
}

int sem_timedwait(sem_t *restrict sem, const struct timespec *restrict deadline)
{
    return sem_clockwait(sem, CLOCK_REALTIME, deadline);
}
