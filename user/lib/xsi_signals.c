/*
 * xsi_signals.c - System V's older way with signals: sigset and its kin.
 */
#include "libc.h"
#include <signal.h>

static int change_mask(int how, int signal)
{
    sigset_t set;

    sigemptyset(&set);
    if (sigaddset(&set, signal) == -1)
        return -1;
    return sigprocmask(how, &set, NULL);
}

int sighold(int signal)
{
    return change_mask(SIG_BLOCK, signal);
}

int sigrelse(int signal)
{
    return change_mask(SIG_UNBLOCK, signal);
}

int sigignore(int signal)
{
    struct sigaction action = {.sa_handler = SIG_IGN};

    return sigaction(signal, &action, NULL);
}

/* Waits with `signal` unblocked. */
int sigpause(int signal)
{
    sigset_t set;

    sigprocmask(SIG_BLOCK, NULL, &set);
    if (sigdelset(&set, signal) == -1)
        return -1;
    return sigsuspend(&set);
}

/* As signal(), but with SIG_HOLD as a third disposition, and as the answer when the signal was blocked. */
_sig_func_ptr sigset(int signal, _sig_func_ptr handler)
{
    struct sigaction action = {.sa_handler = handler}, old;
    sigset_t mask;

    if (sigprocmask(SIG_BLOCK, NULL, &mask) == -1 || sigaction(signal, NULL, &old) == -1)
        return SIG_ERR;
    if (change_mask(handler == SIG_HOLD ? SIG_BLOCK : SIG_UNBLOCK, signal) == -1)
        return SIG_ERR;
    if (handler != SIG_HOLD && sigaction(signal, &action, NULL) == -1)
        return SIG_ERR;
    return sigismember(&mask, signal) == 1 ? SIG_HOLD : old.sa_handler;
}
