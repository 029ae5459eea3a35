/*
 * sem.h - what the sem_*.c files share: what is in a sem_t.
 *
 * A semaphore is its count, in one word.  Taking a unit when there is one, and adding one when nobody sleeps, are one
 * change of that word, without a call.  When there is none, or the word says that somebody sleeps, the kernel does it:
 * it hands a new unit to the first sleeper (ipc/futex.c).
 */
#pragma once

#include "pthread/thread.h"
#include <abi/futex.h>
#include <limits.h>
#include <semaphore.h>

struct semaphore {
    volatile unsigned count; /* FUTEX_SEM_WAITED: none, and perhaps somebody sleeps */
    volatile pid_t taker;    /* the thread that took a unit last: it may be the one that others wait for */
    unsigned private;        /* FUTEX_PRIVATE: used by one process only */
    unsigned unused[5];
};
_Static_assert(sizeof(struct semaphore) == sizeof(sem_t), "the size of sem_t is fixed");

static inline struct semaphore *semaphore_of(sem_t *sem)
{
    return (struct semaphore *)sem;
}

#pragma weak __cancel_now

/* POSIX 2.9.5: taking a unit is a cancellation point, there be one or not.  Where nothing is linked that cancels, no
 * thread is to end. */
static inline void semaphore_point(void)
{
    if (cancel_is_due(thread_self()->cancel))
        __cancel_now();
}

/* Take a unit if there is one.  One exclusive load and store, which the compiler's compare-and-swap would do twice. */
static inline int semaphore_take(struct semaphore *s)
{
    unsigned count, failed;

    do {
        __asm__ volatile("ldrex %0, %1" : "=r"(count) : "Q"(s->count));
        if ((int)count <= 0)
            return 0;
        __asm__ volatile("strex %0, %2, %1" : "=&r"(failed), "=Q"(s->count) : "r"(count - 1));
    } while (failed);
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    s->taker = __thread_id();
    return 1;
}

/* Add a unit where no call is needed for it. */
static inline int semaphore_give(struct semaphore *s)
{
    unsigned count, failed;

    __atomic_thread_fence(__ATOMIC_RELEASE);
    do {
        __asm__ volatile("ldrex %0, %1" : "=r"(count) : "Q"(s->count));
        if (count >= SEM_VALUE_MAX)
            return 0;
        __asm__ volatile("strex %0, %2, %1" : "=&r"(failed), "=Q"(s->count) : "r"(count + 1));
    } while (failed);
    return 1;
}

/* Take a unit, sleeping for it until `deadline` on the clock that `realtime` (FUTEX_REALTIME or 0) says; NULL: for
 * ever. */
int __semaphore_wait(struct semaphore *s, unsigned realtime, const struct timespec *deadline);

/* /dev/shm/PREFIXname into `path`, of SHM_PATH_MAX bytes.  0, or -1 with errno. */
#define SHM_PATH_MAX (NAME_MAX + 16)
int __shm_path(char *path, const char *prefix, const char *name);
