/*
 * pathconf.c - limits and options that may depend on a file; here they depend on no more than its being there.
 */
#include "libc.h"
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/* POSIX pathconf: -1 with EINVAL for an unknown name; -1 without, for what has no limit. */
static long value(int name)
{
    switch (name) {
    case _PC_2_SYMLINKS:
    case _PC_CHOWN_RESTRICTED:
    case _PC_NO_TRUNC:
    case _PC_ASYNC_IO:
    case _PC_SYNC_IO:
    case _PC_TIMESTAMP_RESOLUTION:
        return 1;
    case _PC_ALLOC_SIZE_MIN:
    case _PC_REC_INCR_XFER_SIZE:
    case _PC_REC_MIN_XFER_SIZE:
    case _PC_REC_XFER_ALIGN:
        return PAGESIZE;
    case _PC_FILESIZEBITS:
        return 65 - __builtin_clzll(ABI_FILE_SIZE_MAX); /* of a signed number */
    case _PC_LINK_MAX:
        return LINK_MAX;
    case _PC_MAX_CANON:
        return MAX_CANON;
    case _PC_MAX_INPUT:
        return MAX_INPUT;
    case _PC_NAME_MAX:
        return NAME_MAX;
    case _PC_PATH_MAX:
        return PATH_MAX;
    case _PC_PIPE_BUF:
        return PIPE_BUF;
    case _PC_SYMLINK_MAX:
        return SYMLINK_MAX;
    case _PC_VDISABLE:
        return _POSIX_VDISABLE;
    }
    if (name < 0 || name > _PC_TIMESTAMP_RESOLUTION)
        errno = EINVAL;
    return -1;
}

long pathconf(const char *path, int name)
{
    struct stat status;

    return stat(path, &status) == -1 ? -1 : value(name);
}

long fpathconf(int fd, int name)
{
    struct stat status;

    return fstat(fd, &status) == -1 ? -1 : value(name);
}
