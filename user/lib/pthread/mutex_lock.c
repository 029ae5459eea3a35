/*
 * mutex_lock.c - taking a mutex that is not free, or is of a special kind.
 */
#include "mutex.h"

/* The running thread has it already.  0 or an error. */
static int lock_again(struct mutex *m, unsigned how)
{
    if ((m->kind & MUTEX_TYPE) != PTHREAD_MUTEX_RECURSIVE)
        return how & MUTEX_TRY ? EBUSY : EDEADLK; /* POSIX pthread_mutex_lock: EDEADLK; pthread_mutex_trylock: EBUSY */
    if (m->count == UINT_MAX)
        return EAGAIN; /* POSIX pthread_mutex_lock: EAGAIN */
    m->count++;
    return 0;
}

/* May one wait to that deadline?  0 or an error. */
static int check_deadline(const struct timespec *deadline)
{
    if (deadline != NULL && !time_is_valid(deadline))
        return EINVAL;                                               /* POSIX pthread_mutex_timedlock: EINVAL */
    return deadline != NULL && deadline->tv_sec < 0 ? ETIMEDOUT : 0; /* POSIX pthread_mutex_timedlock: ETIMEDOUT */
}

/* Who has slept takes it with FUTEX_WAITERS, since there may be others. */
static int take(struct mutex *m, unsigned how, const struct timespec *deadline)
{
    unsigned value = m->word, tid = __thread_id(), others = how & MUTEX_CONTENDED ? FUTEX_WAITERS : 0;
    int operation = FUTEX_WAIT_BITSET | mutex_scope(m) | (how & FUTEX_REALTIME), error;

    for (;;) {
        if ((value & FUTEX_TID_MASK) == 0) {
            if (word_change(&m->word, &value, tid | (value & FUTEX_WAITERS) | others))
                return value & FUTEX_OWNER_DIED && m->kind & MUTEX_ROBUST ? EOWNERDEAD : 0;
            continue;
        }
        error = how & MUTEX_TRY ? EBUSY : check_deadline(deadline);
        if (error != 0)
            return error;
        if (!(value & FUTEX_WAITERS) && !word_change(&m->word, &value, value | FUTEX_WAITERS))
            continue;
        if ((m->kind & (MUTEX_SHARED | MUTEX_ROBUST)) == MUTEX_SHARED)
            __turn_begin(&m->word);
        if (__futex_raw(&m->word, operation, value | FUTEX_WAITERS, deadline, NULL, FUTEX_ALL_BITS) == -ETIMEDOUT)
            return ETIMEDOUT; /* POSIX pthread_mutex_timedlock: ETIMEDOUT */
        others = FUTEX_WAITERS;
        value = m->word;
    }
}

/* Its owner cannot be helped: that is the running thread, or has ended, or has had it since before fork() and so under
 * another tid.  Only of the last there is hope: pthread_mutex_unlock() wakes all who wait for a change of the word.
 * `seen` has named its owner.  0, or ETIMEDOUT. */
static int wait_for_change(struct mutex *m, unsigned seen, unsigned how, const struct timespec *deadline)
{
    int operation = FUTEX_WAIT_BITSET | mutex_scope(m) | (how & FUTEX_REALTIME);
    unsigned value = m->word;

    if ((value ^ seen) & FUTEX_TID_MASK)
        return 0;
    return __futex_raw(&m->word, operation, value, deadline, NULL, FUTEX_ALL_BITS) == -ETIMEDOUT ? ETIMEDOUT : 0;
}

/* The kernel lends the owner the priorities of those that wait (ipc/futex_pi.c). */
static int take_inheriting(struct mutex *m, unsigned how, const struct timespec *deadline)
{
    int operation = (how & MUTEX_TRY ? FUTEX_TRYLOCK_PI : FUTEX_LOCK_PI2) | (how & FUTEX_REALTIME) | mutex_scope(m);
    unsigned seen;
    int error;

    if (word_take(&m->word, __thread_id()))
        return 0;
    error = how & MUTEX_TRY ? 0 : check_deadline(deadline);
    while (error == 0) {
        seen = m->word;
        error = (int)-__futex_raw(&m->word, operation, 0, deadline, NULL, 0);
        if (error == 0)
            return __atomic_fetch_and(&m->word, ~FUTEX_OWNER_DIED, __ATOMIC_ACQUIRE) & FUTEX_OWNER_DIED ? EOWNERDEAD
                                                                                                        : 0;
        if (how & MUTEX_TRY)
            return EBUSY;
        if (error == EINTR || error == EAGAIN)
            error = 0;
        else if (error == ESRCH || (error == EDEADLK && mutex_is_mine(m)))
            error = wait_for_change(m, seen, how, deadline);
    }
    return error;
}

/* Whose owner has died is put into the list with all else that is held.  One that nobody has put right stays lost. */
static int take_robust(struct mutex *m, unsigned how, const struct timespec *deadline)
{
    int error;

    __robust_begin(m);
    error = m->kind & MUTEX_INHERIT ? take_inheriting(m, how, deadline) : take(m, how, deadline);
    if (error == 0 || error == EOWNERDEAD) {
        __robust_add(m);
        if (error == EOWNERDEAD) {
            m->count = 0;
            m->state = m->state == MUTEX_NOT_RECOVERABLE ? m->state : MUTEX_INCONSISTENT;
        }
    }
    robust_end();
    return error;
}

static int take_special(struct mutex *m, unsigned how, const struct timespec *deadline)
{
    int error;

    if (m->kind & MUTEX_ROBUST) {
        error = take_robust(m, how, deadline);
        if ((error == 0 || error == EOWNERDEAD) && m->state == MUTEX_NOT_RECOVERABLE) {
            __mutex_unlock(m, MUTEX_NO_CEILING);
            error = ENOTRECOVERABLE; /* POSIX pthread_mutex_lock: ENOTRECOVERABLE */
        }
        return error;
    }
    if (m->kind & MUTEX_INHERIT) {
        error = take_inheriting(m, how, deadline);
        return error == EOWNERDEAD ? 0 : error;
    }
    error = take(m, how, deadline);
    if (m->kind & MUTEX_SHARED)
        turn_end();
    return error;
}

int __mutex_lock(struct mutex *m, unsigned how, const struct timespec *deadline)
{
    bool limited = m->kind & MUTEX_PROTECT && !(how & MUTEX_NO_CEILING);
    bool waits_for_itself = (m->kind & MUTEX_TYPE) == PTHREAD_MUTEX_NORMAL && !(how & MUTEX_TRY);
    int ceiling = m->ceiling, error;

    if (m->kind == 0)
        return take(m, how, deadline);
    if (!waits_for_itself && mutex_is_mine(m))
        return lock_again(m, how);
    error = limited ? __ceiling_raise(ceiling) : 0;
    if (error != 0)
        return error;
    error = take_special(m, how, deadline);
    if (limited && error != 0 && error != EOWNERDEAD)
        __ceiling_lower(ceiling);
    if (error == 0 && mutex_is_inherited(m))
        m->owner = thread_self()->serial + 1;
    return error;
}
