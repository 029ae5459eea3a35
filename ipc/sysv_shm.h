/*
 * sysv_shm.h - System V shared memory.  See sysv_shm.c.
 *
 * All answer 0 (or what is said), -EINVAL (no such identifier), -EIDRM (removed meanwhile), -EACCES or -EPERM.  All may
 * sleep; none touches user memory.
 */
#pragma once

#include <abi/shm.h>
#include <arch/pgtable.h>

void segment_start(void);

/* shmget: its identifier. */
long segment_get(int key, uint32_t size, int flags);
/* shmat: the address.  -ENOMEM, -ENOTSUP (writable and executable). */
long segment_attach(int id, uaddr_t address, int flags);
long segment_detach(uaddr_t address);

/* shmctl. */
long segment_stat(int id, struct abi_shmid_ds *stat);
long segment_set(int id, const struct abi_ipc_perm *perm);
long segment_lock(int id, bool locked);
long segment_remove(int id);
