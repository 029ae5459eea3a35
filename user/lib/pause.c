/*
 * pause.c - waiting for a signal.
 */
#include <signal.h>
#include <unistd.h>

int pause(void)
{
    sigset_t mask;

    sigprocmask(SIG_BLOCK, NULL, &mask);
    return sigsuspend(&mask);
}
