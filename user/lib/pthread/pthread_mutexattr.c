/*
 * pthread_mutexattr.c - of which kind a mutex shall be: word 0 is its kind (mutex.h), word 1 its ceiling.
 */
#include "mutex.h"

int pthread_mutexattr_init(pthread_mutexattr_t *attr)
{
    *attr = (pthread_mutexattr_t){{0, SCHED_PRIORITY_MIN}};
    return 0;
}

int pthread_mutexattr_destroy(pthread_mutexattr_t *attr)
{
    (void)attr;
    return 0;
}

static void set_bit(pthread_mutexattr_t *attr, unsigned bit, bool on)
{
    attr->__word[0] = on ? attr->__word[0] | bit : attr->__word[0] & ~bit;
}

int pthread_mutexattr_gettype(const pthread_mutexattr_t *restrict attr, int *restrict type)
{
    *type = attr->__word[0] & MUTEX_TYPE;
    return 0;
}

int pthread_mutexattr_settype(pthread_mutexattr_t *attr, int type)
{
    if (type != PTHREAD_MUTEX_NORMAL && type != PTHREAD_MUTEX_RECURSIVE && type != PTHREAD_MUTEX_ERRORCHECK)
        return EINVAL; /* POSIX pthread_mutexattr_settype: EINVAL */
    attr->__word[0] = (attr->__word[0] & ~MUTEX_TYPE) | (unsigned)type;
    return 0;
}

int pthread_mutexattr_getrobust(const pthread_mutexattr_t *restrict attr, int *restrict robust)
{
    *robust = attr->__word[0] & MUTEX_ROBUST ? PTHREAD_MUTEX_ROBUST : PTHREAD_MUTEX_STALLED;
    return 0;
}

int pthread_mutexattr_setrobust(pthread_mutexattr_t *attr, int robust)
{
    if (robust != PTHREAD_MUTEX_ROBUST && robust != PTHREAD_MUTEX_STALLED)
        return EINVAL; /* POSIX pthread_mutexattr_setrobust: EINVAL */
    set_bit(attr, MUTEX_ROBUST, robust == PTHREAD_MUTEX_ROBUST);
    return 0;
}

int pthread_mutexattr_getpshared(const pthread_mutexattr_t *restrict attr, int *restrict shared)
{
    *shared = attr->__word[0] & MUTEX_SHARED ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
    return 0;
}

int pthread_mutexattr_setpshared(pthread_mutexattr_t *attr, int shared)
{
    if (shared != PTHREAD_PROCESS_SHARED && shared != PTHREAD_PROCESS_PRIVATE)
        return EINVAL; /* POSIX pthread_mutexattr_setpshared: EINVAL */
    set_bit(attr, MUTEX_SHARED, shared == PTHREAD_PROCESS_SHARED);
    return 0;
}

int pthread_mutexattr_getprotocol(const pthread_mutexattr_t *restrict attr, int *restrict protocol)
{
    *protocol = attr->__word[0] & MUTEX_INHERIT   ? PTHREAD_PRIO_INHERIT
                : attr->__word[0] & MUTEX_PROTECT ? PTHREAD_PRIO_PROTECT
                                                  : PTHREAD_PRIO_NONE;
    return 0;
}

int pthread_mutexattr_setprotocol(pthread_mutexattr_t *attr, int protocol)
{
    if (protocol != PTHREAD_PRIO_NONE && protocol != PTHREAD_PRIO_INHERIT && protocol != PTHREAD_PRIO_PROTECT)
        return EINVAL; /* POSIX pthread_mutexattr_setprotocol: EINVAL */
    set_bit(attr, MUTEX_INHERIT, protocol == PTHREAD_PRIO_INHERIT);
    set_bit(attr, MUTEX_PROTECT, protocol == PTHREAD_PRIO_PROTECT);
    return 0;
}

int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t *restrict attr, int *restrict ceiling)
{
    *ceiling = (int)attr->__word[1];
    return 0;
}

int pthread_mutexattr_setprioceiling(pthread_mutexattr_t *attr, int ceiling)
{
    if (ceiling < SCHED_PRIORITY_MIN || ceiling > SCHED_PRIORITY_MAX)
        return EINVAL; /* POSIX pthread_mutexattr_setprioceiling: EINVAL */
    attr->__word[1] = (unsigned)ceiling;
    return 0;
}
