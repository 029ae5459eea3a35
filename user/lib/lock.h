/*
 * lock.h - a lock of one word, over atomic operations and the futex call.
 *
 * 0 is free, 1 held, 2 held and perhaps waited for.  Taking a free lock and giving back one that nobody waits for cost
 * no system call.
 */
#pragma once

#include "libc.h"
#include <abi/futex.h>

/* The locks of the library's own data: fork takes them (pthread/pthread_atfork.c). */
extern volatile int __aio_lock, __atfork_lock, __key_lock, __popen_lock, __random_lock, __sem_open_lock, __sigev_lock;
extern volatile int __syslog_lock;

/* The slow ways; they leave errno alone. */
void __lock_wait(volatile int *word);
void __lock_wake(volatile int *word);

static inline int lock_try(volatile int *word)
{
    int free = 0;

    return __atomic_compare_exchange_n(word, &free, 1, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline void lock_acquire(volatile int *word)
{
    if (!lock_try(word))
        __lock_wait(word);
}

static inline void lock_release(volatile int *word)
{
    if (__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) == 2)
        __lock_wake(word);
}
