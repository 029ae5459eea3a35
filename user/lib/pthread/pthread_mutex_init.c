/*
 * pthread_mutex_init.c - mutexes are made, destroyed, put right, and given other ceilings.
 */
#include "mutex.h"

int pthread_mutex_init(pthread_mutex_t *restrict mutex, const pthread_mutexattr_t *restrict attr)
{
    *mutex_of(mutex) = (struct mutex){0};
    if (attr != NULL) {
        mutex_of(mutex)->kind = attr->__word[0];
        mutex_of(mutex)->ceiling = (int)attr->__word[1];
    }
    return 0;
}

int pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    return mutex_of(mutex)->word & FUTEX_TID_MASK ? EBUSY : 0; /* Linux pthread_mutex_destroy: EBUSY */
}

/* Its owner's work has been put right. */
int pthread_mutex_consistent(pthread_mutex_t *mutex)
{
    struct mutex *m = mutex_of(mutex);

    if (!(m->kind & MUTEX_ROBUST) || m->state != MUTEX_INCONSISTENT || !mutex_is_mine(m))
        return EINVAL; /* POSIX pthread_mutex_consistent: EINVAL */
    m->state = MUTEX_CONSISTENT;
    return 0;
}

int pthread_mutex_getprioceiling(const pthread_mutex_t *restrict mutex, int *restrict ceiling)
{
    const struct mutex *m = (const struct mutex *)mutex;

    if (!(m->kind & MUTEX_PROTECT))
        return EINVAL; /* POSIX pthread_mutex_getprioceiling: EINVAL */
    *ceiling = m->ceiling;
    return 0;
}

/* POSIX pthread_mutex_setprioceiling: it is taken for that, whatever its ceiling. */
int pthread_mutex_setprioceiling(pthread_mutex_t *restrict mutex, int ceiling, int *restrict old)
{
    struct mutex *m = mutex_of(mutex);
    int error;

    if (!(m->kind & MUTEX_PROTECT) || ceiling < SCHED_PRIORITY_MIN || ceiling > SCHED_PRIORITY_MAX)
        return EINVAL; /* POSIX pthread_mutex_setprioceiling: EINVAL */
    error = __mutex_lock(m, MUTEX_NO_CEILING, NULL);
    if (error != 0)
        return error;
    if (old != NULL)
        *old = m->ceiling;
    m->ceiling = ceiling;
    return __mutex_unlock(m, MUTEX_NO_CEILING);
}
