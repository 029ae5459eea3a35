/*
 * sysv_objects.h - System V objects in the tests: the one semaphore set that a test works on, and removing.
 */
#pragma once

union semun {
    int val;
    struct semid_ds *buf;
    unsigned short *array;
};

extern int the_set;

/* Make and remove the_set. */
void set_make(int count);
void set_drop(void);
/* One operation on one of its semaphores: semop(). */
int set_operate(int number, int change, int flags);
/* GETVAL and SETVAL. */
int set_value(int number);
int set_assign(int number, int to);

/* IPC_RMID. */
int sysv_remove_queue(int id);
int sysv_remove_set(int id);
int sysv_remove_segment(int id);
