/*
 * signal.c - the simple way to catch a signal, with BSD's meaning: the handler stays, the signal is blocked while it
 * runs, and interrupted calls go on afterwards.
 */
#include "libc.h"
#include <signal.h>

/* Signals for which siginterrupt() wants EINTR instead. */
sigset_t __signals_interrupt;

_sig_func_ptr signal(int signal, _sig_func_ptr handler)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;

    if (handler == SIG_ERR) {
        errno = EINVAL; /* POSIX signal: EINVAL */
        return SIG_ERR;
    }
    if (sigismember(&__signals_interrupt, signal) == 1)
        action.sa_flags = 0;
    if (sigaction(signal, &action, &old) == -1)
        return SIG_ERR;
    return old.sa_handler;
}
