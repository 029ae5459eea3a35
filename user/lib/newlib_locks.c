/*
 * newlib_locks.c - the locks that newlib asks for (its sys/lock.h, "retargetable locking").
 *
 * Newlib names its own locks (malloc's, the list of streams, the environment ...), and makes one more for each stream.
 * All are struct __lock.
 */
#include "lock.h"
#include "pthread/memory.h"
#include <stdio.h>
#include <sys/lock.h>

#pragma weak __sf

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
    if (lock_is_mine(&lock->word)) {
        lock->depth++;
    } else {
        lock_acquire(&lock->word);
        lock->depth = 1;
    }
}

int __retarget_lock_try_acquire_recursive(_LOCK_T lock)
{
    if (lock_is_mine(&lock->word))
        lock->depth++;
    else if (lock_try(&lock->word))
        lock->depth = 1;
    else
        return 0;
    return 1;
}

void __retarget_lock_release_recursive(_LOCK_T lock)
{
    if (--lock->depth == 0)
        lock_release(&lock->word);
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

        if (streams[i]._flags == 0 || lock == NULL || lock_is_mine(&lock->word))
            continue;
        if (lock->word != 0)
            forget_buffers(&streams[i]);
        *lock = (struct __lock){0};
    }
}

void __newlib_streams_free(void)
{
    if (__sf)
        free_streams(__sf, 3);
    for (struct _glue *glue = &_GLOBAL_REENT->__sglue; glue != NULL; glue = glue->_next)
        free_streams((struct __sFILE *)glue->_iobs, glue->_niobs);
}
