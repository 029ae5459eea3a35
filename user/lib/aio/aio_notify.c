/*
 * aio_notify.c - telling that a request, or a list of them, is done.
 */
#include "aio.h"
#include <signal.h>

struct call {
    void (*function)(union sigval);
    union sigval value;
};

static void *run_call(void *argument)
{
    struct call call = *(struct call *)argument;

    free(argument);
    call.function(call.value);
    return NULL;
}

/* SIGEV_THREAD: with the attributes that the program wants. */
static void call_in_thread(const struct sigevent *event)
{
    struct call *call = malloc(sizeof *call);
    pthread_t thread;

    if (call == NULL)
        return;
    *call = (struct call){event->sigev_notify_function, event->sigev_value};
    if (pthread_create(&thread, event->sigev_notify_attributes, run_call, call) == 0)
        pthread_detach(thread);
    else
        free(call);
}

void __aio_notify(const struct sigevent *event)
{
    if (event->sigev_notify == SIGEV_SIGNAL)
        sigqueue(getpid(), event->sigev_signo, event->sigev_value);
    else if (event->sigev_notify == SIGEV_THREAD)
        call_in_thread(event);
}

void __aio_list_done(struct __aio_list *list)
{
    if (list == NULL || __atomic_sub_fetch(&list->left, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    __aio_notify(&list->event);
    free(list);
}
