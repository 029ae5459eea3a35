/*
 * sigset.h - the bit of a signal in a set.
 */
#pragma once

#include "libc.h"
#include <signal.h>

/* 0, with errno set, when there is no such signal. */
static inline sigset_t signal_bit(int signal)
{
    if (signal < 1 || signal >= NSIG) {
        errno = EINVAL; /* POSIX sigaddset: EINVAL */
        return 0;
    }
    return 1ull << (signal - 1);
}
