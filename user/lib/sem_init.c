/*
 * sem_init.c - unnamed semaphores: their making, their end, and a look at the count.
 */
#include "sem.h"

int sem_init(sem_t *sem, int shared, unsigned value)
{
    if (value > SEM_VALUE_MAX) {
        errno = EINVAL; /* POSIX sem_init: EINVAL */
        return -1;
    }
    *semaphore_of(sem) = (struct semaphore){.count = value, .private = shared ? 0 : FUTEX_PRIVATE};
    return 0;
}

/* Nothing was taken for it, so nothing is given back. */
int sem_destroy(sem_t *sem)
{
    (void)sem;
    return 0;
}

/* 0 while others wait, as POSIX allows. */
int sem_getvalue(sem_t *restrict sem, int *restrict value)
{
    int count = (int)semaphore_of(sem)->count;

    *value = count > 0 ? count : 0;
    return 0;
}
