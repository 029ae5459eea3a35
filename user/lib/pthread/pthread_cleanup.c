/*
 * pthread_cleanup.c - functions to be called when the thread ends inside a block.
 */
#include "thread.h"

void __pthread_cleanup_push(struct __pthread_cleanup *place, void (*function)(void *), void *argument)
{
    cleanup_push(place, function, argument);
}

void __pthread_cleanup_pop(struct __pthread_cleanup *place, int execute)
{
    cleanup_pop(place);
    if (execute)
        place->__function(place->__argument);
}
