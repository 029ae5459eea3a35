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

/* Newlib's tmpfile() wants it by this name. */
int _remove_r(struct _reent *reent, const char *path)
{
    (void)reent;
    return remove(path);
}
