/*
 * pthread_rwlock_init.c - locks for readers and writers are made and destroyed; their attributes.
 */
#include "rwlock.h"

int pthread_rwlock_init(pthread_rwlock_t *restrict lock, const pthread_rwlockattr_t *restrict attr)
{
    *rwlock_of(lock) = (struct rwlock){.scope = attr != NULL && attr->__word[0] ? FUTEX_PRIVATE : 0};
    return 0;
}

int pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
    return rwlock_of(lock)->word & RW_HELD ? EBUSY : 0; /* Linux pthread_rwlock_destroy: EBUSY */
}

int pthread_rwlockattr_init(pthread_rwlockattr_t *attr)
{
    *attr = (pthread_rwlockattr_t){{PTHREAD_PROCESS_PRIVATE}};
    return 0;
}

int pthread_rwlockattr_destroy(pthread_rwlockattr_t *attr)
{
    (void)attr;
    return 0;
}

int pthread_rwlockattr_getpshared(const pthread_rwlockattr_t *restrict attr, int *restrict shared)
{
    *shared = (int)attr->__word[0];
    return 0;
}

int pthread_rwlockattr_setpshared(pthread_rwlockattr_t *attr, int shared)
{
    if (shared != PTHREAD_PROCESS_SHARED && shared != PTHREAD_PROCESS_PRIVATE)
        return EINVAL; /* POSIX pthread_rwlockattr_setpshared: EINVAL */
    attr->__word[0] = (unsigned)shared;
    return 0;
}
