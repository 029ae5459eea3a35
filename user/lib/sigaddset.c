/*
 * sigaddset.c - puts a signal into a set.
 */
#include "sigset.h"

int sigaddset(sigset_t *set, int signal)
{
    sigset_t bit = signal_bit(signal);

    *set |= bit;
    return bit == 0 ? -1 : 0;
}
