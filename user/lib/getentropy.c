/*
 * getentropy.c - random bytes, from /dev/urandom.
 */
#include "libc.h"
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

int getentropy(void *buffer, size_t size)
{
    int fd;
    ssize_t n;

    if (size > GETENTROPY_MAX) {
        errno = EIO;
        return -1;
    }
    fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    if (fd == -1) {
        errno = ENOSYS;
        return -1;
    }
    n = read(fd, buffer, size);
    close(fd);
    if (n >= 0 && (size_t)n < size) {
        errno = EIO;
        n = -1;
    }
    return n == -1 ? -1 : 0;
}
