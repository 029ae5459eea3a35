/*
 * newlib_locks.c - the locks that newlib asks for (its sys/lock.h, "retargetable locking").
 *
 * Newlib names its own locks (malloc's, the list of streams, the environment ...), and makes one more for each stream.
 * All are struct __lock; the recursive ones remember their owner, by its TLS pointer, which is at hand without a call
 * and is still true in a child after fork.
 */
#include "lock.h"
#include "pthread/memory.h"
#include <stdio.h>
#include <sys/lock.h>

#pragma weak __sf

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

/* In the order in which they are taken one inside the other. */
static struct __lock *const held_by_fork[] = {
    &__lock___tz_mutex,
    &__lock___env_recursive_mutex,
    &__lock___dd_hash_mutex,
    &__lock___arc4random_mutex,
    &__lock___atexit_recursive_mutex,
    &__lock___at_quick_exit_mutex,
    &__lock___sfp_recursive_mutex,
    &__lock___sinit_recursive_mutex,
    &__lock___malloc_recursive_mutex,
};
enum { held_count = sizeof held_by_fork / sizeof held_by_fork[0] };

/* All as recursive ones: the thread may hold one already, and the others are free or somebody else's. */
void __newlib_locks_hold(void)
{
    for (int i = 0; i < held_count; i++)
        __retarget_lock_acquire_recursive(held_by_fork[i]);
}

/*
 * A stream that another thread was using, or opening, or closing, is left half done: it may name a buffer that is
 * already free.  So the child forgets its buffers; what stood in them is the parent's.
 */
static void forget_buffers(struct __sFILE *stream)
{
    stream->_bf = stream->_ub = stream->_lb = (struct __sbuf){0};
    stream->_p = NULL;
    stream->_r = stream->_w = stream->_lbfsize = 0;
    stream->_flags &= ~__SMBF;
}

/* A stream that another thread had locked is free in the child. */
static void free_streams(struct __sFILE *streams, int count)
{
    for (int i = 0; i < count; i++) {
        struct __lock *lock = streams[i]._lock;

        if (streams[i]._flags == 0 || lock == NULL || lock->owner == __builtin_thread_pointer())
            continue;
        if (lock->owner != NULL)
            forget_buffers(&streams[i]);
        *lock = (struct __lock){0};
    }
}

void __newlib_locks_give(bool child)
{
    if (child && __sf)
        free_streams(__sf, 3);
    for (struct _glue *glue = &_GLOBAL_REENT->__sglue; child && glue != NULL; glue = glue->_next)
        free_streams((struct __sFILE *)glue->_iobs, glue->_niobs);
    for (int i = held_count; i-- > 0;)
        __retarget_lock_release_recursive(held_by_fork[i]);
}
