/*
 * sysv_objects.c - System V objects in the tests (see sysv_objects.h).
 */
#include "sysv_objects.h"

#include <errno.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "tap.h"

int the_set;

int set_operate(int number, int change, int flags)
{
    struct sembuf operation = {(unsigned short)number, (short)change, (short)flags};

    return semop(the_set, &operation, 1);
}

int set_value(int number)
{
    return semctl(the_set, number, GETVAL);
}

int set_assign(int number, int to)
{
    return semctl(the_set, number, SETVAL, (union semun){.val = to});
}

void set_make(int count)
{
    the_set = semget(IPC_PRIVATE, count, 0600);
    if (the_set == -1)
        tap_give_up("semget: %s", strerror(errno));
}

void set_drop(void)
{
    semctl(the_set, 0, IPC_RMID);
}

int sysv_remove_queue(int id)
{
    return msgctl(id, IPC_RMID, NULL);
}

int sysv_remove_set(int id)
{
    return semctl(id, 0, IPC_RMID);
}

int sysv_remove_segment(int id)
{
    return shmctl(id, IPC_RMID, NULL);
}
