/*
 * mqueue.h - POSIX message queues: what crosses the line.
 */
#pragma once

#include <stdint.h>

#define ABI_MQ_PRIO_MAX 32768

/* <mqueue.h> gives this layout as struct mq_attr. */
struct abi_mq_attr {
    int32_t mq_flags; /* O_NONBLOCK or 0 */
    int32_t mq_maxmsg;
    int32_t mq_msgsize;
    int32_t mq_curmsgs;
};

/* How mq_notify tells: 0 and 1 are SIGEV_SIGNAL and SIGEV_NONE. */
#define MQ_NOTIFY_SIGNAL 0
#define MQ_NOTIFY_NONE 1
#define MQ_NOTIFY_REMOVE (-1)
