/*
 * pthread_attr.c - the attributes of a thread to be made.
 */
#include "memory.h"
#include <limits.h>

static struct attributes *changed(pthread_attr_t *attr)
{
    return (struct attributes *)attr;
}

int pthread_attr_init(pthread_attr_t *attr)
{
    *changed(attr) = (struct attributes){.stack_size = STACK_SIZE_DEFAULT, .guard_size = GUARD_SIZE_DEFAULT};
    return 0;
}

int pthread_attr_destroy(pthread_attr_t *attr)
{
    (void)attr;
    return 0;
}

int pthread_attr_getdetachstate(const pthread_attr_t *attr, int *state)
{
    *state = attributes_of(attr)->detached;
    return 0;
}

int pthread_attr_setdetachstate(pthread_attr_t *attr, int state)
{
    if (state != PTHREAD_CREATE_JOINABLE && state != PTHREAD_CREATE_DETACHED)
        return EINVAL; /* POSIX pthread_attr_setdetachstate: EINVAL */
    changed(attr)->detached = state;
    return 0;
}

int pthread_attr_getguardsize(const pthread_attr_t *restrict attr, size_t *restrict size)
{
    *size = attributes_of(attr)->guard_size;
    return 0;
}

int pthread_attr_setguardsize(pthread_attr_t *attr, size_t size)
{
    if (size > INT_MAX / 2)
        return EINVAL; /* POSIX pthread_attr_setguardsize: EINVAL */
    changed(attr)->guard_size = size;
    return 0;
}

int pthread_attr_getinheritsched(const pthread_attr_t *restrict attr, int *restrict inherit)
{
    *inherit = attributes_of(attr)->explicit;
    return 0;
}

int pthread_attr_setinheritsched(pthread_attr_t *attr, int inherit)
{
    if (inherit != PTHREAD_INHERIT_SCHED && inherit != PTHREAD_EXPLICIT_SCHED)
        return EINVAL; /* POSIX pthread_attr_setinheritsched: EINVAL */
    changed(attr)->explicit = inherit;
    return 0;
}

int pthread_attr_getschedparam(const pthread_attr_t *restrict attr, struct sched_param *restrict param)
{
    param->sched_priority = attributes_of(attr)->priority;
    return 0;
}

/* Whether it fits the policy is seen when the thread is made, since either may be set first. */
int pthread_attr_setschedparam(pthread_attr_t *restrict attr, const struct sched_param *restrict param)
{
    if (param->sched_priority < 0 || param->sched_priority > SCHED_PRIORITY_MAX)
        return EINVAL; /* POSIX pthread_attr_setschedparam: EINVAL */
    changed(attr)->priority = param->sched_priority;
    return 0;
}

int pthread_attr_getschedpolicy(const pthread_attr_t *restrict attr, int *restrict policy)
{
    *policy = attributes_of(attr)->policy;
    return 0;
}

int pthread_attr_setschedpolicy(pthread_attr_t *attr, int policy)
{
    if (policy != SCHED_OTHER && policy != SCHED_FIFO && policy != SCHED_RR)
        return EINVAL; /* POSIX pthread_attr_setschedpolicy: EINVAL */
    changed(attr)->policy = policy;
    return 0;
}

/* All threads contend with all threads of the system. */
int pthread_attr_getscope(const pthread_attr_t *restrict attr, int *restrict scope)
{
    (void)attr;
    *scope = PTHREAD_SCOPE_SYSTEM;
    return 0;
}

int pthread_attr_setscope(pthread_attr_t *attr, int scope)
{
    (void)attr;
    if (scope == PTHREAD_SCOPE_PROCESS)
        return ENOTSUP; /* POSIX pthread_attr_setscope: ENOTSUP */
    return scope == PTHREAD_SCOPE_SYSTEM ? 0 : EINVAL;
}

int pthread_attr_getstack(const pthread_attr_t *restrict attr, void **restrict stack, size_t *restrict size)
{
    *stack = attributes_of(attr)->stack;
    *size = attributes_of(attr)->stack_size;
    return 0;
}

int pthread_attr_setstack(pthread_attr_t *attr, void *stack, size_t size)
{
    int error = EINVAL; /* POSIX pthread_attr_setstack: EINVAL, not aligned */

    if ((((uintptr_t)stack | size) & 7) == 0 && stack != NULL)
        error = pthread_attr_setstacksize(attr, size);
    if (error == 0)
        changed(attr)->stack = stack;
    return error;
}

int pthread_attr_getstacksize(const pthread_attr_t *restrict attr, size_t *restrict size)
{
    *size = attributes_of(attr)->stack_size;
    return 0;
}

int pthread_attr_setstacksize(pthread_attr_t *attr, size_t size)
{
    if (size < PTHREAD_STACK_MIN || size > INT_MAX / 2)
        return EINVAL; /* POSIX pthread_attr_setstacksize: EINVAL */
    changed(attr)->stack_size = size;
    return 0;
}

int pthread_attr_getaffinity_np(const pthread_attr_t *attr, size_t size, cpu_set_t *set)
{
    unsigned affinity = attributes_of(attr)->affinity;

    if (size < sizeof(*set))
        return EINVAL;
    set->__bits = affinity != 0 ? affinity : ~0u;
    return 0;
}

int pthread_attr_setaffinity_np(pthread_attr_t *attr, size_t size, const cpu_set_t *set)
{
    if (size < sizeof(*set) || set->__bits == 0)
        return EINVAL;
    changed(attr)->affinity = set->__bits;
    return 0;
}
