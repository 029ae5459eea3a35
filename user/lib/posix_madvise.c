/*
 * posix_madvise.c - advice on how memory will be used.
 *
 * It is checked and not needed: what is mapped stays in memory.
 */
#include "libc.h"
#include <sys/mman.h>

/* POSIX posix_madvise: answers the error; errno stays as it was. */
int posix_madvise(void *address, size_t length, int advice)
{
    int saved = errno, result = 0;

    if (advice < POSIX_MADV_NORMAL || advice > POSIX_MADV_DONTNEED)
        return EINVAL;
    if (msync(address, length, MS_ASYNC) == -1)
        result = errno; /* EINVAL: not at a page's start; ENOMEM: not all mapped */
    errno = saved;
    return result;
}
