/*
 * mmap.c - mapping memory; the kernel takes the offset in pages.
 */
#include "libc.h"
#include <sys/mman.h>

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
    if (offset % PARLEY_PAGE_SIZE != 0) {
        errno = EINVAL; /* POSIX mmap: EINVAL */
        return MAP_FAILED;
    }
    if (offset < 0 || offset / PARLEY_PAGE_SIZE + length / PARLEY_PAGE_SIZE > UINT32_MAX) {
        errno = EOVERFLOW; /* POSIX mmap: EOVERFLOW */
        return MAP_FAILED;
    }
    return __mmap(address, length, protection, flags, fd, (unsigned)(offset / PARLEY_PAGE_SIZE));
}
