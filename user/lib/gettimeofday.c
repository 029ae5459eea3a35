/*
 * gettimeofday.c - the time of day in microseconds.
 */
#include "libc.h"
#include <sys/time.h>
#include <time.h>

/* The time zone is left alone, as on other systems. */
int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    struct timespec time;

    (void)zone;
    clock_gettime(CLOCK_REALTIME, &time);
    now->tv_sec = time.tv_sec;
    now->tv_usec = (unsigned)time.tv_nsec / 1000;
    return 0;
}

int settimeofday(const struct timeval *now, const struct timezone *zone)
{
    struct timespec time = {now->tv_sec, now->tv_usec * 1000};

    (void)zone;
    return clock_settime(CLOCK_REALTIME, &time);
}
