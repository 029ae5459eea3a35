/*
 * calls.h - System V IPC as the rest of the kernel sees it.  Its system calls have little to decode, so they stand
 * where their work is done.
 *
 * Each answers 0, or what is said, or -errno.  All that take an identifier answer -EINVAL (there is none such), -EIDRM
 * (it is removed, or is while the call waits) and -EACCES; all that take an address -EFAULT.  All may sleep.
 */
#pragma once

#include <arch/pgtable.h>

struct process;

/* At boot, behind procfs_start(). */
void sysv_msg_start(void);
void sysv_sem_start(void);
void sysv_shm_start(void);

/* sysv_msg.c.  A message in user memory is a word, its type, and then its bytes. */
/* The identifier; see sysv_get(). */
long sys_msgget(int key, int flags);
/* -EAGAIN, -ENOMEM, -ERESTART. */
long sys_msgsnd(int id, uaddr_t message, uint32_t length, int flags);
/* How many bytes were received, at most `size`; -ENOMSG, -E2BIG, -EFAULT (the message stays), -ERESTART. */
long sys_msgrcv(int id, uaddr_t message, uint32_t size, int type, int flags);
/* See sysv_control(). */
long sys_msgctl(int id, int command, uaddr_t buffer);

/* sysv_sem.c, sysv_sem_control.c */
long sys_semget(int key, int count, int flags);
/* All operations, or none.  `timeout`: a relative time, or 0: for ever.  -E2BIG, -EFBIG, -ERANGE, -EAGAIN, -ENOMEM,
 * -ERESTART. */
long sys_semtimedop(int id, uaddr_t operations, uint32_t count, uaddr_t timeout);
/* What the command asks for; -ERANGE, -ENOMEM. */
long sys_semctl(int id, int number, int command, uint32_t argument);
/* A process ends: take back what it did with SEM_UNDO.  Its last thread calls it. */
void sysv_sem_exit(struct process *process);

/* sysv_shm.c */
long sys_shmget(int key, uint32_t size, int flags);
/* The address; -ENOMEM, -ENOTSUP (writable and executable). */
long sys_shmat(int id, uaddr_t address, int flags);
long sys_shmdt(uaddr_t address);
long sys_shmctl(int id, int command, uaddr_t buffer);
