/*
 * sigwait.c - waiting for a signal without a handler, with no limit of time.
 */
#include "libc.h"
#include <signal.h>

int sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
    return sigtimedwait(set, info, NULL);
}

/* POSIX sigwait: answers the error's number, and is not one of the calls that a handler interrupts. */
int sigwait(const sigset_t *restrict set, int *restrict signal)
{
    int saved = errno, result, error;

    do
        result = sigtimedwait(set, NULL, NULL);
    while (result == -1 && errno == EINTR);
    error = errno;
    errno = saved;
    if (result == -1)
        return error;
    *signal = result;
    return 0;
}
