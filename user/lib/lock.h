/*
 * lock.h - a lock of one word, over atomic operations and the futex call.
 *
 * 0 is free; else it is the owner's TLS pointer, which is at hand without a call and is still true in a child after
 * fork, with LOCK_WAITED or-ed in where somebody may sleep for it.  Taking a free lock and giving back one that nobody
 * waits for cost no system call.
 */
#pragma once

#include "libc.h"
#include <abi/futex.h>
#include <stdbool.h>

#define LOCK_WAITED 1

/* The locks of the library's own data: fork takes them (pthread/pthread_atfork.c). */
extern volatile int __aio_lock, __atfork_lock, __key_lock, __popen_lock, __random_lock, __sbrk_lock, __sem_open_lock,
    __sigev_lock;
extern volatile int __syslog_lock;

/* One that newlib has asked for (newlib_locks.c). */
struct __lock {
    volatile int word;
    unsigned depth; /* recursive locks: how often its owner holds it; the owner's own */
};

/* The slow ways; they leave errno alone. */
void __lock_wait(volatile int *word);
void __lock_wake(volatile int *word);

static inline int lock_self(void)
{
    return (int)(uintptr_t)__builtin_thread_pointer();
}

static inline bool lock_is_mine(const volatile int *word)
{
    return (*word & ~LOCK_WAITED) == lock_self();
}

static inline bool lock_try(volatile int *word)
{
    int free = 0;

    return __atomic_compare_exchange_n(word, &free, lock_self(), false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline void lock_acquire(volatile int *word)
{
    if (!lock_try(word))
        __lock_wait(word);
}

static inline void lock_release(volatile int *word)
{
    if (__atomic_exchange_n(word, 0, __ATOMIC_RELEASE) & LOCK_WAITED)
        __lock_wake(word);
}
