/*
 * mqueue.h - POSIX message queues.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/types.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>

typedef int mqd_t; /* a file descriptor: poll() takes it, too */

struct mq_attr {
    long mq_flags;   /* O_NONBLOCK or 0 */
    long mq_maxmsg;  /* messages that the queue can hold */
    long mq_msgsize; /* bytes of the largest */
    long mq_curmsgs; /* messages in it now */
};

__BEGIN_DECLS
int mq_close(mqd_t __queue);
int mq_getattr(mqd_t __queue, struct mq_attr *__attributes);
int mq_notify(mqd_t __queue, const struct sigevent *__event);
mqd_t mq_open(const char *__name, int __flags, ...);
ssize_t mq_receive(mqd_t __queue, char *__message, size_t __size, unsigned *__priority);
int mq_send(mqd_t __queue, const char *__message, size_t __length, unsigned __priority);
int mq_setattr(mqd_t __queue, const struct mq_attr *__restrict __new, struct mq_attr *__restrict __old);
ssize_t mq_timedreceive(mqd_t __queue, char *__restrict __message, size_t __size, unsigned *__restrict __priority,
                        const struct timespec *__restrict __until);
int mq_timedsend(mqd_t __queue, const char *__message, size_t __length, unsigned __priority,
                 const struct timespec *__until);
int mq_unlink(const char *__name);
__END_DECLS
