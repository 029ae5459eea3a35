/*
 * pthread_self.c - who is running.
 */
#include "thread.h"

pthread_t pthread_self(void)
{
    return thread_handle(thread_self());
}

int pthread_equal(pthread_t a, pthread_t b)
{
    return a == b;
}

int pthread_yield(void)
{
    return sched_yield();
}
