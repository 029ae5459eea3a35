/*
 * pthread_mutex_unlock.c - giving a mutex back.  Behind the change of the word only its address is used: whoever takes
 * it next may destroy it.
 */
#include "mutex.h"

static void give_inheriting(struct mutex *m, unsigned scope)
{
    unsigned seen = (unsigned)__thread_id();

    if (word_change(&m->word, &seen, 0))
        return;
    if ((seen & FUTEX_TID_MASK) != (unsigned)__thread_id()) { /* taken before fork() */
        if (word_give(&m->word) & FUTEX_WAITERS)
            futex_wake(&m->word, scope, INT_MAX);
    } else {
        __futex_raw(&m->word, FUTEX_UNLOCK_PI | (int)scope, 0, NULL, NULL, 0);
    }
}

/* One that nobody has put right wakes all who wait for it: they will not get it. */
static void give(struct mutex *m)
{
    unsigned scope = mutex_scope(m), count = m->state == MUTEX_NOT_RECOVERABLE ? INT_MAX : 1;

    if (m->kind & MUTEX_INHERIT)
        give_inheriting(m, scope);
    else if (word_give(&m->word) & FUTEX_WAITERS)
        futex_wake(&m->word, scope, count);
}

int __mutex_unlock(struct mutex *m, unsigned how)
{
    bool robust = m->kind & MUTEX_ROBUST, limited = m->kind & MUTEX_PROTECT && !(how & MUTEX_NO_CEILING);
    int ceiling = m->ceiling;

    if (!mutex_is_mine(m))
        return EPERM; /* POSIX pthread_mutex_unlock: EPERM */
    if (m->count > 0) {
        m->count--;
        return 0;
    }
    if (robust) {
        __robust_begin(m);
        if (m->state == MUTEX_INCONSISTENT)
            m->state = MUTEX_NOT_RECOVERABLE;
        __robust_remove(m);
    }
    m->owner = 0;
    give(m);
    if (robust)
        robust_end();
    if (limited)
        __ceiling_lower(ceiling);
    return 0;
}

int pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    return mutex_unlock(mutex_of(mutex));
}
