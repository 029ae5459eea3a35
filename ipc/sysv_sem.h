/*
 * sysv_sem.h - System V semaphore sets.  See sysv_sem.c.
 *
 * All answer 0 (or what is said), -EINVAL (no such identifier), -EIDRM (removed meanwhile), -EACCES or -EPERM.  All may
 * sleep; none touches user memory.
 */
#pragma once

#include <abi/sem.h>
#include <core/process.h>

#define SEMSET_OPERATIONS_MAX 500u /* SEMOPM: in one call */
#define SEMSET_SIZE_MAX 1000u      /* SEMMSL: semaphores in a set */

void semset_start(void);

/* semget: its identifier. */
long semset_get(int key, int count, int flags);
/* semop: all of the operations, or none; waits for it to the deadline (-EAGAIN).  -EFBIG, -ERANGE, -ENOMEM, -ERESTART.
 * */
long semset_operate(int id, const struct abi_sembuf *operations, unsigned count, uint64_t deadline);

/* semctl. */
long semset_stat(int id, struct abi_semid_ds *stat);
long semset_set(int id, const struct abi_ipc_perm *perm);
long semset_remove(int id);
/* GETVAL, GETPID, GETNCNT, GETZCNT of one semaphore: the number. */
long semset_look(int id, int number, int command);
long semset_set_value(int id, int number, int value);
/* How many semaphores are in the set (no permission is asked for). */
long semset_size(int id);
/* All values, `count` as semset_size() told. */
long semset_get_all(int id, uint16_t *values, unsigned count);
long semset_set_all(int id, const uint16_t *values, unsigned count);

/* A process ends: take back what it did with SEM_UNDO.  Its last thread calls it. */
void semset_exit(struct process *process);
