/*
 * pthread_sched.c - how a thread is scheduled: the kernel's calls, which take a tid, and CPU time.
 */
#include "thread.h"
#include <abi/time.h>

/* 0 for >= 0, or the error that -1 stands for, with errno as it was before. */
static int error_of(int result, int saved)
{
    int error = result == -1 ? errno : 0;

    errno = saved;
    return error;
}

int pthread_getschedparam(pthread_t id, int *restrict policy, struct sched_param *restrict param)
{
    pid_t tid = thread_tid(thread_of(id));
    int saved = errno, now = __sched_getscheduler(tid, param);

    if (now == -1)
        return error_of(-1, saved); /* POSIX pthread_getschedparam: ESRCH */
    *policy = now;
    return 0;
}

int pthread_setschedparam(pthread_t id, int policy, const struct sched_param *param)
{
    int saved = errno;

    return error_of(sched_setscheduler(thread_tid(thread_of(id)), policy, param), saved);
}

int pthread_setschedprio(pthread_t id, int priority)
{
    struct sched_param param = {.sched_priority = priority};
    int saved = errno;

    return error_of(sched_setparam(thread_tid(thread_of(id)), &param), saved);
}

int pthread_getaffinity_np(pthread_t id, size_t size, cpu_set_t *set)
{
    int saved = errno;

    return error_of(sched_getaffinity(thread_tid(thread_of(id)), size, set), saved);
}

int pthread_setaffinity_np(pthread_t id, size_t size, const cpu_set_t *set)
{
    int saved = errno;

    return error_of(sched_setaffinity(thread_tid(thread_of(id)), size, set), saved);
}

int pthread_getcpuclockid(pthread_t id, clockid_t *clock)
{
    struct timespec time;
    clockid_t wanted = CLOCK_CPU_OF_THREAD | thread_tid(thread_of(id));
    int saved = errno;

    if (clock_gettime(wanted, &time) == -1) {
        errno = saved;
        return ESRCH; /* POSIX pthread_getcpuclockid: ESRCH */
    }
    *clock = wanted;
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
