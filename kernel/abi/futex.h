/*
 * futex.h - operations of the futex call; the numbers below 16 are Linux's.
 *
 *      futex(word, operation, value, timeout, word2, value2)
 *
 * Without FUTEX_PRIVATE the word is known by the object that is mapped there, so that processes meet at it wherever
 * each has mapped it.
 */
#pragma once

#define FUTEX_WAIT 0        /* sleep while *word is `value`; `timeout` is relative */
#define FUTEX_WAKE 1        /* wake up to `value` sleepers; answers how many */
#define FUTEX_REQUEUE 3     /* wake `value`, let up to `timeout` (a number here) more wait for word2; answers all */
#define FUTEX_CMP_REQUEUE 4 /* the same, but only while *word is `value2` (else EAGAIN) */
#define FUTEX_WAIT_BITSET 9 /* as WAIT; `timeout` is absolute; woken only by a set that shares a bit with `value2` */
#define FUTEX_WAKE_BITSET 10

/*
 * Semaphores.  The word is the count of units, or FUTEX_SEM_WAITED: none, and perhaps somebody sleeps.  User space
 * takes from a count above 0 and adds to one that is not FUTEX_SEM_WAITED; all else is done here.
 */
#define FUTEX_SEM_WAIT 16 /* take a unit, or sleep until one is handed over; `timeout` is absolute */
#define FUTEX_SEM_POST 17 /* hand a unit to the first who waits (by priority, then by age), or else add it */
#define FUTEX_SEM_WAITED 0x80000000u

#define FUTEX_PRIVATE 128  /* or-ed in: the word is used within one process only */
#define FUTEX_REALTIME 256 /* or-ed in: the absolute time is one of CLOCK_REALTIME, else of CLOCK_MONOTONIC */
#define FUTEX_ALL_BITS 0xffffffffu
