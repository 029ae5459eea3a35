/*
 * poll.c - waiting for descriptors, with a time in milliseconds.
 */
#include "libc.h"
#include <poll.h>
#include <time.h>

/* A negative time waits for ever. */
int poll(struct pollfd *set, nfds_t count, int timeout)
{
    struct timespec time;

    if (timeout < 0)
        return __poll(set, count, NULL);
    time.tv_sec = timeout / 1000;
    time.tv_nsec = timeout % 1000 * 1000000;
    return __poll(set, count, &time);
}
