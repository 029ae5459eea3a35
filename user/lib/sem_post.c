/*
 * sem_post.c - adding a unit to a semaphore; may be called in signal handlers.
 */
#include "sem.h"

int sem_post(sem_t *sem)
{
    struct semaphore *s = semaphore_of(sem);

    if (semaphore_give(s))
        return 0;
    return __futex(&s->count, FUTEX_SEM_POST | s->private, 0, NULL); /* POSIX sem_post: EOVERFLOW */
}
