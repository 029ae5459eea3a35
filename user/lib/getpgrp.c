/*
 * getpgrp.c - the process's own group.
 */
#include <unistd.h>

pid_t getpgrp(void)
{
    return getpgid(0);
}

/* A group of its own. */
int setpgrp(void)
{
    return setpgid(0, 0);
}
