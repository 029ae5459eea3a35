/*
 * sys/sem.h - System V semaphore sets.
 *
 * The program itself declares union semun, as POSIX wants it.
 */
#pragma once

#include <sys/cdefs.h>
#include <sys/ipc.h>
#include <sys/types.h>
#include <abi/sem.h>

struct timespec;

struct sembuf {
    unsigned short sem_num;
    short sem_op;
    short sem_flg;
};

struct semid_ds {
    struct ipc_perm sem_perm;
    time_t sem_otime;
    time_t sem_ctime;
    unsigned long sem_nsems;
    unsigned long __pad;
};

__BEGIN_DECLS
int semctl(int __set, int __number, int __command, ...);
int semget(key_t __key, int __count, int __flags);
int semop(int __set, struct sembuf *__operations, size_t __count);
#if __MISC_VISIBLE
int semtimedop(int __set, struct sembuf *__operations, size_t __count, const struct timespec *__timeout);
#endif
__END_DECLS
