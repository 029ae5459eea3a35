/*
 * aio.h - requests that wait, and the threads that carry them out.
 *
 * Requests for one descriptor and one direction stand in a line and are carried out in turn by a thread, which is there
 * as long as the line is: so what is appended keeps its order, a read that waits for ever holds up no write, and
 * fsync(), which stands in the line of the writes, comes behind those before it.
 */
#pragma once

#include "../pthread/thread.h"
#include <aio.h>

enum aio_kind { AIO_READ, AIO_WRITE, AIO_FSYNC, AIO_FDATASYNC };

/* What lio_listio() was told of as one.  Each request that is not done counts in `left`, and so does lio_listio():
 * who is the last tells of it, and frees it. */
struct __aio_list {
    volatile int left;
    struct sigevent event;
};

/* Changes whenever a request is done: who waits for one sleeps on it. */
extern volatile unsigned __aio_done;

/* Put a request into its line.  0, or an error: EAGAIN. */
int __aio_submit(struct aiocb *block, enum aio_kind kind, struct __aio_list *list);
/* Tell as a struct sigevent says. */
void __aio_notify(const struct sigevent *event);
/* One of a list is done; list may be NULL. */
void __aio_list_done(struct __aio_list *list);
/* Take what has not been begun out of the lines of a descriptor: `only`, or all where that is NULL.  AIO_... */
int __aio_withdraw(int fd, const struct aiocb *only);
