/*
 * sem_wait.c - taking a unit of a semaphore.
 */
#include "sem.h"
#include <time.h>

int __semaphore_wait(struct semaphore *s, unsigned realtime, const struct timespec *deadline)
{
    long result = __futex_point(&s->count, (int)(FUTEX_SEM_WAIT | s->private | realtime), 0, deadline, NULL, 0);

    if (result < 0)
        return (int)__syscall_error(result); /* POSIX sem_wait: EINTR */
    s->taker = __thread_id();
    return 0;
}

int sem_wait(sem_t *sem)
{
    struct semaphore *s = semaphore_of(sem);

    semaphore_point();
    return semaphore_take(s) ? 0 : __semaphore_wait(s, 0, NULL);
}
