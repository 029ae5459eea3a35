/*
 * lseek.c - the position of an open file; it is 64 bits wide, so the kernel stores it instead of answering it.
 */
#include "libc.h"
#include <unistd.h>

off_t lseek(int fd, off_t offset, int whence)
{
    off_t position;

    return __lseek(fd, offset, whence, &position) == -1 ? -1 : position;
}
