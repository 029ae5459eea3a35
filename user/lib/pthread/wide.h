/*
 * wide.h - 64 bits that change at once, within the words of a pthread type, and the lower half of which is a futex.
 *
 * Such types are aligned to 4 bytes and have words to spare: of these the pair is used that lies on a multiple of 8,
 * which is the same wherever a page is mapped.
 */
#pragma once

#include "thread.h"

static inline volatile uint64_t *wide_at(unsigned *words)
{
    return (volatile uint64_t *)(((uintptr_t)words + 7) & ~(uintptr_t)7);
}

static inline volatile unsigned *wide_futex(volatile uint64_t *wide)
{
    return (volatile unsigned *)wide;
}

/* Change it from *seen; if it was something else that is in *seen. */
static inline bool wide_change(volatile uint64_t *wide, uint64_t *seen, uint64_t value)
{
    return __atomic_compare_exchange_n(wide, seen, value, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}
