/*
 * sigqueue.c - a signal to a process, with a value.
 */
#include "libc.h"
#include <signal.h>

/* POSIX sigqueue: EAGAIN, EINVAL, EPERM, ESRCH */
int sigqueue(pid_t pid, int signal, union sigval value)
{
    int result = __sigqueue(pid, 0, signal, value.sival_int);

    return result == 0 ? 0 : (int)__syscall_error(result);
}
