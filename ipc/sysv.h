/*
 * sysv.h - what System V message queues, semaphore sets and shared memory segments share: keys, identifiers,
 * permissions, look-up, removal.
 *
 * An object embeds a struct sysv_object; its kind is a struct sysv_type, which has a table of its objects.  The table
 * holds one reference of each, and so does every call that works on one; so a sleeper whose object is removed can still
 * take its lock and see that.
 *
 *      object = sysv_find(&type, id);          NULL: EINVAL
 *      spin_lock(&object->lock);
 *      if (object->removed) ...                EIDRM
 *      error = sysv_access(object, R_OK);
 *      ...
 *      spin_unlock(&object->lock);
 *      sysv_put(object);
 */
#pragma once

#include <stdbool.h>

#include <abi/ipc.h>
#include <core/lock.h>

#define SYSV_MAX 4096u    /* objects of a kind */
#define SYSV_BUCKETS 256u /* of the hash by key */

struct sysv_type;

/* t: the type's lock   l: lock   a: atomic   c: constant */
struct sysv_object {
    struct sysv_type *type;       /* c */
    uint32_t references;          /* a */
    int id;                       /* c */
    struct sysv_object *next_key; /* t  of the same bucket */
    struct spinlock lock;         /* RANK_OBJECT; guards the object's contents too */
    struct abi_ipc_perm perm;     /* l  `key`: t */
    int64_t change_time;          /* l  msg_ctime, sem_ctime, shm_ctime: seconds */
    bool removed;                 /* l  it has left the table */
};

/*
 * A kind of object.  The four functions are called without locks and may sleep, but where it says otherwise.
 *
 * create: a new object of what `request` says, its sysv_object zeroed, or NULL with *error.
 * check: may `request` have this object, which was found by its key (semget: as many semaphores; shmget: as large)?
 *      0 or -errno; the type's lock is held.  [0]
 * removed: the object has left the table: wake all that wait for it, with -EIDRM; object->lock is held.  [nothing]
 * release: the last reference is gone, or it never came into the table: free it.
 */
struct sysv_type {
    const char *name;
    struct sysv_object *(*create)(const void *request, int *error);
    int (*check)(const struct sysv_object *object, const void *request);
    void (*removed)(struct sysv_object *object);
    void (*release)(struct sysv_object *object);

    uint32_t limit;       /* objects at a time (msgmni ...), at most SYSV_MAX; one word, changed by /proc/sys */
    struct spinlock lock; /* RANK_OBJECT; guards all below; never held together with an object's */
    unsigned count;       /* objects in the table */
    unsigned used;        /* slots that were ever used */
    unsigned free;        /* the first free one among those, plus 1; 0: none */
    unsigned sequence;    /* of the next object */
    struct sysv_object *keys[SYSV_BUCKETS];
    uintptr_t slots[SYSV_MAX]; /* an object, or (next free slot + 1) << 1 | 1 */
};

/*
 * msgget, semget, shmget: the identifier of the object with that key, made if need be (IPC_CREAT, IPC_EXCL and the mode
 * in `flags`).  -ENOENT, -EEXIST, -EACCES, -ENOSPC, or what check and create answer.  May sleep.
 */
long sysv_get(struct sysv_type *type, int key, int flags, const void *request);

/* The object with that identifier, referenced, or NULL. */
struct sysv_object *sysv_find(struct sysv_type *type, int id);
/* The first object in slot *index or behind, referenced, *index being set behind its slot; or NULL.  For tables. */
struct sysv_object *sysv_next(struct sysv_type *type, unsigned *index);
/* One reference more, by somebody who has one. */
void sysv_hold(struct sysv_object *object);
/* Give back a reference.  No spinlock held; may sleep. */
void sysv_put(struct sysv_object *object);

/* XSI 2.7: may the running process? `want` is of R_OK and W_OK.  0 or -EACCES. */
int sysv_access(const struct sysv_object *object, unsigned want);
/* Owner, creator and superuser may set and remove: 0 or -EPERM. */
int sysv_owned(const struct sysv_object *object);
/* IPC_SET: owner, group and the mode's nine lower bits, and the change time.  object->lock held. */
void sysv_set(struct sysv_object *object, const struct abi_ipc_perm *perm);

/* IPC_RMID: take it out of the table and wake who waits.  The caller holds a reference and no lock.  May sleep.
 * False: somebody else has removed it. */
bool sysv_remove(struct sysv_object *object);
/* Its key finds it no more and reads as IPC_PRIVATE, but its identifier does (a segment that waits for its last
 * detach). No lock held. */
void sysv_forget_key(struct sysv_object *object);

/* Now, in seconds since 1970. */
int64_t sysv_time(void);
