/*
 * fexecve.c - another program, from an open file, by its name in /proc.
 */
#include "libc.h"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int fexecve(int fd, char *const argv[], char *const envp[])
{
    char path[32];

    if (fcntl(fd, F_GETFD) == -1)
        return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return execve(path, argv, envp);
}
