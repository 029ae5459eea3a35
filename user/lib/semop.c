/*
 * semop.c - operations on a semaphore set, without a limit of time.
 */
#include <stddef.h>
#include <sys/sem.h>

int semop(int set, struct sembuf *operations, size_t count)
{
    return semtimedop(set, operations, count, NULL);
}
