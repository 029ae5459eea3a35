/*
 * thread_id.c - what the library knows of the running thread, and its number, kept so that asking for it is no call.
 */
#include "pthread/thread.h"

__thread struct thread __thread_self;

pid_t __thread_id_ask(void)
{
    return __thread_self.tid = gettid();
}
