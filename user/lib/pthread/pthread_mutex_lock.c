/*
 * pthread_mutex_lock.c - taking a mutex.
 */
#include "mutex.h"
#include <time.h>

int pthread_mutex_lock(pthread_mutex_t *mutex)
{
    return mutex_lock(mutex_of(mutex), 0);
}

int pthread_mutex_trylock(pthread_mutex_t *mutex)
{
    struct mutex *m = mutex_of(mutex);

    if (m->kind == 0)
        return word_take(&m->word, __thread_id()) ? 0 : EBUSY; /* POSIX pthread_mutex_trylock: EBUSY */
    return __mutex_lock(m, MUTEX_TRY, NULL);
}

int pthread_mutex_clocklock(pthread_mutex_t *restrict mutex, clockid_t clock, const struct timespec *restrict deadline)
{
    struct mutex *m = mutex_of(mutex);
    int flags = deadline_clock(clock);

    if (flags < 0)
        return EINVAL;
    if (m->kind == 0 && word_take(&m->word, __thread_id()))
        return 0; /* whatever the deadline is */
    return __mutex_lock(m, flags, deadline);
}

int pthread_mutex_timedlock(pthread_mutex_t *restrict mutex, const struct timespec *restrict deadline)
{
    return pthread_mutex_clocklock(mutex, CLOCK_REALTIME, deadline);
}
