/*
 * timer_create.c - timers by number: the kernel knows signals, SIGEV_THREAD is the library's.
 */
#include "pthread/sigev_thread.h"
#include <time.h>

int timer_create(clockid_t clock, struct sigevent *restrict event, timer_t *restrict id)
{
    struct sigevent kernel;
    int name, result;

    if (event == NULL || event->sigev_notify != SIGEV_THREAD)
        return __timer_create(clock, event, id);
    name = __sigev_thread_enter(event, SIGEV_OF_TIMER, &kernel);
    if (name < 0)
        return -1; /* POSIX timer_create: EAGAIN */
    result = __timer_create(clock, &kernel, id);
    if (result == 0)
        __sigev_thread_keep(name, SIGEV_OF_TIMER, (int)*id);
    else
        __sigev_thread_drop(name);
    return result;
}

int timer_delete(timer_t id)
{
    int result = __timer_delete(id);

    if (result == 0)
        __sigev_thread_forget(SIGEV_OF_TIMER, (int)id);
    return result;
}
