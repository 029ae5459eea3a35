/*
 * siginterrupt.c - does a caught signal end system calls with EINTR?
 */
#include <signal.h>

extern sigset_t __signals_interrupt;

int siginterrupt(int signal, int flag)
{
    struct sigaction action;

    if (sigaction(signal, NULL, &action) == -1)
        return -1;
    if (flag) {
        sigaddset(&__signals_interrupt, signal);
        action.sa_flags &= ~SA_RESTART;
    } else {
        sigdelset(&__signals_interrupt, signal);
        action.sa_flags |= SA_RESTART;
    }
    return sigaction(signal, &action, NULL);
}
