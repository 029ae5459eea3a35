/*
 * calls.h - message queues and System V IPC as the rest of the kernel sees them.  Their system calls have little to
 * decode, so they stand where their work is done.
 *
 * Each answers 0, or what is said, or -errno.  All that take a descriptor answer -EBADF; all that take an identifier
 * -EINVAL (there is none such), -EIDRM (it is removed, or is while the call waits) and -EACCES; all that take an
 * address -EFAULT, and nothing has happened.  All may sleep.
 */
#pragma once

#include <arch/pgtable.h>

struct process;

/* At boot, behind devices_start() and procfs_start(). */
void mqueue_start(void);
void sysv_msg_start(void);
void sysv_sem_start(void);
void sysv_shm_start(void);

/* mqueue_names.c: a descriptor of a new queue without a name; linkat() gives it one below /dev/mqueue.  `flags` as for
 * open(), `attributes` 0: the default shape.  -EINVAL, -EMFILE, -ENFILE, -ENOSPC. */
long sys_mq_create(int flags, uint32_t mode, uaddr_t attributes);
/* mqueue.c.  Sending, receiving: 0 or the message's length; -EMSGSIZE, -EAGAIN, -ERESTART.  `until`: a time of day, or
 * 0: none; -ETIMEDOUT, -EINVAL. */
long sys_mq_send(int fd, uaddr_t bytes, uint32_t length, uint32_t priority);
long sys_mq_timedsend(int fd, uaddr_t bytes, uint32_t length, uint32_t priority, uaddr_t until);
long sys_mq_receive(int fd, uaddr_t bytes, uint32_t size, uaddr_t priority);
long sys_mq_timedreceive(int fd, uaddr_t bytes, uint32_t size, uaddr_t priority, uaddr_t until);
/* See mqueue_notify(). */
long sys_mq_notify(int fd, int how, int signal, uint32_t value);
/* mq_getattr and mq_setattr in one; `new` 0: change nothing, `old` 0: tell nothing.  -EINVAL. */
long sys_mq_getsetattr(int fd, uaddr_t new, uaddr_t old);

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
