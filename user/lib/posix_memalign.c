/*
 * posix_memalign.c - memory at a multiple of a power of two.
 */
#include "libc.h"
#include <malloc.h>

/* POSIX posix_memalign: answers EINVAL or ENOMEM; errno stays as it was. */
int posix_memalign(void **result, size_t alignment, size_t size)
{
    int saved = errno;
    void *memory;

    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0)
        return EINVAL;
    memory = memalign(alignment, size);
    errno = saved;
    if (memory == NULL)
        return ENOMEM;
    *result = memory;
    return 0;
}
