/*
 * sysv.h - what System V message queues, semaphore sets and shared memory segments share: keys, identifiers,
 * permissions, msgctl() and its sisters, the files of /proc/sysvipc.
 *
 * An object embeds a struct sysv_object; its kind is a struct sysv_type, which has a table of its objects.  The table
 * holds one reference of each, and so does every call that works on one; so a sleeper whose object is removed can still
 * take its lock and see that.
 *
 *      object = sysv_lock(&type, id, R_OK, &error);    NULL: -EINVAL, -EIDRM, -EACCES
 *      ...
 *      sysv_unlock(object);
 */
#pragma once

#include <stdbool.h>

#include <abi/fcntl.h>
#include <abi/msg.h>
#include <abi/sem.h>
#include <abi/shm.h>
#include <arch/pgtable.h>
#include <core/lock.h>
#include <mm/account.h>

#define SYSV_MAX 4096u    /* objects of a kind */
#define SYSV_BUCKETS 256u /* of the hash by key */

struct proc_text;
struct sysv_type;

/* t: the type's lock   l: lock   a: atomic   c: constant */
struct sysv_object {
    struct sysv_type *type;       /* c */
    struct account *account;      /* c  to which it is charged */
    uint32_t references;          /* a */
    int id;                       /* c */
    struct sysv_object *next_key; /* t  of the same bucket */
    struct spinlock lock;         /* RANK_OBJECT; guards the object's contents too */
    struct abi_ipc_perm perm;     /* l  `key`: t */
    int64_t change_time;          /* l  msg_ctime, sem_ctime, shm_ctime: seconds */
    bool removed;                 /* l  it leaves the table, or has left it */
};

/* What IPC_STAT answers and IPC_SET is given.  All three begin with the same. */
union sysv_status {
    struct abi_ipc_perm perm;
    struct abi_msqid_ds msg;
    struct abi_semid_ds sem;
    struct abi_shmid_ds shm;
};

/*
 * A kind of object.  Those that may be NULL do what stands in brackets.
 *
 * create: a new object of what `request` says, its sysv_object zeroed, or NULL with *error.  No locks; may sleep.
 * check: may `request` have this object, which was found by its key (semget: as many semaphores; shmget: as large)?
 *      0 or -errno; the type's lock is held.  [0]
 * status: IPC_STAT: fill in all but `perm`.  object->lock held.
 * set: IPC_SET: what is to be set besides owner and mode; 0, or -errno and nothing is set.  object->lock held.  [0]
 * lingers: IPC_RMID: shall it live on without its key for a while? Then who ends that calls sysv_remove().
 *      object->lock held.  [false]
 * removed: wake all that wait for it, with -EIDRM.  object->lock held.  [nothing]
 * release: the last reference is gone, or it never came into the table: free it.  No locks; may sleep.
 * show: its columns of /proc/sysvipc behind the first three, and a newline.  No locks.
 */
struct sysv_type {
    const char *name, *heading; /* the first line of /proc/sysvipc/... */
    size_t status_size;         /* of the union's member */
    enum account_item item;     /* what it is on its maker's account */
    struct sysv_object *(*create)(const void *request, int *error);
    int (*check)(const struct sysv_object *object, const void *request);
    void (*status)(const struct sysv_object *object, union sysv_status *status);
    int (*set)(struct sysv_object *object, const union sysv_status *status);
    bool (*lingers)(struct sysv_object *object);
    void (*removed)(struct sysv_object *object);
    void (*release)(struct sysv_object *object);
    void (*show)(struct proc_text *text, struct sysv_object *object, const union sysv_status *status);

    uint32_t limit;       /* objects at a time (msgmni ...), at most SYSV_MAX; one word, changed by /proc/sys */
    struct spinlock lock; /* RANK_OBJECT; guards all below; never held together with an object's; see sysv.c */
    uint32_t count;       /* objects in the table */
    unsigned next;        /* the identifier to try first */
    struct sysv_object *keys[SYSV_BUCKETS];
    struct sysv_object *slots[SYSV_MAX]; /* by identifier modulo SYSV_MAX */
};

/*
 * msgget, semget, shmget: the identifier of the object with that key, made if need be (IPC_CREAT, IPC_EXCL and the mode
 * in `flags`).  -ENOENT, -EEXIST, -EACCES, -ENOSPC, or what check and create answer.  May sleep.
 */
long sysv_get(struct sysv_type *type, int key, int flags, const void *request);

/* The object with that identifier, referenced and locked, if the running process may access it (R_OK, W_OK, or 0 to
 * ask for nothing); NULL with *error: -EINVAL, -EIDRM, -EACCES. */
struct sysv_object *sysv_lock(struct sysv_type *type, int id, unsigned want, long *error);
/* The same for its owner, its creator and the superuser alone: -EPERM. */
struct sysv_object *sysv_lock_owned(struct sysv_type *type, int id, long *error);
/* Give both back.  May sleep. */
void sysv_unlock(struct sysv_object *object);

/* One reference more, by somebody who has one. */
void sysv_hold(struct sysv_object *object);
/* Give back a reference.  No spinlock held; may sleep. */
void sysv_put(struct sysv_object *object);

/* msgctl, semctl, shmctl: IPC_STAT, IPC_SET, IPC_RMID.  0; -EINVAL, -EIDRM, -EACCES, -EPERM, -EFAULT.  May sleep. */
long sysv_control(struct sysv_type *type, int id, int command, uaddr_t buffer);
/* Take it out of the table and wake who waits.  It is not `removed` so far; the caller holds its lock and a reference:
 * both are given up.  May sleep. */
void sysv_remove(struct sysv_object *object);

/* Count `amount` more of what all objects of a kind may have together; a part is the superuser's alone.  False: that is
 * more than `limit`.  Give it back with sysv_uncount(). */
bool sysv_count(uint32_t *used, uint32_t amount, uint32_t limit);
void sysv_uncount(uint32_t *used, uint32_t amount);

/* Now, in seconds since 1970. */
int64_t sysv_time(void);

/* The first object in slot *index or behind, referenced, *index being set behind its slot; or NULL.  For tables. */
struct sysv_object *sysv_next(struct sysv_type *type, unsigned *index);
/* A file of /proc/sysvipc: a line for each object. */
void sysv_show(struct proc_text *text, struct sysv_type *type);
/* The four columns of owner and creator. */
void sysv_show_owners(struct proc_text *text, const struct abi_ipc_perm *perm);
