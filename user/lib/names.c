/*
 * names.c - calls with paths, relative to the current directory, whose arguments the stubs of stubs.list cannot put in
 * order.
 */
#include "libc.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int chown(const char *path, uid_t owner, gid_t group)
{
    return fchownat(AT_FDCWD, path, owner, group, 0);
}

int lchown(const char *path, uid_t owner, gid_t group)
{
    return fchownat(AT_FDCWD, path, owner, group, AT_SYMLINK_NOFOLLOW);
}

int link(const char *path, const char *new)
{
    return linkat(AT_FDCWD, path, AT_FDCWD, new, 0);
}

int symlink(const char *target, const char *path)
{
    return symlinkat(target, AT_FDCWD, path);
}

int rename(const char *path, const char *new)
{
    return renameat(AT_FDCWD, path, AT_FDCWD, new);
}

int mkfifoat(int dir, const char *path, mode_t mode)
{
    return mknodat(dir, path, (mode & 07777) | S_IFIFO, 0);
}

int mkfifo(const char *path, mode_t mode)
{
    return mkfifoat(AT_FDCWD, path, mode);
}

int truncate(const char *path, off_t length)
{
    return __truncate(path, 0, length);
}

int eaccess(const char *path, int mode)
{
    return faccessat(AT_FDCWD, path, mode, AT_EACCESS);
}
