/*
 * pthread_rwlock.c - locks that many readers or one writer may have.
 */
#include "mutex.h"
#include "rwlock.h"
#include <time.h>

static void wake(volatile unsigned *word, int scope, int count, unsigned who)
{
    __futex_raw(word, FUTEX_WAKE_BITSET | scope, (unsigned)count, NULL, NULL, who);
}

/* The highest real-time priority of those that sleep; 0: they have none; less: nobody does.  Of nobody: one's own. */
static long priority_of(volatile unsigned *word, int scope, unsigned who)
{
    return __futex_raw(word, FUTEX_PRIORITY | scope, 0, NULL, NULL, who);
}

/* POSIX pthread_rwlock_rdlock: only writers of the same or a higher real-time priority hold a reader back. */
static bool overtakes_writers(struct rwlock *l)
{
    long own = priority_of(&l->word, rwlock_scope(l), 0);

    return own > 0 && own > priority_of(&l->word, rwlock_scope(l), RW_WRITERS);
}

static bool readers_come_first(volatile unsigned *word, int scope)
{
    return priority_of(word, scope, RW_READERS) > priority_of(word, scope, RW_WRITERS);
}

/* Sleep for a lock whose word is `seen`.  0, or an error. */
static int sleep_on(struct rwlock *l, unsigned seen, unsigned who, unsigned how, const struct timespec *deadline)
{
    int operation = FUTEX_WAIT_BITSET | rwlock_scope(l) | (how & FUTEX_REALTIME);

    if (deadline != NULL && deadline->tv_sec < 0)
        return ETIMEDOUT;
    return __futex_raw(&l->word, operation, seen, deadline, NULL, who) == -ETIMEDOUT ? ETIMEDOUT : 0;
}

static bool is_mine(unsigned word)
{
    return word & RW_WRITTEN && (word & RW_HOLDERS) == (unsigned)__thread_id();
}

/* May one wait?  0 or an error. */
static int check(unsigned word, unsigned how, const struct timespec *deadline)
{
    if (how & RW_TRY)
        return EBUSY; /* POSIX pthread_rwlock_tryrdlock, pthread_rwlock_trywrlock: EBUSY */
    if (is_mine(word))
        return EDEADLK; /* POSIX pthread_rwlock_rdlock, pthread_rwlock_wrlock: EDEADLK */
    return deadline != NULL && !time_is_valid(deadline) ? EINVAL : 0; /* POSIX pthread_rwlock_timedrdlock: EINVAL */
}

static int lock_to_read(struct rwlock *l, unsigned how, const struct timespec *deadline)
{
    unsigned word = l->word;
    bool slept = false;
    int error = 0;

    while (error == 0) {
        if (!(word & RW_WRITTEN) && (!(word & RW_WRITERS_WAIT) || overtakes_writers(l))) {
            if ((word & RW_HOLDERS) == RW_HOLDERS)
                return EAGAIN; /* POSIX pthread_rwlock_rdlock: EAGAIN */
            if (word_change(&l->word, &word, word + 1))
                return 0;
            continue;
        }
        error = check(word, how, deadline);
        if (error != 0 || (!(word & RW_READERS_WAIT) && !word_change(&l->word, &word, word | RW_READERS_WAIT)))
            continue;
        if (slept && !(word & RW_HELD)) /* it was called, and has lost its priority meanwhile */
            wake(&l->word, rwlock_scope(l), 1, RW_WRITERS);
        slept = true;
        error = sleep_on(l, word | RW_READERS_WAIT, RW_READERS, how, deadline);
        word = l->word;
    }
    return error;
}

/* A writer that slept waits no more, and has not got it: it may have been the one that held readers back. */
static void give_up(struct rwlock *l)
{
    __atomic_and_fetch(&l->word, ~(RW_READERS_WAIT | RW_WRITERS_WAIT), __ATOMIC_RELEASE);
    wake(&l->word, rwlock_scope(l), INT_MAX, RW_READERS | RW_WRITERS);
}

static int lock_to_write(struct rwlock *l, unsigned how, const struct timespec *deadline)
{
    unsigned word = l->word;
    bool slept = false;
    int error = 0;

    while (error == 0) {
        if (!(word & RW_HELD)) {
            if (word_change(&l->word, &word, word | RW_WRITTEN | (unsigned)__thread_id()))
                return 0;
            continue;
        }
        error = check(word, how, deadline);
        if (error != 0 || (!(word & RW_WRITERS_WAIT) && !word_change(&l->word, &word, word | RW_WRITERS_WAIT)))
            continue;
        slept = true;
        error = sleep_on(l, word | RW_WRITERS_WAIT, RW_WRITERS, how, deadline);
        word = l->word;
    }
    if (slept)
        give_up(l);
    return error;
}

/* Nobody will hold it, and its word will be *next: who is to be called?  POSIX pthread_rwlock_unlock: by priority, and
 * of equals a writer.  All may look anew where no writer waits. */
static unsigned choose(volatile unsigned *place, int scope, unsigned *next)
{
    unsigned word = *next;

    if (!(word & RW_WRITERS_WAIT) || priority_of(place, scope, RW_WRITERS) < 0) {
        *next = 0;
        return word != 0 ? RW_READERS | RW_WRITERS : 0;
    }
    return word & RW_READERS_WAIT && readers_come_first(place, scope) ? RW_READERS : RW_WRITERS;
}

static void call(volatile unsigned *word, int scope, unsigned who)
{
    do
        wake(word, scope, who == (RW_READERS | RW_WRITERS) ? INT_MAX : 1, who);
    while (who == RW_READERS && readers_come_first(word, scope));
}

/* Behind the change only the address is used: whoever takes it next may destroy it. */
int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
    struct rwlock *l = rwlock_of(lock);
    unsigned word = l->word, next, who;
    int scope = rwlock_scope(l);

    do {
        if (!(word & RW_HELD) || (word & RW_WRITTEN && !is_mine(word)))
            return EPERM; /* Linux pthread_rwlock_unlock: EPERM */
        next = word & RW_WRITTEN ? word & ~RW_HELD : word - 1;
        who = next & RW_HELD ? 0 : choose(&l->word, scope, &next);
    } while (!word_change(&l->word, &word, next));
    if (who != 0)
        call(&l->word, scope, who);
    return 0;
}

int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    return lock_to_read(rwlock_of(lock), 0, NULL);
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
    return lock_to_read(rwlock_of(lock), RW_TRY, NULL);
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t *restrict lock, clockid_t clock,
                               const struct timespec *restrict deadline)
{
    int flags = deadline_clock(clock);

    return flags < 0 ? EINVAL : lock_to_read(rwlock_of(lock), flags, deadline);
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t *restrict lock, const struct timespec *restrict deadline)
{
    return pthread_rwlock_clockrdlock(lock, CLOCK_REALTIME, deadline);
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    return lock_to_write(rwlock_of(lock), 0, NULL);
}

int pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
    return lock_to_write(rwlock_of(lock), RW_TRY, NULL);
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t *restrict lock, clockid_t clock,
                               const struct timespec *restrict deadline)
{
    int flags = deadline_clock(clock);

    return flags < 0 ? EINVAL : lock_to_write(rwlock_of(lock), flags, deadline);
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t *restrict lock, const struct timespec *restrict deadline)
{
    return pthread_rwlock_clockwrlock(lock, CLOCK_REALTIME, deadline);
}
