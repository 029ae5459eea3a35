/*
 * sysv.c - what the three kinds of System V objects do alike: keys, identifiers, permissions, removal, the commands of
 * their control calls, their files in /proc.
 *
 * A type's table is an array of slots, and a hash of those with a key.  An identifier is a number that only grows; its
 * slot is its remainder by SYSV_MAX, and a new object gets the next one whose slot is free.  So an identifier is found
 * in one step, and that of a removed object names nothing until two thousand million others were made.
 *
 * The type's spinlock guards its table.  An object's own lock guards the rest; the two are never held together.  A new
 * object is made without locks, put into the table, and thrown away where somebody else made one with that key
 * meanwhile.  Who looks an identifier up wants neither: one of slot_locks keeps what stands in the slot from being
 * taken out until there is a reference.  So calls on different objects do not meet.
 *
 * Who removes an object marks it, tells its waiters, and then takes it out of the table; whoever found it before holds
 * a reference, and sees the mark as soon as it has the object's lock.
 *
 * No ordinary user has more than half of the objects of a kind (mm/account.h), and a sixteenth of each limit is left to
 * the superuser.
 *
 * Left out: the commands with which Linux's ipcs enumerates (IPC_INFO, MSG_STAT ...): /proc/sysvipc does that.
 */
#include <fs/fs.h>
#include <ipc/sysv.h>

#define MODE_BITS 0777u
#define SLOT_LOCKS 16u

/* By identifier modulo their number; none is ever held together with another lock. */
static struct spinlock slot_locks[SLOT_LOCKS] = {[0 ... SLOT_LOCKS - 1] = SPINLOCK_INIT("sysv slots", RANK_OBJECT)};

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

/* Its key finds the object no more and reads as IPC_PRIVATE.  Lock held. */
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

/* What of a limit the running process may use. */
static uint32_t share_of(uint32_t limit)
{
    return credentials_superuser() ? limit : limit - limit / 16;
}

bool sysv_count(uint32_t *used, uint32_t amount, uint32_t limit)
{
    if (__atomic_add_fetch(used, amount, __ATOMIC_RELAXED) <= share_of(limit))
        return true;
    sysv_uncount(used, amount);
    return false;
}

void sysv_uncount(uint32_t *used, uint32_t amount)
{
    __atomic_sub_fetch(used, amount, __ATOMIC_RELAXED);
}

/* Give the object an identifier, its slot and its place under its key; false: the table is full.  Lock held. */
static bool table_insert(struct sysv_type *type, struct sysv_object *object)
{
    struct sysv_object **bucket = &type->keys[key_bucket(object->perm.key)];

    if (type->count >= share_of(type->limit))
        return false;
    while (type->slots[type->next % SYSV_MAX] != NULL)
        type->next++;
    object->id = (int)(type->next++ & INT32_MAX);
    object->perm.seq = (unsigned)object->id / SYSV_MAX;
    __atomic_store_n(&type->slots[(unsigned)object->id % SYSV_MAX], object, __ATOMIC_RELEASE);
    type->count++;
    if (object->perm.key != IPC_PRIVATE) {
        object->next_key = *bucket;
        *bucket = object;
    }
    return true;
}

/* A new object with one reference, which nobody knows so far; NULL with *error. */
static struct sysv_object *object_create(struct sysv_type *type, int key, int flags, const void *request, int *error)
{
    const struct credentials *who = credentials_current();
    uint64_t share = who->euid == 0 ? ACCOUNT_UNLIMITED : (type->limit + 1) / 2;
    struct account *account = account_charge_current(type->item, 1, share);
    struct sysv_object *object;

    *error = -ENOSPC; /* POSIX msgget, semget, shmget: ENOSPC */
    if (account == NULL)
        return NULL;
    object = type->create(request, error);
    if (object == NULL) {
        account_release(account, type->item, 1);
        return NULL;
    }
    object->type = type;
    object->account = account;
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

/* XSI 2.7: the bits of a mode that the class of the running process has, as R_OK and W_OK. */
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

/* The identifier of the object with that key, which is *made where there is none so far: then it is the table's, and
 * *made NULL.  -EAGAIN: one must be made first. */
static long find_or_insert(struct sysv_type *type, int key, int flags, const void *request, struct sysv_object **made)
{
    struct sysv_object *found;
    long result;

    spin_lock(&type->lock);
    found = key_find(type, key);
    if (found != NULL) {
        result = open_existing(type, found, flags, request);
    } else if (key != IPC_PRIVATE && !(flags & IPC_CREAT)) {
        result = -ENOENT; /* POSIX msgget, semget, shmget: ENOENT */
    } else if (*made == NULL) {
        result = -EAGAIN;
    } else if (!table_insert(type, *made)) {
        result = -ENOSPC; /* POSIX msgget, semget, shmget: ENOSPC */
    } else {
        result = (*made)->id;
        *made = NULL;
    }
    spin_unlock(&type->lock);
    return result;
}

long sysv_get(struct sysv_type *type, int key, int flags, const void *request)
{
    struct sysv_object *made = NULL;
    long result = find_or_insert(type, key, flags, request, &made);
    int error;

    if (result != -EAGAIN)
        return result;
    made = object_create(type, key, flags, request, &error);
    if (made == NULL)
        return error;
    result = find_or_insert(type, key, flags, request, &made);
    if (made != NULL)
        sysv_put(made);
    return result;
}

void sysv_hold(struct sysv_object *object)
{
    __atomic_fetch_add(&object->references, 1, __ATOMIC_RELAXED);
}

void sysv_put(struct sysv_object *object)
{
    debug_may_sleep();
    if (__atomic_sub_fetch(&object->references, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    account_release(object->account, object->type->item, 1);
    object->type->release(object);
}

/* What stands in the slot of a number, with a reference for the caller, or NULL. */
static struct sysv_object *slot_get(struct sysv_type *type, unsigned number)
{
    struct sysv_object **slot = &type->slots[number % SYSV_MAX], *object;
    struct spinlock *lock = &slot_locks[number % SLOT_LOCKS];

    if (__atomic_load_n(slot, __ATOMIC_RELAXED) == NULL)
        return NULL;
    spin_lock(lock);
    object = *slot;
    if (object != NULL)
        sysv_hold(object);
    spin_unlock(lock);
    return object;
}

struct sysv_object *sysv_lock(struct sysv_type *type, int id, unsigned want, long *error)
{
    struct sysv_object *object = slot_get(type, (unsigned)id);

    *error = -EINVAL; /* POSIX msgsnd, msgrcv, msgctl, semop, semctl, shmat, shmctl: EINVAL */
    if (object == NULL)
        return NULL;
    spin_lock(&object->lock);
    if (object->id == id && object->removed)
        *error = -EIDRM;       /* POSIX msgsnd, msgrcv, msgctl, semop, semctl, shmat, shmctl: EIDRM */
    else if (object->id == id) /* not another one that has the slot now */
        *error = want & ~granted(&object->perm) ? -EACCES : 0; /* POSIX msgsnd, msgrcv ...: EACCES */
    if (*error == 0)
        return object;
    sysv_unlock(object);
    return NULL;
}

struct sysv_object *sysv_lock_owned(struct sysv_type *type, int id, long *error)
{
    struct sysv_object *object = sysv_lock(type, id, 0, error);
    uint32_t euid = credentials_current()->euid;

    if (object == NULL || euid == 0 || euid == object->perm.uid || euid == object->perm.cuid)
        return object;
    *error = -EPERM; /* POSIX msgctl, semctl, shmctl: EPERM */
    sysv_unlock(object);
    return NULL;
}

void sysv_unlock(struct sysv_object *object)
{
    spin_unlock(&object->lock);
    sysv_put(object);
}

void sysv_remove(struct sysv_object *object)
{
    struct sysv_type *type = object->type;

    debug_lock_held(&object->lock);
    object->removed = true;
    if (type->removed != NULL)
        type->removed(object);
    spin_unlock(&object->lock);
    spin_lock(&slot_locks[(unsigned)object->id % SLOT_LOCKS]);
    type->slots[(unsigned)object->id % SYSV_MAX] = NULL;
    spin_unlock(&slot_locks[(unsigned)object->id % SLOT_LOCKS]);
    spin_lock(&type->lock);
    key_remove(object);
    type->count--; /* only now: whoever finds room by it finds a free slot */
    spin_unlock(&type->lock);
    sysv_put(object); /* the table's */
    sysv_put(object);
}

static void get_status(struct sysv_object *object, union sysv_status *status)
{
    object->type->status(object, status);
    status->perm = object->perm;
}

static long control_stat(struct sysv_type *type, int id, uaddr_t buffer)
{
    union sysv_status status;
    long error;
    struct sysv_object *object = sysv_lock(type, id, R_OK, &error);

    if (object == NULL)
        return error;
    get_status(object, &status);
    sysv_unlock(object);
    return copy_to_user(buffer, &status, type->status_size);
}

static long control_set(struct sysv_type *type, int id, uaddr_t buffer)
{
    union sysv_status status;
    struct sysv_object *object;
    long error;

    if (copy_from_user(&status, buffer, type->status_size) != 0)
        return -EFAULT;
    object = sysv_lock_owned(type, id, &error);
    if (object == NULL)
        return error;
    if (type->set != NULL)
        error = type->set(object, &status);
    if (error == 0) {
        object->perm.uid = status.perm.uid;
        object->perm.gid = status.perm.gid;
        object->perm.mode = (object->perm.mode & ~MODE_BITS) | (status.perm.mode & MODE_BITS);
        object->change_time = sysv_time();
    }
    sysv_unlock(object);
    return error;
}

static long control_remove(struct sysv_type *type, int id)
{
    long error;
    struct sysv_object *object = sysv_lock_owned(type, id, &error);

    if (object == NULL)
        return error;
    if (type->lingers == NULL || !type->lingers(object)) {
        sysv_remove(object);
        return 0;
    }
    spin_unlock(&object->lock);
    spin_lock(&type->lock);
    key_remove(object);
    spin_unlock(&type->lock);
    sysv_put(object);
    return 0;
}

long sysv_control(struct sysv_type *type, int id, int command, uaddr_t buffer)
{
    switch (command) {
    case IPC_STAT:
        return control_stat(type, id, buffer);
    case IPC_SET:
        return control_set(type, id, buffer);
    case IPC_RMID:
        return control_remove(type, id);
    default:
        return -EINVAL; /* POSIX msgctl, semctl, shmctl: EINVAL */
    }
}

int64_t sysv_time(void)
{
    return clock_realtime() / 1000000000;
}

struct sysv_object *sysv_next(struct sysv_type *type, unsigned *index)
{
    struct sysv_object *object = NULL;

    while (object == NULL && *index < SYSV_MAX)
        object = slot_get(type, (*index)++);
    return object;
}

void sysv_show(struct proc_text *text, struct sysv_type *type)
{
    struct sysv_object *object;
    unsigned index = 0;

    proc_print(text, "%s\n", type->heading);
    while ((object = sysv_next(type, &index)) != NULL) {
        union sysv_status status;

        spin_lock(&object->lock);
        get_status(object, &status);
        spin_unlock(&object->lock);
        proc_print(text, "%10d %10d  %4o ", (int)status.perm.key, object->id, (unsigned)status.perm.mode);
        type->show(text, object, &status);
        sysv_put(object);
    }
}

void sysv_show_owners(struct proc_text *text, const struct abi_ipc_perm *perm)
{
    proc_print(text, "%5u %5u %5u %5u ", (unsigned)perm->uid, (unsigned)perm->gid, (unsigned)perm->cuid,
               (unsigned)perm->cgid);
}
