/*
 * fstatvfs.c - the file system of an open file, by the file's name in /proc.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/statvfs.h>

int fstatvfs(int fd, struct statvfs *result)
{
    char path[32];

    if (fcntl(fd, F_GETFD) == -1)
        return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return statvfs(path, result);
}
