/*
 * times.c - the CPU time of the process and its children, in hundredths of a second (sysconf(_SC_CLK_TCK)).
 */
#include <sys/resource.h>
#include <sys/times.h>
#include <time.h>

static clock_t ticks(const struct timeval *time)
{
    return time->tv_sec * 100 + time->tv_usec / 10000;
}

/* Answers the time since the system started, which wraps. */
clock_t times(struct tms *result)
{
    struct rusage self, children;
    struct timespec now;

    if (getrusage(RUSAGE_SELF, &self) == -1 || getrusage(RUSAGE_CHILDREN, &children) == -1)
        return (clock_t)-1;
    result->tms_utime = ticks(&self.ru_utime);
    result->tms_stime = ticks(&self.ru_stime);
    result->tms_cutime = ticks(&children.ru_utime);
    result->tms_cstime = ticks(&children.ru_stime);
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 100 + now.tv_nsec / 10000000;
}
