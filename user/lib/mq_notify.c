/*
 * mq_notify.c - to be told of a message: the kernel knows signals.
 */
#include "libc.h"
#include <abi/mqueue.h>
#include <mqueue.h>

_Static_assert(SIGEV_SIGNAL == MQ_NOTIFY_SIGNAL && SIGEV_NONE == MQ_NOTIFY_NONE, "as the kernel has them");

int mq_notify(mqd_t queue, const struct sigevent *event)
{
    if (event == NULL)
        return __mq_notify(queue, MQ_NOTIFY_REMOVE, 0, 0);
    if (event->sigev_notify == SIGEV_THREAD) {
        errno = ENOTSUP;
        return -1;
    }
    return __mq_notify(queue, event->sigev_notify, event->sigev_signo, (unsigned)event->sigev_value.sival_int);
}
