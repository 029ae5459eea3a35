/*
 * aio_calls.c - reading, writing and syncing in the background, and how far that is.
 */
#include "aio.h"
#include <limits.h>

/* 0, or -1 with errno. */
static int answer(int error)
{
    if (error == 0)
        return 0;
    errno = error;
    return -1;
}

/* May the request be made?  0 or an error. */
static int check(const struct aiocb *block, int mode)
{
    int flags = fcntl(block->aio_fildes, F_GETFL);

    if (flags == -1 || (mode != -1 && (flags & O_ACCMODE) != O_RDWR && (flags & O_ACCMODE) != mode))
        return EBADF; /* POSIX aio_read, aio_write, aio_fsync: EBADF */
    if (mode != -1 && (block->aio_offset < 0 || block->aio_nbytes > SSIZE_MAX))
        return EINVAL; /* POSIX aio_read, aio_write: EINVAL */
    return block->aio_reqprio != 0 ? EINVAL : 0;
}

int aio_read(struct aiocb *block)
{
    int error = check(block, O_RDONLY);

    return answer(error != 0 ? error : __aio_submit(block, AIO_READ, NULL));
}

int aio_write(struct aiocb *block)
{
    int error = check(block, O_WRONLY);

    return answer(error != 0 ? error : __aio_submit(block, AIO_WRITE, NULL));
}

int aio_fsync(int operation, struct aiocb *block)
{
    int error = operation == O_SYNC || operation == O_DSYNC ? check(block, -1) : EINVAL; /* POSIX aio_fsync: EINVAL */

    return answer(error != 0 ? error : __aio_submit(block, operation == O_SYNC ? AIO_FSYNC : AIO_FDATASYNC, NULL));
}

int aio_error(const struct aiocb *block)
{
    return __atomic_load_n(&block->__error, __ATOMIC_ACQUIRE);
}

ssize_t aio_return(struct aiocb *block)
{
    int error = aio_error(block);

    if (error == EINPROGRESS)
        return answer(EINVAL); /* POSIX aio_return: EINVAL */
    if (error != 0)
        errno = error;
    return block->__result;
}

int aio_cancel(int fd, struct aiocb *block)
{
    if (fcntl(fd, F_GETFL) == -1)
        return -1; /* POSIX aio_cancel: EBADF */
    if (block != NULL && aio_error(block) != EINPROGRESS)
        return AIO_ALLDONE;
    return __aio_withdraw(fd, block);
}
