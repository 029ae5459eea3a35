/*
 * socket.c - the calls on sockets that are shorter forms of others.
 */
#include "libc.h"
#include <errno.h>
#include <sys/socket.h>

int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
    return accept4(fd, address, length, 0);
}

ssize_t send(int fd, const void *buffer, size_t n, int flags)
{
    return sendto(fd, buffer, n, flags, NULL, 0);
}

ssize_t recv(int fd, void *buffer, size_t n, int flags)
{
    return recvfrom(fd, buffer, n, flags, NULL, NULL);
}

/* There is no out-of-band data. */
int sockatmark(int fd)
{
    socklen_t length = sizeof(int);
    int type;

    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length);
}
