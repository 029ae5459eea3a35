/*
 * ftok.c - a System V key from a file: the same file and number give the same key.
 */
#include "libc.h"
#include <sys/ipc.h>
#include <sys/stat.h>

/* POSIX ftok: EACCES, ENOENT ... as stat().  Inode numbers are never used twice, so their low bits do for a key. */
key_t ftok(const char *path, int id)
{
    struct stat status;

    if (stat(path, &status) == -1)
        return -1;
    return (key_t)((id & 0xff) << 24 | (status.st_dev & 0xff) << 16 | (status.st_ino & 0xffff));
}
