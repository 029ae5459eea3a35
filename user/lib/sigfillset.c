/*
 * sigfillset.c - a set of all signals.
 */
#include <signal.h>

int sigfillset(sigset_t *set)
{
    *set = ~0ull;
    return 0;
}
