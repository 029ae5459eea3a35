/*
 * futex.h - sleeping on a word of user memory.
 */
#pragma once

#include <stdint.h>

#include <arch/pgtable.h>

/* Sleep while the word at `address` (of this process, for its threads) is `expected`, until futex_wake() or the
 * deadline. 0, -EAGAIN (the word differs), -ETIMEDOUT, -ERESTART, -EFAULT, -EINVAL (not aligned). */
long futex_wait(uaddr_t address, uint32_t expected, uint64_t deadline);
/* Wake up to `count` sleepers, the longest waiting first.  How many, or -EINVAL, -EFAULT. */
long futex_wake(uaddr_t address, uint32_t count);
void futex_start(void);
