/*
 * futex.h - sleeping on a word of user memory.  See futex.c.
 *
 * `private`: the word is known by the space and its address; else by the mapped object, when it lies in a shared
 * mapping. All answer -EINVAL for an address that is not aligned, -EFAULT where there is no memory.  All may sleep.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/pgtable.h>

/* At boot, once there is a /proc. */
void futex_start(void);
/* Wake up to `count` of those who wait with one of `bits`: those of the highest real-time priority, and of equals who
 * have waited longest.  `operation`: FUTEX_PRIVATE or 0.  Answers how many. */
long futex_wake(uaddr_t address, int operation, uint32_t count, uint32_t bits);
/* Words that have an owner.  Take the word, if need be (and not `try`) wait for it.  0; -EDEADLK: it is the running
 * thread's, or its owner waits for that one; -EAGAIN; -ESRCH: its owner is no thread; -ETIMEDOUT, -ERESTART,
 * -ENOMEM. */
long futex_lock(uaddr_t address, bool private, uint64_t deadline, bool try);
/* Give it back, to the first who waits.  0, or -EPERM. */
long futex_unlock(uaddr_t address, bool private);
/* The running thread leaves its program, for good or by exec: give up what it held there.  Its space is still in use.
 */
void futex_leave_user(bool for_good);
/* A thread's last word: store 0 and wake all who wait there with FUTEX_PRIVATE.  A bad address harms nobody. */
void futex_clear(uaddr_t address);
