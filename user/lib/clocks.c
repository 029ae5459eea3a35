/*
 * clocks.c - the lesser calls about clocks.
 */
#include "libc.h"
#include <abi/layout.h>
#include <abi/time.h>
#include <time.h>
#include <unistd.h>

/* The counter's tick, rounded up to a nanosecond. */
int clock_getres(clockid_t clock, struct timespec *resolution)
{
    const struct time_page *page = (const struct time_page *)USER_TIME_PAGE;
    struct timespec now;

    if (clock_gettime(clock, &now) == -1)
        return -1; /* POSIX clock_getres: EINVAL */
    if (resolution != NULL) {
        resolution->tv_sec = 0;
        resolution->tv_nsec = (1000000000u + page->frequency - 1) / page->frequency;
    }
    return 0;
}

/* POSIX clock_getcpuclockid: ESRCH for nobody's.  Every process may know every other's. */
int clock_getcpuclockid(pid_t pid, clockid_t *clock)
{
    clockid_t wanted = pid == 0 ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_CPU_OF_PROCESS | pid;
    struct timespec time;
    int saved = errno;

    if (pid < 0 || pid > CLOCK_CPU_NUMBER || clock_gettime(wanted, &time) == -1) {
        errno = saved;
        return ESRCH;
    }
    *clock = wanted;
    return 0;
}

int timespec_get(struct timespec *time, int base)
{
    if (base != TIME_UTC || clock_gettime(CLOCK_REALTIME, time) == -1)
        return 0;
    return base;
}

/* The CPU time used, in microseconds; it wraps after 71 minutes. */
clock_t clock(void)
{
    struct timespec used;

    if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == -1)
        return (clock_t)-1;
    return (clock_t)(used.tv_sec * 1000000 + used.tv_nsec / 1000);
}
