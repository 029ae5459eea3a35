/*
 * sigaction.c - what a signal does.
 *
 * The kernel returns from a handler into the restorer that it is given here, which does nothing but sigreturn.
 */
#include "libc.h"
#include <signal.h>

int sigaction(int signal, const struct sigaction *restrict action, struct sigaction *restrict old)
{
    struct sigaction with_restorer;

    if (action != NULL) {
        with_restorer = *action;
        with_restorer.sa_flags |= SA_RESTORER;
        with_restorer.sa_restorer = __signal_restorer;
        action = &with_restorer;
    }
    if (__sigaction(signal, action, old) == -1)
        return -1;
    if (old != NULL)
        old->sa_flags &= ~SA_RESTORER;
    return 0;
}
