/*
 * pthread_rwlock.c - locks that many readers or one writer may have.
 */
#include "rwlock.h"
#include <time.h>

/* The state when it has been given up by the last who held it, or by the last writer that waited: if no writer waits
 * the readers are called. */
static uint64_t with_readers_called(uint64_t state)
{
    uint64_t upper = state & ~RW_READERS_WAIT & ~0xffffffffull;

    return (state & RW_READERS_WAIT) && !(state & RW_WRITERS_WAIT) ? upper | ((uint32_t)state + RW_TURN) : state;
}

static void wake(volatile unsigned *word, int scope, int count, unsigned bit)
{
    __futex_raw(word, FUTEX_WAKE_BITSET | scope, (unsigned)count, NULL, NULL, bit);
}

/* Sleep for a lock whose state is `state`.  0, or an error. */
static int sleep_on(struct rwlock *l, uint64_t state, unsigned bit, unsigned how, const struct timespec *deadline)
{
    int operation = FUTEX_WAIT_BITSET | rwlock_scope(l) | (how & FUTEX_REALTIME);

    if (deadline != NULL && deadline->tv_sec < 0)
        return ETIMEDOUT;
    return __futex_raw(wide_futex(rwlock_state(l)), operation, (unsigned)state, deadline, NULL, bit) == -ETIMEDOUT
               ? ETIMEDOUT
               : 0;
}

static bool is_mine(uint64_t state)
{
    return state & RW_WRITTEN && (state & RW_HOLDERS) == (unsigned)__thread_id();
}

/* May one wait?  0 or an error. */
static int check(uint64_t state, unsigned how, const struct timespec *deadline)
{
    if (how & RW_TRY)
        return EBUSY; /* POSIX pthread_rwlock_tryrdlock, pthread_rwlock_trywrlock: EBUSY */
    if (is_mine(state))
        return EDEADLK; /* POSIX pthread_rwlock_rdlock, pthread_rwlock_wrlock: EDEADLK */
    return deadline != NULL && !time_is_valid(deadline) ? EINVAL : 0; /* POSIX pthread_rwlock_timedrdlock: EINVAL */
}

static int lock_to_read(struct rwlock *l, unsigned how, const struct timespec *deadline)
{
    volatile uint64_t *place = rwlock_state(l);
    uint64_t state = __atomic_load_n(place, __ATOMIC_RELAXED);
    int error = 0;

    while (error == 0) {
        if (!(state & (RW_WRITTEN | RW_WRITERS_WAIT))) {
            if ((state & RW_HOLDERS) == RW_HOLDERS)
                return EAGAIN; /* POSIX pthread_rwlock_rdlock: EAGAIN */
            if (wide_change(place, &state, state + 1))
                return 0;
            continue;
        }
        error = check(state, how, deadline);
        if (error == 0 && (state & RW_READERS_WAIT || wide_change(place, &state, state | RW_READERS_WAIT))) {
            error = sleep_on(l, state, RW_BIT_READ, how, deadline);
            state = __atomic_load_n(place, __ATOMIC_RELAXED);
        }
    }
    return error;
}

/* A writer that was counted waits no more, and has not got it. */
static void give_up(struct rwlock *l)
{
    volatile uint64_t *place = rwlock_state(l);
    uint64_t state = __atomic_load_n(place, __ATOMIC_RELAXED), next;

    do {
        next = state - RW_WRITER_WAITS;
        if (!(state & RW_WRITTEN))
            next = with_readers_called(next);
    } while (!wide_change(place, &state, next));
    if (state & RW_READERS_WAIT && !(next & RW_READERS_WAIT))
        wake(wide_futex(place), rwlock_scope(l), INT_MAX, RW_BIT_READ);
}

static int lock_to_write(struct rwlock *l, unsigned how, const struct timespec *deadline)
{
    volatile uint64_t *place = rwlock_state(l);
    uint64_t state = __atomic_load_n(place, __ATOMIC_RELAXED), counted = 0;
    int error = 0;

    while (error == 0) {
        if (!(state & RW_HELD)) {
            if (wide_change(place, &state, (state - counted) | RW_WRITTEN | (unsigned)__thread_id()))
                return 0;
            continue;
        }
        error = check(state, how, deadline);
        if (error == 0 && (counted != 0 || wide_change(place, &state, state + RW_WRITER_WAITS))) {
            counted = RW_WRITER_WAITS;
            error = sleep_on(l, state, RW_BIT_WRITE, how, deadline);
            state = __atomic_load_n(place, __ATOMIC_RELAXED);
        }
    }
    if (counted != 0)
        give_up(l);
    return error;
}

/* Behind the change only the address is used: whoever takes it next may destroy it. */
int pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
    struct rwlock *l = rwlock_of(lock);
    volatile uint64_t *place = rwlock_state(l);
    uint64_t state = __atomic_load_n(place, __ATOMIC_RELAXED), next;
    int scope = rwlock_scope(l);

    do {
        if (!(state & RW_HELD) || (state & RW_WRITTEN && !is_mine(state)))
            return EPERM; /* Linux pthread_rwlock_unlock: EPERM */
        next = state & RW_WRITTEN ? state & ~RW_HELD : state - 1;
        if (!(next & RW_HELD))
            next = with_readers_called(next);
    } while (!wide_change(place, &state, next));
    if (!(next & RW_HELD) && next & RW_WRITERS_WAIT)
        wake(wide_futex(place), scope, 1, RW_BIT_WRITE);
    else if (state & RW_READERS_WAIT && !(next & RW_READERS_WAIT))
        wake(wide_futex(place), scope, INT_MAX, RW_BIT_READ);
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
