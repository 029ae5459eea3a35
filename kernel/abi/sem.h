/*
 * sem.h - System V semaphore sets; the values are Linux's.
 */
#pragma once

#include <abi/ipc.h>

#define SEM_UNDO 0x1000 /* take the operation back when the process ends */

/* Commands of semctl besides those of abi/ipc.h. */
#define GETPID 11
#define GETVAL 12
#define GETALL 13
#define GETNCNT 14
#define GETZCNT 15
#define SETVAL 16
#define SETALL 17

#define ABI_SEM_MAX 32767 /* SEMVMX: a semaphore's value, and what SEM_UNDO takes back of one */

/* <sys/sem.h> gives these layouts as struct sembuf and struct semid_ds. */
struct abi_sembuf {
    uint16_t sem_num;
    int16_t sem_op;
    int16_t sem_flg; /* IPC_NOWAIT, SEM_UNDO */
};

struct abi_semid_ds {
    struct abi_ipc_perm sem_perm;
    abi_time_t sem_otime, sem_ctime;
    uint32_t sem_nsems, pad;
};
