/*
 * sigdelset.c - takes a signal out of a set.
 */
#include "sigset.h"

int sigdelset(sigset_t *set, int signal)
{
    sigset_t bit = signal_bit(signal);

    *set &= ~bit;
    return bit == 0 ? -1 : 0;
}
