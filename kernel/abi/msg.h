/*
 * msg.h - System V message queues: what crosses the line; the values are Linux's.
 */
#pragma once

#include <abi/ipc.h>

#define MSG_NOERROR 010000
#define MSG_EXCEPT 020000

/* <sys/msg.h> gives this layout as struct msqid_ds. */
struct abi_msqid_ds {
    struct abi_ipc_perm msg_perm;
    abi_time_t msg_stime, msg_rtime, msg_ctime;
    uint32_t msg_cbytes; /* bytes in the queue */
    uint32_t msg_qnum;
    uint32_t msg_qbytes;
    int32_t msg_lspid, msg_lrpid;
    uint32_t pad;
};
