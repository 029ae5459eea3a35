/*
 * mq_notify.c - to be told of a message: the kernel knows signals, SIGEV_THREAD is the library's.
 */
#include "pthread/sigev_thread.h"
#include <abi/mqueue.h>
#include <mqueue.h>

_Static_assert(SIGEV_SIGNAL == MQ_NOTIFY_SIGNAL && SIGEV_NONE == MQ_NOTIFY_NONE, "as the kernel has them");

static int notify(mqd_t queue, const struct sigevent *event)
{
    return __mq_notify(queue, event->sigev_notify, event->sigev_signo, (unsigned)event->sigev_value.sival_int);
}

static int notify_by_thread(mqd_t queue, const struct sigevent *event)
{
    struct sigevent kernel;
    int name = __sigev_thread_enter(event, SIGEV_OF_QUEUE, &kernel), result;

    if (name < 0)
        return -1;
    result = notify(queue, &kernel);
    if (result == 0)
        __sigev_thread_keep(name, SIGEV_OF_QUEUE, (int)queue);
    else
        __sigev_thread_drop(name);
    return result;
}

int mq_notify(mqd_t queue, const struct sigevent *event)
{
    if (event == NULL) {
        __sigev_thread_forget(SIGEV_OF_QUEUE, (int)queue);
        return __mq_notify(queue, MQ_NOTIFY_REMOVE, 0, 0);
    }
    return event->sigev_notify == SIGEV_THREAD ? notify_by_thread(queue, event) : notify(queue, event);
}
