/*
 * pthread_cleanup.c - functions to be called when the thread ends inside a block.
 */
#include "thread.h"

void __pthread_cleanup_push(struct __pthread_cleanup *place, void (*function)(void *), void *argument)
{
    struct thread *self = thread_self();

    *place = (struct __pthread_cleanup){self->cleanup, function, argument};
    self->cleanup = place;
}

void __pthread_cleanup_pop(struct __pthread_cleanup *place, int execute)
{
    thread_self()->cleanup = place->__next;
    if (execute)
        place->__function(place->__argument);
}
