/*
 * ulimit.c - the limit on files' sizes, in blocks of 512 bytes.
 */
#include "libc.h"
#include <limits.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <ulimit.h>

#define BLOCK 512

static long in_blocks(rlim_t bytes)
{
    return bytes == RLIM_INFINITY || bytes / BLOCK > LONG_MAX ? LONG_MAX : (long)(bytes / BLOCK);
}

/* POSIX ulimit: EINVAL for an unknown command; EPERM where a limit would grow and the caller may not. */
long ulimit(int command, ...)
{
    struct rlimit limit;
    va_list more;
    long blocks;

    if (command != UL_GETFSIZE && command != UL_SETFSIZE) {
        errno = EINVAL;
        return -1;
    }
    if (command == UL_SETFSIZE) {
        va_start(more, command);
        blocks = va_arg(more, long);
        va_end(more);
        limit.rlim_cur = limit.rlim_max = blocks < 0 || blocks == LONG_MAX ? RLIM_INFINITY : (rlim_t)blocks * BLOCK;
        if (setrlimit(RLIMIT_FSIZE, &limit) == -1)
            return -1;
    }
    return getrlimit(RLIMIT_FSIZE, &limit) == -1 ? -1 : in_blocks(limit.rlim_cur);
}
