/*
 * shm.h - System V shared memory; the values are Linux's.
 */
#pragma once

#include <abi/ipc.h>

/* Flags of shmat. */
#define SHM_RDONLY 010000
#define SHM_RND 020000
#define SHM_REMAP 040000
#define SHM_EXEC 0100000

#define SHMLBA 4096

/* Commands of shmctl besides those of abi/ipc.h: memory is never swapped here, so they only set the flag. */
#define SHM_LOCK 11
#define SHM_UNLOCK 12

/* In a mode, as IPC_STAT shows it. */
#define SHM_DEST 01000 /* removed, but still attached somewhere */
#define SHM_LOCKED 02000

/* <sys/shm.h> gives this layout as struct shmid_ds. */
struct abi_shmid_ds {
    struct abi_ipc_perm shm_perm;
    uint32_t shm_segsz, pad;
    abi_time_t shm_atime, shm_dtime, shm_ctime;
    int32_t shm_cpid, shm_lpid;
    uint32_t shm_nattch, pad2;
};
