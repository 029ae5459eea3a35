/*
 * pthread_sched.c - how a thread is scheduled: the kernel's calls, which take a tid, and CPU time.
 */
#include "thread.h"
#include <abi/time.h>

/* Release the thread.  0 for a result >= 0, or the error that -1 stands for, with errno as it was before. */
static int finish(const struct hold *hold, int result, int saved)
{
    int error = result == -1 ? errno : 0;

    __thread_release(hold);
    errno = saved;
    return error;
}

/* POSIX pthread_getschedparam: ESRCH */
int pthread_getschedparam(pthread_t id, int *restrict policy, struct sched_param *restrict param)
{
    struct hold hold;
    int saved = errno, now = __sched_getscheduler(__thread_hold(&hold, id), param);

    if (now != -1)
        *policy = now;
    return finish(&hold, now, saved);
}

int pthread_setschedparam(pthread_t id, int policy, const struct sched_param *param)
{
    struct hold hold;
    int saved = errno;

    return finish(&hold, sched_setscheduler(__thread_hold(&hold, id), policy, param), saved);
}

int pthread_setschedprio(pthread_t id, int priority)
{
    struct sched_param param = {.sched_priority = priority};
    struct hold hold;
    int saved = errno;

    return finish(&hold, sched_setparam(__thread_hold(&hold, id), &param), saved);
}

int pthread_getaffinity_np(pthread_t id, size_t size, cpu_set_t *set)
{
    struct hold hold;
    int saved = errno;

    return finish(&hold, sched_getaffinity(__thread_hold(&hold, id), size, set), saved);
}

int pthread_setaffinity_np(pthread_t id, size_t size, const cpu_set_t *set)
{
    struct hold hold;
    int saved = errno;

    return finish(&hold, sched_setaffinity(__thread_hold(&hold, id), size, set), saved);
}

int pthread_getcpuclockid(pthread_t id, clockid_t *clock)
{
    struct timespec time;
    struct hold hold;
    pid_t tid = __thread_hold(&hold, id);
    int saved = errno;

    if (finish(&hold, clock_gettime(CLOCK_CPU_OF_THREAD | tid, &time), saved) != 0)
        return ESRCH; /* POSIX pthread_getcpuclockid: ESRCH */
    *clock = CLOCK_CPU_OF_THREAD | tid;
    return 0;
}

/* A wish, which says nothing where each thread is the kernel's. */
static int concurrency;

int pthread_getconcurrency(void)
{
    return concurrency;
}

int pthread_setconcurrency(int level)
{
    if (level < 0)
        return EINVAL; /* POSIX pthread_setconcurrency: EINVAL */
    concurrency = level;
    return 0;
}
