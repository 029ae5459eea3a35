/*
 * sem_wait.c - taking a unit of a semaphore.
 */
#include "sem.h"
#include <time.h>

/* The futex call as a cancellation point. */
int __futex_unit(volatile void *word, int operation, unsigned value, const struct timespec *timeout);

int __semaphore_wait(struct semaphore *s, unsigned realtime, const struct timespec *deadline)
{
    if (__futex_unit(&s->count, (int)(FUTEX_SEM_WAIT | s->private | realtime), 0, deadline) == -1)
        return -1; /* POSIX sem_wait: EINTR */
    s->taker = __thread_id();
    return 0;
}

int sem_wait(sem_t *sem)
{
    struct semaphore *s = semaphore_of(sem);

    semaphore_point();
    return semaphore_take(s) ? 0 : __semaphore_wait(s, 0, NULL);
}
