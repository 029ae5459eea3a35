/*
 * catopen.c - catalogues of messages, of which there are none.
 */
#include "libc.h"
#include <nl_types.h>

/* POSIX catopen: ENOENT */
nl_catd catopen(const char *name, int flag)
{
    (void)name;
    (void)flag;
    errno = ENOENT;
    return (nl_catd)-1;
}

/* POSIX catgets: the caller's own text, where the catalogue is none. */
char *catgets(nl_catd catalogue, int set, int message, const char *text)
{
    (void)catalogue;
    (void)set;
    (void)message;
    errno = EBADF;
    return (char *)text;
}

/* POSIX catclose: EBADF */
int catclose(nl_catd catalogue)
{
    (void)catalogue;
    errno = EBADF;
    return -1;
}
