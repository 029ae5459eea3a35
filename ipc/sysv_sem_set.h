/*
 * sysv_sem_set.h - what the three files of semaphore sets share: sysv_sem.c, sysv_sem_undo.c, sysv_sem_control.c.
 */
#pragma once

#include <abi/fcntl.h>
#include <ipc/sysv.h>
#include <ipc/sysv_sem.h>

struct semaphore {
    int value;
    int pid; /* of the last operation */
};

struct set {
    struct sysv_object sysv;
    unsigned count;
    struct semaphore *semaphores;
    uint64_t operated;   /* when the last operation was: in counter ticks, since a division costs more than all else */
    struct list waiting; /* struct call */
    struct list undos;   /* struct undo */
};

struct undo {
    struct undo *next;    /* of the process */
    struct list set_link; /* not linked: the set was removed */
    struct set *set;      /* a reference */
    int pid;
    int16_t *adjust;
};

/* One semop(), on the stack of its caller. */
struct call {
    struct list link;
    const struct abi_sembuf *operations;
    unsigned count;
    int pid;
    bool alters;
    struct undo *undo; /* NULL: nothing to be taken back */
    unsigned stopped;  /* the operation that could not be done */
    bool done;         /* by somebody else */
    long result;
    struct wait_queue queue; /* this call alone */
};

extern struct sysv_type set_type;
extern uint32_t semaphores_limit;

static inline struct set *set_of(struct sysv_object *object)
{
    return container_of(object, struct set, sysv);
}

/* The set with its lock held, and a reference; NULL with *error.  `want`: R_OK, W_OK, or 0 to ask for nothing. */
struct set *set_lock(int id, unsigned want, long *error);
void set_unlock(struct set *set);
/* Values have changed: carry out what waits and can be done now, from the longest waiting on, and again from the start
 * after each that changed values itself.  The set's lock is held. */
void set_changed(struct set *set);

/* The running process's undo of the set, made if it has none; NULL: no memory.  The set is referenced, not locked. */
struct undo *undo_find(struct set *set);
