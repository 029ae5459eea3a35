/*
 * thread_id.c - what the library knows of the running thread, and its number, kept so that asking for it is no call.
 *
 * A forked child is another thread: fork() forgets it there.
 */
#include "pthread/thread.h"

__thread struct thread __thread_self;

pid_t __thread_id_ask(void)
{
    return __thread_self.tid = gettid();
}

pid_t fork(void)
{
    pid_t pid = __fork();

    if (pid == 0) {
        __thread_self.tid = 0;
        __thread_self.robust.offset = 0; /* it holds none, and the kernel knows of no list */
    }
    return pid;
}
