/*
 * sigismember.c - is a signal in a set?
 */
#include "sigset.h"

int sigismember(const sigset_t *set, int signal)
{
    sigset_t bit = signal_bit(signal);

    return bit == 0 ? -1 : (*set & bit) != 0;
}
