/*
 * sysv_msg.h - System V message queues.
 */
#pragma once

#include <abi/msg.h>
#include <arch/pgtable.h>

/* At boot, behind procfs_start(). */
void sysv_msg_start(void);

/* msgget: the identifier or -errno. */
long sysv_msg_get(int key, int flags);
/*
 * msgsnd: 0; -EINVAL, -EACCES, -EAGAIN, -EIDRM, -ENOMEM, -EFAULT, -ERESTART.  `length` bytes at `bytes`, whose range
 * was checked.  May sleep.
 */
long sysv_msg_send(int id, int type, uaddr_t bytes, uint32_t length, int flags);
/*
 * msgrcv: the bytes received, up to `size` of them at `bytes`, whose range was checked, with the type at
 * `type_address`; -EINVAL, -EACCES, -ENOMSG, -E2BIG, -EIDRM, -EFAULT (the message stays), -ERESTART.  May sleep.
 */
long sysv_msg_receive(int id, int type, uaddr_t type_address, uaddr_t bytes, uint32_t size, int flags);
/* IPC_STAT: 0, -EINVAL, -EACCES. */
long sysv_msg_stat(int id, struct abi_msqid_ds *status);
/* IPC_SET: owner, mode and msg_qbytes of `status`.  0, -EINVAL, -EPERM. */
long sysv_msg_set(int id, const struct abi_msqid_ds *status);
/* IPC_RMID: 0, -EINVAL, -EPERM. */
long sysv_msg_remove(int id);
