/*
 * rwlock.h - what is in a pthread_rwlock_t.
 *
 * The state is 64 bits (wide.h), so that who gives the lock back knows by the same change whom to wake, and does not
 * touch the lock behind it:
 *
 *      63      readers wait
 *      62..32  how many writers wait
 *      31..21  counts how often waiting readers were called, so that none goes to sleep behind that
 *      20      a writer has it, whose tid is in the bits below; else they are the number of readers
 *
 * Readers hold back while a writer has it or waits for it, so writers do not starve; readers wait while writers come
 * and go.  Readers and writers sleep on the lower half, with different bits, and are woken by them.
 */
#pragma once

#include "wide.h"
#include <limits.h>

#define RW_READERS_WAIT (1ull << 63)
#define RW_WRITER_WAITS (1ull << 32) /* one of them */
#define RW_WRITERS_WAIT (0x7fffffffull << 32)
#define RW_TURN (1u << 21)
#define RW_WRITTEN (1ull << 20)
#define RW_HOLDERS (RW_WRITTEN - 1)
#define RW_HELD (RW_WRITTEN | RW_HOLDERS)

#define RW_BIT_READ 1u
#define RW_BIT_WRITE 2u

/* How a caller waits: FUTEX_REALTIME, and this. */
#define RW_TRY 1u

struct rwlock {
    unsigned state[3];
    int scope; /* the negation of FUTEX_PRIVATE: 0 is private */
    unsigned unused[8];
};
_Static_assert(sizeof(struct rwlock) == sizeof(pthread_rwlock_t), "the size of pthread_rwlock_t is fixed");

static inline struct rwlock *rwlock_of(pthread_rwlock_t *lock)
{
    return (struct rwlock *)lock;
}

static inline volatile uint64_t *rwlock_state(struct rwlock *l)
{
    return wide_at(l->state);
}

static inline int rwlock_scope(const struct rwlock *l)
{
    return FUTEX_PRIVATE & ~l->scope;
}
