/*
 * lock_wait.c - the slow ways of a lock: sleeping until it is free, and waking a sleeper.
 */
#include "lock.h"

/* Takes the lock.  Who has slept takes it as "perhaps waited for", since there may be other sleepers. */
void __lock_wait(volatile int *word)
{
    int saved = errno;

    while (__atomic_exchange_n(word, 2, __ATOMIC_ACQUIRE) != 0)
        __futex(word, FUTEX_WAIT | FUTEX_PRIVATE, 2, NULL);
    errno = saved;
}

void __lock_wake(volatile int *word)
{
    int saved = errno;

    __futex(word, FUTEX_WAKE | FUTEX_PRIVATE, 1, NULL);
    errno = saved;
}
