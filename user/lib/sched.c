/*
 * sched.c - the scheduling calls that are not quite system calls.
 */
#include "libc.h"
#include <sched.h>

/* POSIX sched_get_priority_max: EINVAL for an unknown policy. */
static int priority(int policy, int realtime)
{
    if (policy == SCHED_FIFO || policy == SCHED_RR)
        return realtime;
    if (policy == SCHED_OTHER)
        return 0;
    errno = EINVAL;
    return -1;
}

int sched_get_priority_max(int policy)
{
    return priority(policy, SCHED_PRIORITY_MAX);
}

int sched_get_priority_min(int policy)
{
    return priority(policy, SCHED_PRIORITY_MIN);
}

int sched_getscheduler(pid_t pid)
{
    return __sched_getscheduler(pid, NULL);
}

int sched_getparam(pid_t pid, struct sched_param *param)
{
    if (param == NULL) {
        errno = EINVAL; /* Linux sched_getparam: EINVAL */
        return -1;
    }
    return __sched_getscheduler(pid, param) == -1 ? -1 : 0;
}

int sched_setparam(pid_t pid, const struct sched_param *param)
{
    int policy = sched_getscheduler(pid);

    return policy == -1 || sched_setscheduler(pid, policy, param) == -1 ? -1 : 0;
}

/* POSIX sched_rr_get_interval: ESRCH.  All slices are of one length. */
int sched_rr_get_interval(pid_t pid, struct timespec *slice)
{
    if (sched_getscheduler(pid) == -1)
        return -1;
    *slice = (struct timespec){.tv_nsec = SCHED_SLICE};
    return 0;
}

/* The kernel answers how many bytes it has filled in. */
int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *set)
{
    return __sched_getaffinity(pid, size, set) == -1 ? -1 : 0;
}
