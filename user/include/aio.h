/*
 * aio.h - reading and writing while the program goes on.
 */
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/cdefs.h>
#include <sys/types.h>
#include <time.h>

#define AIO_ALLDONE 0
#define AIO_CANCELED 1
#define AIO_NOTCANCELED 2

#define LIO_READ 0
#define LIO_WRITE 1
#define LIO_NOP 2
#define LIO_WAIT 0
#define LIO_NOWAIT 1

struct aiocb {
    int aio_fildes;
    int aio_lio_opcode;
    int aio_reqprio;
    volatile void *aio_buf;
    size_t aio_nbytes;
    off_t aio_offset;
    struct sigevent aio_sigevent;

    /* the library's */
    struct aiocb *__next;
    struct __aio_list *__list;
    int __kind;
    volatile int __error;
    ssize_t __result;
};

__BEGIN_DECLS
int aio_cancel(int __fd, struct aiocb *__block);
int aio_error(const struct aiocb *__block);
int aio_fsync(int __operation, struct aiocb *__block);
int aio_read(struct aiocb *__block);
ssize_t aio_return(struct aiocb *__block);
int aio_suspend(const struct aiocb *const __list[], int __count, const struct timespec *__timeout);
int aio_write(struct aiocb *__block);
int lio_listio(int __mode, struct aiocb *__restrict const __list[__restrict], int __count,
               struct sigevent *__restrict __event);
__END_DECLS
