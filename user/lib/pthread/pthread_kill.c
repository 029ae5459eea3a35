/*
 * pthread_kill.c - signals of one thread.
 */
#include "thread.h"
#include <signal.h>

/* Release the thread.  One that has ended and is not joined yet can be signalled, to no effect. */
static int finish(const struct hold *hold, int result)
{
    __thread_release(hold);
    return result == -ESRCH ? 0 : -result;
}

/* POSIX pthread_kill: EINVAL */
int pthread_kill(pthread_t id, int signal)
{
    struct hold hold;

    return finish(&hold, __tgkill(getpid(), __thread_hold(&hold, id), signal));
}

/* Linux pthread_sigqueue: EAGAIN, EINVAL */
int pthread_sigqueue(pthread_t id, int signal, const union sigval value)
{
    struct hold hold;

    return finish(&hold, __sigqueue(getpid(), __thread_hold(&hold, id), signal, value.sival_int));
}

/* POSIX pthread_sigmask: EINVAL */
int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
    return -__sigprocmask(how, set, old);
}
