/*
 * calls.h - message queues and System V IPC as the rest of the kernel sees them: their system calls stand where their
 * work is done.
 *
 * All that take a descriptor answer -EBADF; all that take an identifier -EINVAL (there is none such), -EIDRM (it is
 * removed, or is while the call waits) and -EACCES; all that take an address -EFAULT, and nothing has happened.
 */
#pragma once

#include <core/syscalls.h>

struct process;

/* At boot, behind devices_start() and procfs_start(). */
void mqueue_start(void);
void sysv_msg_start(void);
void sysv_sem_start(void);
void sysv_shm_start(void);

/* A process ends: take back what it did with SEM_UNDO.  Its last thread calls it. */
void sysv_sem_exit(struct process *process);
