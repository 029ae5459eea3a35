/*
 * by_descriptor.c - the calls on open files that have a twin for names: no path, and AT_EMPTY_PATH.
 */
#include "libc.h"
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

int fchdir(int fd)
{
    return __chdir_at(fd, NULL, AT_EMPTY_PATH);
}

int fchmod(int fd, mode_t mode)
{
    return fchmodat(fd, NULL, mode, AT_EMPTY_PATH);
}

int fchown(int fd, uid_t owner, gid_t group)
{
    return fchownat(fd, NULL, owner, group, AT_EMPTY_PATH);
}

int fstat(int fd, struct stat *status)
{
    return fstatat(fd, NULL, status, AT_EMPTY_PATH);
}

int fstatvfs(int fd, struct statvfs *result)
{
    return __statvfs_at(fd, NULL, result, AT_EMPTY_PATH);
}

int futimens(int fd, const struct timespec times[2])
{
    return utimensat(fd, NULL, times, AT_EMPTY_PATH);
}
