/*
 * alarm.c - SIGALRM, later: alarm and ualarm, over the real-time interval timer.
 */
#include <sys/time.h>
#include <unistd.h>

/* Answers how many seconds the last alarm still had, at least 1 if there was one. */
unsigned alarm(unsigned seconds)
{
    struct itimerval value = {.it_value.tv_sec = seconds}, old;

    if (setitimer(ITIMER_REAL, &value, &old) == -1)
        return 0;
    if (old.it_value.tv_usec >= 500000 || (old.it_value.tv_sec == 0 && old.it_value.tv_usec > 0))
        old.it_value.tv_sec++;
    return old.it_value.tv_sec;
}

useconds_t ualarm(useconds_t microseconds, useconds_t interval)
{
    struct itimerval value =
                         {
                             .it_value = {microseconds / 1000000, microseconds % 1000000},
                             .it_interval = {interval / 1000000, interval % 1000000},
                         },
                     old;

    if (setitimer(ITIMER_REAL, &value, &old) == -1)
        return 0;
    return old.it_value.tv_sec * 1000000 + old.it_value.tv_usec;
}
