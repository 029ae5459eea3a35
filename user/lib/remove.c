/*
 * remove.c - a name goes, be it a file's or an empty directory's.
 */
#include "libc.h"
#include <stdio.h>
#include <unistd.h>

int remove(const char *path)
{
    if (unlink(path) == 0)
        return 0;
    return errno == EISDIR || errno == EPERM ? rmdir(path) : -1;
}
