/*
 * pthread_spin.c - locks that are waited for without sleeping: the word is 0, or its owner's tid.
 *
 * An owner that does not run cannot give it back; so who has looked in vain for a while lets others run.
 */
#include "mutex.h"

#define LOOKS 200

int pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
    (void)shared; /* it is the same */
    *lock = 0;
    return 0;
}

int pthread_spin_destroy(pthread_spinlock_t *lock)
{
    return *lock != 0 ? EBUSY : 0; /* Linux pthread_spin_destroy: EBUSY */
}

int pthread_spin_trylock(pthread_spinlock_t *lock)
{
    return word_take((volatile unsigned *)lock, (unsigned)__thread_id()) ? 0 : EBUSY; /* POSIX: EBUSY */
}

int pthread_spin_lock(pthread_spinlock_t *lock)
{
    unsigned looks = 0;

    while (!word_take((volatile unsigned *)lock, (unsigned)__thread_id())) {
        if (*lock == __thread_id())
            return EDEADLK; /* POSIX pthread_spin_lock: EDEADLK */
        if (++looks % LOOKS == 0)
            sched_yield();
    }
    return 0;
}

int pthread_spin_unlock(pthread_spinlock_t *lock)
{
    if (*lock != __thread_id())
        return EPERM; /* Linux pthread_spin_unlock: EPERM */
    word_give((volatile unsigned *)lock);
    return 0;
}
