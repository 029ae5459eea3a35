/*
 * sys/shm.h - System V shared memory.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/ipc.h>
#include <sys/types.h>
#include <abi/shm.h>

typedef unsigned long shmatt_t;

struct shmid_ds {
    struct ipc_perm shm_perm;
    size_t shm_segsz;
    time_t shm_atime;
    time_t shm_dtime;
    time_t shm_ctime;
    pid_t shm_cpid;
    pid_t shm_lpid;
    shmatt_t shm_nattch;
    unsigned long __pad;
};

__BEGIN_DECLS
void *shmat(int __segment, const void *__address, int __flags);
int shmctl(int __segment, int __command, struct shmid_ds *__buffer);
int shmdt(const void *__address);
int shmget(key_t __key, size_t __size, int __flags);
__END_DECLS
