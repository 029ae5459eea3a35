/*
 * posix_fallocate.c - room for a part of a file, and advice on how it will be used.
 */
#include "libc.h"
#include <fcntl.h>
#include <unistd.h>

/* POSIX posix_fallocate: answers the error; errno stays as it was. */
int posix_fallocate(int fd, off_t offset, off_t length)
{
    int saved = errno, result = 0;

    if (fallocate(fd, 0, offset, length) == -1)
        result = errno;
    errno = saved;
    return result;
}

/* The advice is checked and not needed: all files are in memory. */
int posix_fadvise(int fd, off_t offset, off_t length, int advice)
{
    int saved = errno, result = 0;

    (void)offset;
    if (lseek(fd, 0, SEEK_CUR) == -1)
        result = errno; /* POSIX posix_fadvise: EBADF, ESPIPE */
    else if (length < 0 || advice < POSIX_FADV_NORMAL || advice > POSIX_FADV_NOREUSE)
        result = EINVAL; /* POSIX posix_fadvise: EINVAL */
    errno = saved;
    return result;
}
