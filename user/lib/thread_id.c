/*
 * thread_id.c - the running thread's number, kept so that asking for it is no call.
 *
 * A forked child is another thread: fork() forgets it there.
 */
#include "libc.h"
#include <unistd.h>

__thread pid_t __thread_id_known;

pid_t __thread_id_ask(void)
{
    return __thread_id_known = gettid();
}

pid_t fork(void)
{
    pid_t pid = __fork();

    if (pid == 0)
        __thread_id_known = 0;
    return pid;
}
