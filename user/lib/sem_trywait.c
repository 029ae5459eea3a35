/*
 * sem_trywait.c - taking a unit of a semaphore if that needs no waiting.
 */
#include "sem.h"

int sem_trywait(sem_t *sem)
{
    if (semaphore_take(semaphore_of(sem)))
        return 0;
    errno = EAGAIN; /* POSIX sem_trywait: EAGAIN */
    return -1;
}
