/*
 * rwlock.h - what is in a pthread_rwlock_t.
 *
 * The word:
 *
 *      30      (FUTEX_OWNER_DIED) one that was called may have been killed, and not come; or, while somebody has it,
 *              one who waited has given up
 *      23-29   the real-time priority, plus 1, of the writer that was called and has not come yet; 0: none was
 *      22      writers may sleep for it
 *      21      readers may sleep for it
 *      20      a writer has it, whose tid is in the bits below; else they are the number of readers
 *
 * Who goes to sleep sets his bit first and sleeps while the word is the same; who clears a bit wakes all whom it stood
 * for.  So a bit may stand for nobody (a sleeper was killed): that costs a call, no more.
 *
 * Readers hold back while a writer has it or waits for it, so writers do not starve; readers wait while writers come
 * and go.  A word that nobody holds but bit 22 is a writer's who was called and has not come yet.  Only readers whose
 * real-time priority is higher than that of this one and of all writers that wait go before these; the kernel knows who
 * waits, and with which priority.  Readers and writers sleep with different bits of FUTEX_WAIT_BITSET, and are woken by
 * them.
 *
 * Who was called may not come, because its deadline passed or it was killed.  The first sees to it itself (pass_on());
 * of the second, where processes share the lock, the kernel tells another by bit 30 (__turn_begin()).
 */
#pragma once

#include "thread.h"
#include <limits.h>

#define RW_LOST FUTEX_OWNER_DIED
#define RW_CALLED_SHIFT 23
#define RW_CALLED (127u << RW_CALLED_SHIFT)
#define RW_WRITERS_WAIT (1u << 22)
#define RW_READERS_WAIT (1u << 21)
#define RW_WRITTEN (1u << 20)
#define RW_HOLDERS (RW_WRITTEN - 1)
#define RW_HELD (RW_WRITTEN | RW_HOLDERS)

#define RW_READERS 1u
#define RW_WRITERS 2u

/* How a caller waits: FUTEX_REALTIME, and this. */
#define RW_TRY 1u

struct rwlock {
    volatile unsigned word;
    int scope;                     /* the negation of FUTEX_PRIVATE: 0 is private */
    struct thread *volatile owner; /* the writer, where one process has the lock: it is the same one in its child */
    unsigned unused[9];
};
_Static_assert(sizeof(struct rwlock) == sizeof(pthread_rwlock_t), "the size of pthread_rwlock_t is fixed");

static inline struct rwlock *rwlock_of(pthread_rwlock_t *lock)
{
    return (struct rwlock *)lock;
}

static inline int rwlock_scope(const struct rwlock *l)
{
    return FUTEX_PRIVATE & ~l->scope;
}
