/*
 * posix_madvise.c - advice on how memory will be used.
 *
 * What is not needed stays as it is: unlike madvise(), this call may not lose what is there.
 */
#include "libc.h"
#include <sys/mman.h>

/* POSIX posix_madvise: answers the error; errno stays as it was. */
int posix_madvise(void *address, size_t length, int advice)
{
    int saved = errno, result = 0;

    if (madvise(address, length, advice == POSIX_MADV_DONTNEED ? MADV_NORMAL : advice) == -1)
        result = errno; /* EINVAL: not at a page's start, no such advice; ENOMEM: not all mapped */
    errno = saved;
    return result;
}
