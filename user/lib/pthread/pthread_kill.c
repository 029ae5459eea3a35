/*
 * pthread_kill.c - signals of one thread.
 */
#include "thread.h"
#include <signal.h>

/* One that has ended and is not joined yet can be signalled, to no effect. */
static int answer(int result)
{
    return result == -ESRCH ? 0 : -result;
}

/* POSIX pthread_kill: EINVAL */
int pthread_kill(pthread_t id, int signal)
{
    return answer(__tgkill(getpid(), thread_tid(thread_of(id)), signal));
}

/* Linux pthread_sigqueue: EAGAIN, EINVAL */
int pthread_sigqueue(pthread_t id, int signal, const union sigval value)
{
    return answer(__sigqueue(getpid(), thread_tid(thread_of(id)), signal, value.sival_int));
}

/* POSIX pthread_sigmask: EINVAL */
int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
    return -__sigprocmask(how, set, old);
}
