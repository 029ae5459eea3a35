/*
 * sys/msg.h - System V message queues.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/ipc.h>
#include <sys/types.h>
#include <abi/msg.h>

typedef unsigned int msgqnum_t;
typedef unsigned int msglen_t;

struct msqid_ds {
    struct ipc_perm msg_perm;
    time_t msg_stime;
    time_t msg_rtime;
    time_t msg_ctime;
    unsigned int __msg_cbytes; /* bytes in the queue, as Linux has it */
    msgqnum_t msg_qnum;
    msglen_t msg_qbytes;
    pid_t msg_lspid;
    pid_t msg_lrpid;
    unsigned int __pad;
};

#if __MISC_VISIBLE
#define msg_cbytes __msg_cbytes

/* A template: the type, and the bytes behind it. */
struct msgbuf {
    long mtype;
    char mtext[1];
};
#endif

__BEGIN_DECLS
int msgctl(int __id, int __command, struct msqid_ds *__buffer);
int msgget(key_t __key, int __flags);
ssize_t msgrcv(int __id, void *__message, size_t __size, long __type, int __flags);
int msgsnd(int __id, const void *__message, size_t __length, int __flags);
__END_DECLS
