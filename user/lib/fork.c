/*
 * fork.c - a copy of the process, with the calling thread alone.
 *
 * What is done for the other threads' locks is linked with threads or pthread_atfork().
 */
#include "pthread/memory.h"

#pragma weak __fork_prepare
#pragma weak __fork_parent
#pragma weak __fork_child

pid_t fork(void)
{
    struct forking forking;
    pid_t pid;

    if (__fork_prepare)
        __fork_prepare(&forking);
    pid = __fork();
    if (pid == 0) {
        __thread_self.tid = 0;           /* another thread's now */
        __thread_self.life = 0;          /* pthread_create() will ask for its own */
        __thread_self.holders = 0;       /* they are not here */
        __thread_self.robust.offset = 0; /* it holds none, and the kernel knows of no list */
    }
    if (pid == 0 && __fork_child)
        __fork_child(&forking);
    if (pid != 0 && __fork_parent)
        __fork_parent(&forking);
    return pid;
}
