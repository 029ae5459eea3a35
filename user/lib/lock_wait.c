/*
 * lock_wait.c - the slow ways of a lock: sleeping until it is free, and waking a sleeper.
 */
#include "lock.h"

/* Takes the lock.  Who has slept takes it as "perhaps waited for", since there may be other sleepers. */
void __lock_wait(volatile int *word)
{
    int saved = errno, seen = *word;

    for (;; seen = *word) {
        int wanted = (seen == 0 ? lock_self() : seen) | LOCK_WAITED;

        if (seen != wanted &&
            !__atomic_compare_exchange_n(word, &seen, wanted, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            continue;
        if (seen == 0)
            break;
        __futex(word, FUTEX_WAIT | FUTEX_PRIVATE, wanted, NULL);
    }
    errno = saved;
}

void __lock_wake(volatile int *word)
{
    int saved = errno;

    __futex(word, FUTEX_WAKE | FUTEX_PRIVATE, 1, NULL);
    errno = saved;
}
