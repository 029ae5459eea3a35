/*
 * sysv_set.h - inside System V semaphore sets: sysv_sem.c and sysv_sem_control.c.
 */
#pragma once

#include <ipc/sysv.h>

struct semaphore {
    int value;
    int pid;                        /* of the last operation */
    struct list for_more, for_zero; /* struct call: those that the value stops, in the order of arrival */
    struct list changed_link;
};

struct set {
    struct sysv_object sysv;
    unsigned count;
    struct list changed; /* semaphores whose waiters have not been looked at since; empty when nobody has the lock */
    uint64_t arrivals;   /* calls that had to wait so far */
    uint64_t operated;   /* when the last operation was: in counter ticks, since a division costs more than all else */
    struct list undos;   /* struct undo */
    struct semaphore semaphores[];
};

struct undo {
    struct undo *next;    /* of the process */
    struct list set_link; /* not linked: the set was removed */
    struct set *set;      /* a reference */
    int pid;
    int16_t adjust[]; /* of each semaphore */
};

/* One semop(), on the stack of its caller. */
struct call {
    struct list link; /* of the semaphore that stopped it */
    const struct abi_sembuf *operations;
    unsigned count;
    const struct thread *thread; /* its caller's */
    uint64_t arrival;
    struct undo *undo; /* NULL: nothing to be taken back */
    unsigned stopped;  /* the operation that could not be done, */
    int wanted;        /* and the value from which on it could; of one that waits for zero, at which */
    bool done;         /* by somebody else */
    long result;
    struct wait_queue queue; /* this call alone */
};

extern struct sysv_type set_type;

static inline struct set *set_of(struct sysv_object *object)
{
    return container_of(object, struct set, sysv);
}

/* The value has changed: whoever waits there is to be looked at.  Lock held. */
void note_change(struct set *set, struct semaphore *s);
/* Carry out what waits and can be done after the changes that were noted.  Lock held. */
void set_settle(struct set *set);

/* /proc/sysvipc/sem_values */
void semset_show_values(struct proc_text *text);
