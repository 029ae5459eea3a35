/*
 * streams.c - all open streams, one after the other: for fflush(NULL), for exit, and for a read that first writes out
 * what stands in line-buffered streams.  In newlib's place, where exit and fflush(NULL) wait for every stream's lock:
 * for ever, when another thread holds one in a read.
 *
 * Streams lie in arrays, linked by struct _glue, which are never freed; a stream's lock is freed by fclose(), with the
 * lock of the list held (__sfp_lock_acquire).  So a stream's lock is only looked at with the list's held, and it is
 * never slept for: whoever needs it looks again a millisecond later.
 *
 * Left out on purpose: closing at exit.  The kernel closes the files, and the memory ends with the process.
 */
#include "libc.h"
#include <abi/futex.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

enum { LOOKS_AT_EXIT = 10 };

/* Newlib's: the list's lock, and what fflush() does with the stream's lock held. */
void __sfp_lock_acquire(void);
void __sfp_lock_release(void);
int __sflush_r(struct _reent *reent, FILE *stream);

void __streams_exit(void);
int _fwalk(struct _reent *unused, int (*function)(FILE *));
int _fwalk_reent(struct _reent *unused, int (*function)(struct _reent *, FILE *));

/* Flags 0: it is free; 1: somebody is just opening it, or refills it and wants it to be passed over. */
static bool is_open(const FILE *stream)
{
    return stream->_flags != 0 && stream->_flags != 1 && stream->_file != -1;
}

/* The `or` of what `visit` answers for each open stream. */
static int visit_all(int (*visit)(FILE *stream, void *context), void *context)
{
    int result = 0;

    for (struct _glue *glue = &_GLOBAL_REENT->__sglue; glue != NULL; glue = glue->_next) {
        for (int i = 0; i < glue->_niobs; i++) {
            if (is_open((FILE *)&glue->_iobs[i]))
                result |= visit((FILE *)&glue->_iobs[i], context);
        }
    }
    return result;
}

/* No cancellation point, as nanosleep() is one. */
static void sleep_millisecond(void)
{
    const struct timespec millisecond = {.tv_nsec = 1000000};
    int saved = errno, nobody_wakes = 0;

    __futex(&nobody_wakes, FUTEX_WAIT | FUTEX_PRIVATE, 0, &millisecond);
    errno = saved;
}

/* Lock a stream.  False: it is no longer open, or another thread holds it and only reads from it, or still holds it at
 * the last of so many looks. */
static bool lock_stream(FILE *stream, unsigned looks)
{
    bool locked = false, wanted = true;

    while (wanted && looks-- > 0) {
        __sfp_lock_acquire();
        locked = is_open(stream) && ftrylockfile(stream) == 0;
        wanted = !locked && is_open(stream) && (stream->_flags & __SWR);
        __sfp_lock_release();
        if (wanted)
            sleep_millisecond();
    }
    return locked;
}

/* Who holds an output stream all the time, or has ended with it, loses nothing of what stands in its buffer. */
static int flush_at_exit(FILE *stream, void *unused)
{
    bool locked = lock_stream(stream, LOOKS_AT_EXIT);

    (void)unused;
    if (locked || (is_open(stream) && (stream->_flags & __SWR)))
        __sflush_r(_REENT, stream);
    if (locked)
        funlockfile(stream);
    return 0;
}

/* POSIX exit: all streams flushed. */
void __streams_exit(void)
{
    visit_all(flush_at_exit, NULL);
}

static int visit_plainly(FILE *stream, void *function)
{
    return (*(int (**)(FILE *))function)(stream);
}

/* Newlib's, for __srefill_r(). */
int _fwalk(struct _reent *unused, int (*function)(FILE *))
{
    (void)unused;
    return visit_all(visit_plainly, &function);
}

static int visit_locked(FILE *stream, void *function)
{
    int result;

    if (!lock_stream(stream, ~0u))
        return 0;
    result = (*(int (**)(struct _reent *, FILE *))function)(_REENT, stream);
    funlockfile(stream);
    return result;
}

/* Newlib's, for fflush(NULL): a stream that another thread reads from has nothing to be written. */
int _fwalk_reent(struct _reent *unused, int (*function)(struct _reent *, FILE *))
{
    (void)unused;
    return visit_all(visit_locked, &function);
}
