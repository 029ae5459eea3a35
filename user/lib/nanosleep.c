/*
 * nanosleep.c - sleeping, in all its units.
 */
#include "libc.h"
#include <time.h>
#include <unistd.h>

int nanosleep(const struct timespec *request, struct timespec *rest)
{
    return __clock_nanosleep(CLOCK_REALTIME, 0, request, rest);
}

/* POSIX clock_nanosleep: answers the error's number; errno stays as it was. */
int clock_nanosleep(clockid_t clock, int flags, const struct timespec *request, struct timespec *rest)
{
    int saved = errno, error = 0;

    if (__clock_nanosleep(clock, flags, request, rest) == -1)
        error = errno;
    errno = saved;
    return error;
}

/* Answers the seconds not slept, when a signal ended it. */
unsigned sleep(unsigned seconds)
{
    struct timespec time = {.tv_sec = seconds};

    if (nanosleep(&time, &time) == -1)
        return time.tv_sec + (time.tv_nsec >= 500000000);
    return 0;
}

int usleep(useconds_t microseconds)
{
    struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000};

    return nanosleep(&time, NULL);
}
