/*
 * getpgrp.c - the process's own group.
 */
#include "libc.h"
#include <unistd.h>

pid_t getpgrp(void)
{
    return getpgid(0);
}

/* POSIX setpgrp: a group of its own, where the process does not lead a session; answers its group. */
pid_t setpgrp(void)
{
    int saved = errno;

    setpgid(0, 0);
    errno = saved;
    return getpgrp();
}
