/*
 * priority.c - nice values.
 */
#include "libc.h"
#include <sys/resource.h>
#include <unistd.h>

/* The kernel answers 20 less the nice value, so that it is never negative. */
int getpriority(int which, id_t who)
{
    int answer = __getpriority(which, who);

    return answer == -1 ? -1 : 20 - answer;
}

/* POSIX nice: answers the new value, which may be -1; EPERM for who may not have more. */
int nice(int increment)
{
    int value, saved = errno;

    errno = 0;
    value = getpriority(PRIO_PROCESS, 0);
    if (value == -1 && errno != 0)
        return -1;
    errno = saved;
    if (increment > 40)
        increment = 40;
    if (increment < -40)
        increment = -40;
    value += increment;
    value = value > PRIO_MAX ? PRIO_MAX : value < PRIO_MIN ? PRIO_MIN : value;
    if (setpriority(PRIO_PROCESS, 0, value) == -1) {
        if (errno == EACCES)
            errno = EPERM;
        return -1;
    }
    return value;
}
