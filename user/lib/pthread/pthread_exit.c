/*
 * pthread_exit.c - a thread's end: its cleanup functions, its keys' destructors, and what becomes of its memory.
 *
 * The kernel clears `life` when the thread stands on its stack no more (thread_exit).
 */
#include "memory.h"

#pragma weak __keys_destroy

static void run_cleanups(struct thread *self)
{
    struct __pthread_cleanup *place;

    while ((place = self->cleanup) != NULL) {
        self->cleanup = place->__next;
        place->__function(place->__argument);
    }
}

/* A detached thread's memory is kept, or given back by the kernel. */
static void leave(struct thread *self, int fate)
{
    __thread_await_holders();
    if (fate == FATE_DETACHED && self->map != NULL && !__thread_memory_keep(self))
        __thread_exit(NULL, self->map, self->map_size);
    __thread_exit(&self->life, NULL, 0);
}

void pthread_exit(void *result)
{
    struct thread *self = thread_self();

    __atomic_fetch_or(&self->cancel, CANCEL_DISABLED, __ATOMIC_RELAXED); /* POSIX 2.9.5: it ends once */
    run_cleanups(self);
    if (__keys_destroy)
        __keys_destroy();
    if (__atomic_sub_fetch(&__threads_alive, 1, __ATOMIC_ACQ_REL) == 0)
        exit(0); /* POSIX pthread_exit: as if the process had called exit(0) */
    self->result = result;
    leave(self, __atomic_exchange_n(&self->fate, FATE_ENDED, __ATOMIC_ACQ_REL));
    __builtin_unreachable();
}
