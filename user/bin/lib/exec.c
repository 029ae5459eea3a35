/*
 * exec.c - turning into another program, for env, nice, time, timeout, xargs, find.
 */
#include "util.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* Runs argv[0], looked for in PATH, in this process; failing that ends with 127 (not found) or 126, after a message. */
void util_exec(char **argv)
{
    fflush(stdout);
    execvp(argv[0], argv);
    int why = errno;
    util_warn("%s", argv[0]);
    _exit(why == ENOENT ? 127 : 126);
}
