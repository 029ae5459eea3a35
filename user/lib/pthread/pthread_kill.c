/*
 * pthread_kill.c - signals of one thread.
 */
#include "thread.h"
#include <signal.h>

/* POSIX pthread_kill: EINVAL.  One that has ended and is not joined yet can be signalled, to no effect. */
int pthread_kill(pthread_t id, int signal)
{
    long result = __tgkill(getpid(), thread_tid(thread_of(id)), signal);

    return result == -ESRCH ? 0 : (int)-result;
}

/* POSIX pthread_sigmask: EINVAL */
int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
    return -__sigprocmask(how, set, old);
}
