/*
 * sysv.c - the tables of System V objects: keys and identifiers.
 *
 * A type's table is an array of slots with the free ones chained, so making, finding and removing cost the same
 * however many objects there are; keys are hashed.  An identifier is a sequence number times SYSV_MAX plus the slot,
 * so that the identifier of a removed object names nothing for a long time after (about half a million objects of its
 * kind later).
 *
 * The type's spinlock guards its table.  An object's own lock guards the rest; the two are never held together.  A new
 * object is made without locks, put into the table, and thrown away where somebody else made one with that key
 * meanwhile.
 *
 * An object that is removed leaves the table first, then tells its waiters; whoever found it before holds a reference,
 * and sees `removed` as soon as it has the object's lock.
 */
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <core/timer.h>
#include <fs/inode.h>
#include <ipc/sysv.h>

#define MODE_BITS 0777u
#define SEQUENCE_MAX (INT32_MAX / SYSV_MAX)

static struct sysv_object *slot_object(uintptr_t slot)
{
    return slot & 1 ? NULL : (struct sysv_object *)slot;
}

static unsigned key_bucket(int key)
{
    return (uint32_t)key * 2654435761u >> 24;
}
_Static_assert(SYSV_BUCKETS == 1u << 8, "key_bucket() answers 8 bits");

/* The object with that key, or NULL.  Lock held. */
static struct sysv_object *key_find(struct sysv_type *type, int key)
{
    struct sysv_object *object = key == IPC_PRIVATE ? NULL : type->keys[key_bucket(key)];

    while (object != NULL && object->perm.key != key)
        object = object->next_key;
    return object;
}

static void key_insert(struct sysv_object *object)
{
    struct sysv_object **bucket = &object->type->keys[key_bucket(object->perm.key)];

    if (object->perm.key == IPC_PRIVATE)
        return;
    object->next_key = *bucket;
    *bucket = object;
}

static void key_remove(struct sysv_object *object)
{
    struct sysv_object **place = &object->type->keys[key_bucket(object->perm.key)];

    if (object->perm.key == IPC_PRIVATE)
        return;
    while (*place != object)
        place = &(*place)->next_key;
    *place = object->next_key;
    object->perm.key = IPC_PRIVATE;
}

/* Give the object a slot, an identifier and its place under its key; false: the table is full.  Lock held. */
static bool table_insert(struct sysv_type *type, struct sysv_object *object)
{
    unsigned slot = type->free != 0 ? type->free - 1 : type->used;

    if (type->count >= type->limit || slot >= SYSV_MAX)
        return false;
    if (type->free != 0)
        type->free = type->slots[slot] >> 1;
    else
        type->used++;
    type->slots[slot] = (uintptr_t)object;
    type->count++;
    object->perm.seq = type->sequence;
    object->id = (int)(type->sequence * SYSV_MAX + slot);
    type->sequence = type->sequence == SEQUENCE_MAX - 1 ? 0 : type->sequence + 1;
    key_insert(object);
    return true;
}

/* False: it is not there any more.  Lock held. */
static bool table_remove(struct sysv_type *type, struct sysv_object *object)
{
    unsigned slot = (unsigned)object->id % SYSV_MAX;

    if (type->slots[slot] != (uintptr_t)object)
        return false;
    key_remove(object);
    type->slots[slot] = type->free << 1 | 1;
    type->free = slot + 1;
    type->count--;
    return true;
}

/* A new object with one reference, which nobody knows so far; NULL with *error. */
static struct sysv_object *object_create(struct sysv_type *type, int key, int flags, const void *request, int *error)
{
    const struct credentials *who = credentials_current();
    struct sysv_object *object = type->create(request, error);

    if (object == NULL)
        return NULL;
    object->type = type;
    object->references = 1;
    spin_init(&object->lock, type->name, RANK_OBJECT);
    object->perm = (struct abi_ipc_perm){
        .key = key,
        .uid = who->euid,
        .gid = who->egid,
        .cuid = who->euid,
        .cgid = who->egid,
        .mode = (uint32_t)flags & MODE_BITS,
    };
    object->change_time = sysv_time();
    return object;
}

/* The bits of a mode that the class of the running process has: as R_OK and W_OK. */
static unsigned granted(const struct abi_ipc_perm *perm)
{
    const struct credentials *who = credentials_current();

    if (who->euid == 0)
        return R_OK | W_OK;
    if (who->euid == perm->uid || who->euid == perm->cuid)
        return perm->mode >> 6;
    if (credentials_in_group(who, perm->gid) || credentials_in_group(who, perm->cgid))
        return perm->mode >> 3;
    return perm->mode;
}

/* What the nine bits of `flags` ask for, of whatever class. */
static unsigned wanted(int flags)
{
    return ((unsigned)flags >> 6 | (unsigned)flags >> 3 | (unsigned)flags) & (R_OK | W_OK);
}

/* The identifier of an object found by its key, if the process may have it.  Lock held. */
static long open_existing(struct sysv_type *type, const struct sysv_object *object, int flags, const void *request)
{
    int error = type->check != NULL ? type->check(object, request) : 0;

    if ((flags & (IPC_CREAT | IPC_EXCL)) == (IPC_CREAT | IPC_EXCL))
        return -EEXIST; /* POSIX msgget, semget, shmget: EEXIST */
    if (error != 0)
        return error;
    return wanted(flags) & ~granted(&object->perm) ? -EACCES : object->id; /* POSIX msgget, semget, shmget: EACCES */
}

/* Put a new object into the table, unless its key is there by now. */
static long insert_or_open(struct sysv_type *type, struct sysv_object *made, int flags, const void *request)
{
    struct sysv_object *found;
    long result = -ENOSPC; /* POSIX msgget, semget, shmget: ENOSPC */

    spin_lock(&type->lock);
    found = key_find(type, made->perm.key);
    if (found != NULL) {
        result = open_existing(type, found, flags, request);
    } else if (table_insert(type, made)) {
        result = made->id;
        made = NULL; /* the table's */
    }
    spin_unlock(&type->lock);
    if (made != NULL)
        sysv_put(made);
    return result;
}

long sysv_get(struct sysv_type *type, int key, int flags, const void *request)
{
    struct sysv_object *object;
    long result = -ENOENT; /* POSIX msgget, semget, shmget: ENOENT */
    int error;

    spin_lock(&type->lock);
    object = key_find(type, key);
    if (object != NULL)
        result = open_existing(type, object, flags, request);
    spin_unlock(&type->lock);
    if (object != NULL || (key != IPC_PRIVATE && !(flags & IPC_CREAT)))
        return result;
    object = object_create(type, key, flags, request, &error);
    return object != NULL ? insert_or_open(type, object, flags, request) : error;
}

struct sysv_object *sysv_find(struct sysv_type *type, int id)
{
    struct sysv_object *object = NULL;
    unsigned slot = (unsigned)id % SYSV_MAX;

    spin_lock(&type->lock);
    if (slot < type->used)
        object = slot_object(type->slots[slot]);
    if (object != NULL && object->id == id)
        sysv_hold(object);
    else
        object = NULL;
    spin_unlock(&type->lock);
    return object;
}

struct sysv_object *sysv_next(struct sysv_type *type, unsigned *index)
{
    struct sysv_object *object = NULL;

    spin_lock(&type->lock);
    while (object == NULL && *index < type->used)
        object = slot_object(type->slots[(*index)++]);
    if (object != NULL)
        sysv_hold(object);
    spin_unlock(&type->lock);
    return object;
}

void sysv_hold(struct sysv_object *object)
{
    __atomic_fetch_add(&object->references, 1, __ATOMIC_RELAXED);
}

void sysv_put(struct sysv_object *object)
{
    debug_may_sleep();
    if (__atomic_sub_fetch(&object->references, 1, __ATOMIC_ACQ_REL) == 0)
        object->type->release(object);
}

int sysv_access(const struct sysv_object *object, unsigned want)
{
    return want & ~granted(&object->perm) ? -EACCES : 0;
}

int sysv_owned(const struct sysv_object *object)
{
    uint32_t euid = credentials_current()->euid;

    return euid == 0 || euid == object->perm.uid || euid == object->perm.cuid ? 0 : -EPERM;
}

void sysv_set(struct sysv_object *object, const struct abi_ipc_perm *perm)
{
    debug_lock_held(&object->lock);
    object->perm.uid = perm->uid;
    object->perm.gid = perm->gid;
    object->perm.mode = (object->perm.mode & ~MODE_BITS) | (perm->mode & MODE_BITS);
    object->change_time = sysv_time();
}

bool sysv_remove(struct sysv_object *object)
{
    struct sysv_type *type = object->type;
    bool was_there;

    spin_lock(&type->lock);
    was_there = table_remove(type, object);
    spin_unlock(&type->lock);
    if (!was_there)
        return false;
    spin_lock(&object->lock);
    object->removed = true;
    if (type->removed != NULL)
        type->removed(object);
    spin_unlock(&object->lock);
    sysv_put(object);
    return true;
}

void sysv_forget_key(struct sysv_object *object)
{
    spin_lock(&object->type->lock);
    key_remove(object);
    spin_unlock(&object->type->lock);
}

int64_t sysv_time(void)
{
    return clock_realtime() / 1000000000;
}
