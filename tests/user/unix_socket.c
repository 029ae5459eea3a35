/*
 * unix_socket.c - what the tests of sockets share.
 */
#define _GNU_SOURCE
#include "unix_socket.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "tap.h"

struct sockaddr_un unix_address(const char *path, socklen_t *length)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t n = strlen(path);

    memcpy(address.sun_path, path, n);
    *length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n);
    if (*path == '@')
        address.sun_path[0] = '\0';
    return address;
}

int unix_bind(int fd, const char *path)
{
    socklen_t length;
    struct sockaddr_un address = unix_address(path, &length);

    return bind(fd, (struct sockaddr *)&address, length);
}

int unix_connect(int fd, const char *path)
{
    socklen_t length;
    struct sockaddr_un address = unix_address(path, &length);

    return connect(fd, (struct sockaddr *)&address, length);
}

int unix_listener(int type, const char *path, int backlog)
{
    int fd = socket(AF_UNIX, type, 0);

    if (unix_bind(fd, path) != 0 || listen(fd, backlog) != 0)
        tap_give_up("cannot listen at %s: errno %d", path, errno);
    return fd;
}

void unix_pair(int type, int pair[2])
{
    if (socketpair(AF_UNIX, type, 0, pair) != 0)
        tap_give_up("no socketpair: errno %d", errno);
}

void unix_close(const int pair[2])
{
    close(pair[0]);
    close(pair[1]);
}

int unix_option(int fd, int option)
{
    int value = -1;
    socklen_t length = sizeof value;

    return getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 ? value : -errno;
}

void unix_set_time(int fd, int option, long microseconds)
{
    struct timeval time = {.tv_usec = microseconds};

    setsockopt(fd, SOL_SOCKET, option, &time, sizeof time);
}

int unix_ready(int fd, int events)
{
    struct pollfd set = {.fd = fd, .events = (short)events};

    return poll(&set, 1, 0) < 0 ? -errno : set.revents;
}

union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(300 * sizeof(int))];
};

ssize_t unix_send_fds(int fd, const void *bytes, size_t n, const int *fds, unsigned count)
{
    union control control;
    struct iovec vector = {(void *)bytes, n};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};

    if (count != 0) {
        control.header = (struct cmsghdr){CMSG_LEN(count * sizeof(int)), SOL_SOCKET, SCM_RIGHTS};
        memcpy(CMSG_DATA(&control.header), fds, count * sizeof(int));
        message.msg_control = &control;
        message.msg_controllen = control.header.cmsg_len;
    }
    return sendmsg(fd, &message, MSG_NOSIGNAL);
}

ssize_t unix_receive_fds(int fd, void *bytes, size_t n, int *fds, unsigned *count, int *flags)
{
    union control control;
    struct iovec vector = {bytes, n};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control};
    ssize_t result;

    message.msg_controllen = *count != 0 ? CMSG_LEN(*count * sizeof(int)) : 0;
    result = recvmsg(fd, &message, flags != NULL ? *flags : 0);
    *count = 0;
    if (result < 0)
        return result;
    if (flags != NULL)
        *flags = message.msg_flags;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
            *count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
            memcpy(fds, CMSG_DATA(c), *count * sizeof(int));
        }
    }
    return result;
}
