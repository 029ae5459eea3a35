/*
 * mqueue.c - the calls on POSIX message queues that are not quite system calls.
 */
#include "libc.h"
#include <mqueue.h>
#include <unistd.h>

/* Where nothing is to be set the kernel only tells. */
int mq_getattr(mqd_t queue, struct mq_attr *attributes)
{
    return mq_setattr(queue, NULL, attributes);
}

/* POSIX mq_close: EBADF for a descriptor of anything else. */
int mq_close(mqd_t queue)
{
    return mq_setattr(queue, NULL, NULL) == -1 ? -1 : close(queue);
}
