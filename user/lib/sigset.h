/*
 * sigset.h - the bit of a signal in a set, and the signals that are the library's own.
 *
 * Those lie between the standard ones and SIGRTMIN.  No set of a program's holds them: one that blocked SIGCANCEL could
 * not be cancelled while it sleeps, and one that waited for either would take what is meant for the library.
 */
#pragma once

#include "libc.h"
#include <signal.h>

#define SIGCANCEL 32 /* pthread_cancel.c */
#define SIGEVENT 33  /* sigev_thread.c */
#define SIGNALS_OF_LIBRARY (1ull << (SIGCANCEL - 1) | 1ull << (SIGEVENT - 1))

/* 0, with errno set, when there is no such signal. */
static inline sigset_t signal_bit(int signal)
{
    if (signal < 1 || signal >= NSIG || signal == SIGCANCEL || signal == SIGEVENT) {
        errno = EINVAL; /* POSIX sigaddset: EINVAL */
        return 0;
    }
    return 1ull << (signal - 1);
}
