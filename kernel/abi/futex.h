/*
 * futex.h - operations of the futex call; the numbers below 16 are Linux's.
 *
 *      futex(word, operation, value, timeout, word2, value2)
 *
 * Without FUTEX_PRIVATE the word is known by the object that is mapped there, so that processes meet at it wherever
 * each has mapped it.
 */
#pragma once

#define FUTEX_WAIT 0        /* sleep while *word is `value`; `timeout` is relative; 1: it was moved by REQUEUE */
#define FUTEX_WAKE 1        /* wake up to `value` sleepers; answers how many */
#define FUTEX_REQUEUE 3     /* wake `value`, let up to `timeout` (a number here) more wait for word2; answers all */
#define FUTEX_LOCK_PI 6     /* take the word (below), or wait for it; `timeout` is absolute on CLOCK_REALTIME */
#define FUTEX_UNLOCK_PI 7   /* give it back, to the first who waits */
#define FUTEX_TRYLOCK_PI 8  /* as LOCK_PI, but EAGAIN instead of waiting */
#define FUTEX_WAIT_BITSET 9 /* as WAIT; `timeout` is absolute; woken only by a set that shares a bit with `value2` */
#define FUTEX_WAKE_BITSET 10
#define FUTEX_LOCK_PI2 13 /* as LOCK_PI; FUTEX_REALTIME tells the clock */

/*
 * A word with an owner, whom the priority of those that wait is lent, is the owner's tid or 0, and has bits or-ed in.
 * User space changes 0 to its own tid and that back to 0; all else is done by LOCK_PI and UNLOCK_PI.  The same bits are
 * used, for the locks in a robust list, in words that have no priority to lend.
 */
#define FUTEX_WAITERS 0x80000000u
#define FUTEX_OWNER_DIED 0x40000000u
#define FUTEX_TID_MASK 0x3fffffffu

/* set_robust_list(): the locks that a thread holds.  In an entry, the pointer to the next is its first word, and bit 0
 * of a pointer to it says that the lock has a priority to lend. */
struct abi_robust_list {
    unsigned next;    /* the first entry; the last one points to this structure */
    int offset;       /* from an entry to its word */
    unsigned pending; /* an entry about to be taken or given back, or 0; with bit 1 the address of a word where, if
                       * the thread ends, FUTEX_OWNER_DIED is set and one who waits is woken */
};

/*
 * Semaphores.  The word is the count of units, or FUTEX_SEM_WAITED: none, and perhaps somebody sleeps.  User space
 * takes from a count above 0 and adds to one that is not FUTEX_SEM_WAITED; all else is done here.
 */
#define FUTEX_SEM_WAIT 16 /* take a unit, or sleep until one is handed over; `timeout` is absolute */
#define FUTEX_SEM_POST 17 /* hand a unit to the first who waits (by priority, then by age), or else add it */
#define FUTEX_SEM_WAITED 0x80000000u

/* The real-time priority of the first that FUTEX_WAKE_BITSET would wake, what it inherits included; 0: it has none;
 * ESRCH: it would wake nobody.  With no bits, the caller's own. */
#define FUTEX_PRIORITY 18

#define FUTEX_PRIVATE 128  /* or-ed in: the word is used within one process only */
#define FUTEX_REALTIME 256 /* or-ed in: the absolute time is one of CLOCK_REALTIME, else of CLOCK_MONOTONIC */
#define FUTEX_ALL_BITS 0xffffffffu
