/*
 * killpg.c - a signal to a process group; 0 is the caller's own.
 */
#include "libc.h"
#include <signal.h>

int killpg(pid_t group, int signal)
{
    if (group < 0 || group == 1) {
        errno = EINVAL; /* POSIX leaves groups below 2 undefined; -1 would mean everybody */
        return -1;
    }
    return kill(-group, signal);
}
