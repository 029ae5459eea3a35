/*
 * dup2.c - a second number for an open file, chosen by the caller.
 */
#include <fcntl.h>
#include <unistd.h>

/* POSIX dup2: equal numbers are no error if the descriptor is open. */
int dup2(int fd, int new)
{
    if (fd == new)
        return fcntl(fd, F_GETFL) == -1 ? -1 : new;
    return dup3(fd, new, 0);
}
