/*
 * sigandset.c - sets of signals from two others, and whether one is empty.
 */
#include <signal.h>

int sigandset(sigset_t *set, const sigset_t *a, const sigset_t *b)
{
    *set = *a & *b;
    return 0;
}

int sigorset(sigset_t *set, const sigset_t *a, const sigset_t *b)
{
    *set = *a | *b;
    return 0;
}

int sigisemptyset(const sigset_t *set)
{
    return *set == 0;
}
