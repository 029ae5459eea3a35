/*
 * pthread_rwlock.c - locks that many readers or one writer may have.
 */
#include "mutex.h"
#include "rwlock.h"
#include <time.h>

/* How many were woken. */
static long wake(volatile unsigned *word, int scope, int count, unsigned who)
{
    return __futex_raw(word, FUTEX_WAKE_BITSET | scope, (unsigned)count, NULL, NULL, who);
}

/* The highest real-time priority of those that sleep; 0: they have none; less: nobody does.  Of nobody: one's own. */
static long priority_of(volatile unsigned *word, int scope, unsigned who)
{
    return __futex_raw(word, FUTEX_PRIORITY | scope, 0, NULL, NULL, who);
}

/* POSIX pthread_rwlock_rdlock: only writers of the same or a higher real-time priority hold a reader back. */
static bool overtakes_writers(struct rwlock *l, unsigned word)
{
    int scope = rwlock_scope(l);
    long own = priority_of(&l->word, scope, 0);

    return own > 0 && own >= (long)(word >> RW_CALLED_SHIFT) && own > priority_of(&l->word, scope, RW_WRITERS);
}

/* Sleep for a lock whose word is `seen`.  0, or ETIMEDOUT; *called: it was woken. */
static int sleep_on(struct rwlock *l, unsigned seen, unsigned who, unsigned how, const struct timespec *deadline,
                    bool *called)
{
    int scope = rwlock_scope(l);
    long result = -ETIMEDOUT;

    if (scope != FUTEX_PRIVATE)
        __turn_begin(&l->word);
    if (deadline == NULL || deadline->tv_sec >= 0)
        result = __futex_raw(&l->word, FUTEX_WAIT_BITSET | scope | (how & FUTEX_REALTIME), seen, deadline, NULL, who);
    *called = result == 0;
    return result == -ETIMEDOUT ? ETIMEDOUT : 0;
}

static bool is_mine(const struct rwlock *l, unsigned word)
{
    if (!(word & RW_WRITTEN))
        return false;
    return l->owner == thread_self() || (word & RW_HOLDERS) == (unsigned)__thread_id();
}

/* May one wait?  0 or an error. */
static int check(const struct rwlock *l, unsigned word, unsigned how, const struct timespec *deadline)
{
    if (how & RW_TRY)
        return EBUSY; /* POSIX pthread_rwlock_tryrdlock, pthread_rwlock_trywrlock: EBUSY */
    if (is_mine(l, word))
        return EDEADLK; /* POSIX pthread_rwlock_rdlock, pthread_rwlock_wrlock: EDEADLK */
    return deadline != NULL && !time_is_valid(deadline) ? EINVAL : 0; /* POSIX pthread_rwlock_timedrdlock: EINVAL */
}

/* The word will be *next: who is to be called?  POSIX pthread_rwlock_unlock: by priority, and of equals a writer.  All
 * may look anew where no writer waits, nobody while a writer has it. */
static unsigned choose(volatile unsigned *place, int scope, unsigned *next)
{
    unsigned word = *next;
    long writers;

    if (word & RW_WRITTEN)
        return 0;
    writers = word & RW_WRITERS_WAIT ? priority_of(place, scope, RW_WRITERS) : -ESRCH;
    *next &= writers < 0 ? RW_HELD : ~(RW_CALLED | RW_LOST);
    if (writers < 0)
        return word & (RW_WRITERS_WAIT | RW_READERS_WAIT) ? RW_READERS | RW_WRITERS : 0;
    if (word & RW_READERS_WAIT && priority_of(place, scope, RW_READERS) > writers)
        return RW_READERS;
    if (word & RW_HELD)
        return 0;
    *next |= (unsigned)(writers + 1) << RW_CALLED_SHIFT;
    return RW_WRITERS;
}

/* Of those that sleep now.  Where no writer does, one has been called since, who is on its way. */
static bool readers_come_first(volatile unsigned *word, int scope)
{
    long writers = priority_of(word, scope, RW_WRITERS);

    return writers >= 0 && priority_of(word, scope, RW_READERS) > writers;
}

/* Nobody is woken where those that were chosen have woken up by themselves meanwhile: these see to it (pass_on()), and
 * where they did so before the change it has failed (forget_lost()). */
static void call(volatile unsigned *word, int scope, unsigned who)
{
    int count = who == (RW_READERS | RW_WRITERS) ? INT_MAX : 1;

    while (wake(word, scope, count, who) > 0 && who == RW_READERS && readers_come_first(word, scope))
        ;
}

/* Who waited does not take it, although it may have been called, or have held others back. */
static void pass_on(struct rwlock *l)
{
    int scope = rwlock_scope(l);
    unsigned word = l->word, next, who;

    do {
        next = word;
        who = choose(&l->word, scope, &next);
        if (word & RW_HELD)
            next |= RW_LOST;
    } while (!word_change(&l->word, &word, next));
    if (who != 0)
        call(&l->word, scope, who);
}

static int wait_to_read(struct rwlock *l, unsigned how, const struct timespec *deadline)
{
    unsigned word = l->word;
    bool called = false;
    int error = 0;

    while (error == 0) {
        if (!(word & RW_WRITTEN) && (!(word & RW_WRITERS_WAIT) || overtakes_writers(l, word))) {
            if ((word & RW_HOLDERS) == RW_HOLDERS)
                return EAGAIN; /* POSIX pthread_rwlock_rdlock: EAGAIN */
            if (word_change(&l->word, &word, word + 1))
                return 0;
            continue;
        }
        if (!(word & RW_HELD) && ((called && !(word & RW_CALLED)) || word & RW_LOST)) {
            /* Whose turn it was has lost its priority or its life. */
            pass_on(l);
            called = false;
            word = l->word;
            continue;
        }
        error = check(l, word, how, deadline);
        if (error != 0 || (!(word & RW_READERS_WAIT) && !word_change(&l->word, &word, word | RW_READERS_WAIT)))
            continue;
        error = sleep_on(l, word | RW_READERS_WAIT, RW_READERS, how, deadline, &called);
        word = l->word;
    }
    if (error == ETIMEDOUT && !(word & RW_CALLED))
        pass_on(l);
    return error;
}

static int wait_to_write(struct rwlock *l, unsigned how, const struct timespec *deadline)
{
    unsigned word = l->word;
    int error = 0;
    bool called;

    while (error == 0) {
        if (!(word & RW_HELD)) {
            if (!word_change(&l->word, &word, (word & ~(RW_CALLED | RW_LOST)) | RW_WRITTEN | (unsigned)__thread_id()))
                continue;
            if (rwlock_scope(l) == FUTEX_PRIVATE)
                l->owner = thread_self();
            return 0;
        }
        error = check(l, word, how, deadline);
        if (error != 0 || (!(word & RW_WRITERS_WAIT) && !word_change(&l->word, &word, word | RW_WRITERS_WAIT)))
            continue;
        error = sleep_on(l, word | RW_WRITERS_WAIT, RW_WRITERS, how, deadline, &called);
        word = l->word;
    }
    if (error == ETIMEDOUT)
        pass_on(l);
    return error;
}

static int lock_to_read(struct rwlock *l, unsigned how, const struct timespec *deadline)
{
    int error = wait_to_read(l, how, deadline);

    turn_end();
    return error;
}

static int lock_to_write(struct rwlock *l, unsigned how, const struct timespec *deadline)
{
    int error = wait_to_write(l, how, deadline);

    turn_end();
    return error;
}

static bool is_last(unsigned word)
{
    return word & RW_WRITTEN || (word & RW_HOLDERS) == 1;
}

/* The word without RW_LOST, before somebody is chosen: who gives up after that sets it again, and the choice, which may
 * have been that one, is made anew. */
static unsigned forget_lost(struct rwlock *l, unsigned word)
{
    while (word & RW_LOST && !word_change(&l->word, &word, word & ~RW_LOST))
        ;
    return word & ~RW_LOST;
}

/* Behind the change only the address is used: whoever takes it next may destroy it. */
int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
    struct rwlock *l = rwlock_of(lock);
    unsigned word = l->word, next, who;
    int scope = rwlock_scope(l);

    if (!(word & RW_HELD) || (word & RW_WRITTEN && !is_mine(l, word)))
        return EPERM; /* Linux pthread_rwlock_unlock: EPERM */
    if (word & RW_WRITTEN)
        l->owner = NULL;
    do {
        if (is_last(word))
            word = forget_lost(l, word);
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
