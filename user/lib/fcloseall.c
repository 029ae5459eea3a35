/*
 * fcloseall.c - the end of all streams, the standard ones as well.
 */
#include "libc.h"
#include <stdio.h>

int _fwalk(struct _reent *unused, int (*function)(FILE *)); /* streams.c */

int _fcloseall_r(struct _reent *reent)
{
    return _fwalk(reent, fclose);
}

int fcloseall(void)
{
    return _fcloseall_r(_REENT);
}
