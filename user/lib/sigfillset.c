/*
 * sigfillset.c - a set of all signals that a program can have.
 */
#include "sigset.h"

int sigfillset(sigset_t *set)
{
    *set = ~SIGNALS_OF_LIBRARY;
    return 0;
}
