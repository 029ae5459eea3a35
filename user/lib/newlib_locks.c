/*
 * newlib_locks.c - the locks that newlib asks for (its sys/lock.h, "retargetable locking").
 *
 * Newlib names its own locks (malloc's, the list of streams, the environment ...), and makes one more for each stream.
 * All are struct __lock; the recursive ones remember their owner, by its TLS pointer, which is at hand without a call
 * and is still true in a child after fork.
 */
#include "lock.h"
#include <sys/lock.h>

struct __lock {
    volatile int word;
    unsigned depth; /* recursive locks: how often its owner holds it; the owner's own */
    void *volatile owner;
};

struct __lock __lock___sinit_recursive_mutex, __lock___sfp_recursive_mutex, __lock___atexit_recursive_mutex;
struct __lock __lock___at_quick_exit_mutex, __lock___malloc_recursive_mutex, __lock___env_recursive_mutex;
struct __lock __lock___tz_mutex, __lock___dd_hash_mutex, __lock___arc4random_mutex;

/* Shared by all streams that got no lock of their own when memory was short: too coarse, but right. */
static struct __lock spare;

void __retarget_lock_init(_LOCK_T *lock)
{
    *lock = calloc(1, sizeof(struct __lock));
    if (*lock == NULL)
        *lock = &spare;
}

void __retarget_lock_init_recursive(_LOCK_T *lock)
{
    __retarget_lock_init(lock);
}

void __retarget_lock_close(_LOCK_T lock)
{
    if (lock != &spare)
        free(lock);
}

void __retarget_lock_close_recursive(_LOCK_T lock)
{
    __retarget_lock_close(lock);
}

void __retarget_lock_acquire(_LOCK_T lock)
{
    lock_acquire(&lock->word);
}

int __retarget_lock_try_acquire(_LOCK_T lock)
{
    return lock_try(&lock->word);
}

void __retarget_lock_release(_LOCK_T lock)
{
    lock_release(&lock->word);
}

void __retarget_lock_acquire_recursive(_LOCK_T lock)
{
    void *self = __builtin_thread_pointer();

    if (lock->owner != self) {
        lock_acquire(&lock->word);
        lock->owner = self;
    }
    lock->depth++;
}

int __retarget_lock_try_acquire_recursive(_LOCK_T lock)
{
    void *self = __builtin_thread_pointer();

    if (lock->owner != self) {
        if (!lock_try(&lock->word))
            return 0;
        lock->owner = self;
    }
    lock->depth++;
    return 1;
}

void __retarget_lock_release_recursive(_LOCK_T lock)
{
    if (--lock->depth == 0) {
        lock->owner = NULL;
        lock_release(&lock->word);
    }
}
