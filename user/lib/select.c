/*
 * select.c - waiting for descriptors by sets of bits, told in terms of poll.
 */
#include "libc.h"
#include <poll.h>
#include <sys/select.h>
#include <sys/time.h>

#define READABLE (POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR)
#define WRITABLE (POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR)
#define EXCEPTIONAL POLLPRI

static int is_in(const fd_set *set, int fd)
{
    return set != NULL && FD_ISSET(fd, set);
}

/* Fills `list`; answers how many of the descriptors below `count` stand in a set. */
static int to_list(struct pollfd *list, int count, const fd_set *in, const fd_set *out, const fd_set *except)
{
    int n = 0;

    for (int fd = 0; fd < count; fd++) {
        short events =
            (is_in(in, fd) ? POLLIN : 0) | (is_in(out, fd) ? POLLOUT : 0) | (is_in(except, fd) ? POLLPRI : 0);

        if (events != 0)
            list[n++] = (struct pollfd){.fd = fd, .events = events};
    }
    return n;
}

/* Leaves in the set what is ready; answers 1 when it is. */
static int keep(fd_set *set, const struct pollfd *entry, short asked, short ready)
{
    if (set == NULL || !(entry->events & asked))
        return 0;
    if (entry->revents & ready)
        return 1;
    FD_CLR(entry->fd, set);
    return 0;
}

/* POSIX pselect: EINVAL for a bad count or time, EBADF for a descriptor that is not open. */
int pselect(int count, fd_set *restrict in, fd_set *restrict out, fd_set *restrict except,
            const struct timespec *restrict timeout, const sigset_t *restrict mask)
{
    struct pollfd list[FD_SETSIZE];
    int n, ready = 0;

    if (count < 0 || count > FD_SETSIZE) {
        errno = EINVAL;
        return -1;
    }
    n = to_list(list, count, in, out, except);
    if (__ppoll(list, n, timeout, mask) == -1)
        return -1;
    for (int i = 0; i < n; i++) {
        if (list[i].revents & POLLNVAL) {
            errno = EBADF;
            return -1;
        }
    }
    for (int i = 0; i < n; i++) {
        ready += keep(in, &list[i], POLLIN, READABLE);
        ready += keep(out, &list[i], POLLOUT, WRITABLE);
        ready += keep(except, &list[i], POLLPRI, EXCEPTIONAL);
    }
    return ready;
}

int select(int count, fd_set *restrict in, fd_set *restrict out, fd_set *restrict except,
           struct timeval *restrict timeout)
{
    struct timespec time;

    if (timeout == NULL)
        return pselect(count, in, out, except, NULL, NULL);
    if (timeout->tv_usec < 0 || timeout->tv_usec >= 1000000) {
        errno = EINVAL; /* POSIX select: EINVAL */
        return -1;
    }
    time = (struct timespec){timeout->tv_sec, timeout->tv_usec * 1000};
    return pselect(count, in, out, except, &time, NULL);
}
