/*
 * pthread_detach.c - nobody will wait for a thread: its memory is given back when it ends, or now.
 */
#include "memory.h"

int pthread_detach(pthread_t id)
{
    struct thread *thread = thread_of(id);
    int fate = FATE_JOINABLE;

    if (__atomic_compare_exchange_n(&thread->fate, &fate, FATE_DETACHED, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return 0;
    if (fate == FATE_DETACHED)
        return EINVAL;    /* POSIX pthread_detach: EINVAL */
    thread_await(thread); /* it has ended, but for the kernel */
    __thread_memory_put(thread);
    return 0;
}
