/*
 * ipc.h - what the three kinds of System V objects share: flags, commands and permissions; the values are Linux's.
 */
#pragma once

#include <abi/types.h>

#define IPC_PRIVATE 0

#define IPC_CREAT 01000
#define IPC_EXCL 02000
#define IPC_NOWAIT 04000

#define IPC_RMID 0
#define IPC_SET 1
#define IPC_STAT 2

/* <sys/ipc.h> gives this layout as struct ipc_perm. */
struct abi_ipc_perm {
    int32_t key;
    uint32_t uid, gid;
    uint32_t cuid, cgid;
    uint32_t mode;
    uint32_t seq;
    uint32_t pad;
};
