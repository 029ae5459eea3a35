/*
 * select.c - waiting for descriptors by sets of bits, told in terms of poll.
 */
#include "libc.h"
#include <poll.h>
#include <sys/select.h>
#include <sys/time.h>
#include <time.h>

#define READABLE (POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR)
#define WRITABLE (POLLOUT | POLLWRNORM | POLLWRBAND | POLLHUP | POLLERR) /* after a hang-up no write blocks */
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

/* What of poll's answer was asked for. */
static short told(const struct pollfd *entry)
{
    short asked = (entry->events & POLLIN ? READABLE : 0) | (entry->events & POLLOUT ? WRITABLE : 0) |
                  (entry->events & POLLPRI ? EXCEPTIONAL : 0);

    return entry->revents & asked;
}

/* Answers how many of the `n` entries are ready.  poll tells of a hang-up even where only EXCEPTIONAL was asked for:
 * such an entry leaves the list, so that the next poll waits for the others.  -1 with EBADF. */
static int sift(struct pollfd *list, int n)
{
    int ready = 0;

    for (int i = 0; i < n; i++) {
        if (list[i].revents & POLLNVAL) {
            errno = EBADF;
            return -1;
        }
        if (told(&list[i]))
            ready++;
        else if (list[i].revents != 0)
            list[i].fd = ~list[i].fd;
    }
    return ready;
}

/* Leaves in the set what is ready; answers 1 when it is. */
static int keep(fd_set *set, const struct pollfd *entry, short asked, short ready)
{
    if (set == NULL || !(entry->events & asked))
        return 0;
    if (entry->revents & ready)
        return 1;
    FD_CLR(entry->fd < 0 ? ~entry->fd : entry->fd, set);
    return 0;
}

/* What is left of the time that began at `start`. */
static struct timespec left_of(const struct timespec *time, const struct timespec *start)
{
    struct timespec left = *time, now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    left.tv_sec -= now.tv_sec - start->tv_sec;
    left.tv_nsec -= now.tv_nsec - start->tv_nsec;
    if (left.tv_nsec < 0 || left.tv_nsec >= 1000000000) {
        int carry = left.tv_nsec < 0 ? -1 : 1;

        left.tv_sec += carry;
        left.tv_nsec -= carry * 1000000000;
    }
    return left.tv_sec < 0 ? (struct timespec){0} : left;
}

/* Polls until something is ready that was asked for, or the time is over.  -1: an error. */
static int wait_for(struct pollfd *list, int n, const struct timespec *timeout, const sigset_t *mask)
{
    struct timespec start, left;
    int ready;

    clock_gettime(CLOCK_MONOTONIC, &start);
    ready = __ppoll(list, n, timeout, mask);
    while (ready > 0 && (ready = sift(list, n)) == 0) {
        if (timeout != NULL)
            left = left_of(timeout, &start);
        ready = __ppoll(list, n, timeout != NULL ? &left : NULL, mask);
    }
    return ready;
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
    if (wait_for(list, n, timeout, mask) == -1)
        return -1;
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
