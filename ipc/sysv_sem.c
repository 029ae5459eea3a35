/*
 * sysv_sem.c - System V semaphore sets: several operations as one, and waiting for them.
 *
 * A set is an array of values and a list of the calls that wait, in the order of arrival.  A call's operations are
 * tried one after the other on the values; at the first that cannot be done all are taken back, so the call has done
 * nothing, and waits.  Whoever changes a value then walks down the list and does for each what can be done now: so a
 * waiting call is carried out by somebody else, on its behalf, and the sleeper only learns that it is done.  The order
 * of arrival decides among those who wait for the same; a call that waits for more keeps no other back.
 *
 * sysv_sem_undo.c takes operations back when a process ends; sysv_sem_control.c is semctl().
 *
 * Locks: the set's own (sysv_object.lock) guards it whole.
 */
#include <abi/errno.h>
#include <abi/fcntl.h>
#include <arch/cpu.h>
#include <core/thread.h>
#include <ipc/signal.h>
#include <ipc/sysv_sem_set.h>
#include <mm/kmalloc.h>

OBJECT_CACHE(set_cache, "sem_set", sizeof(struct set));

uint32_t semaphores_limit = 32000; /* SEMMNS: in all sets */
static uint32_t semaphores_used;   /* a */

static struct sysv_object *set_create(const void *request, int *error)
{
    unsigned count = *(const unsigned *)request;
    struct set *set;

    *error = count == 0 ? -EINVAL : -ENOSPC; /* POSIX semget: EINVAL, ENOSPC */
    if (count == 0)
        return NULL;
    if (__atomic_add_fetch(&semaphores_used, count, __ATOMIC_RELAXED) > semaphores_limit)
        goto too_many;
    *error = -ENOMEM;
    set = cache_alloc(&set_cache);
    if (set == NULL)
        goto too_many;
    set->semaphores = kmalloc(count * sizeof(set->semaphores[0]));
    if (set->semaphores == NULL)
        goto no_semaphores;
    set->count = count;
    list_init(&set->waiting);
    list_init(&set->undos);
    return &set->sysv;

no_semaphores:
    cache_free(&set_cache, set);
too_many:
    __atomic_sub_fetch(&semaphores_used, count, __ATOMIC_RELAXED);
    return NULL;
}

static int set_check(const struct sysv_object *object, const void *request)
{
    const struct set *set = container_of(object, const struct set, sysv);

    return *(const unsigned *)request > set->count ? -EINVAL : 0; /* POSIX semget: EINVAL */
}

static void set_release(struct sysv_object *object)
{
    struct set *set = set_of(object);

    __atomic_sub_fetch(&semaphores_used, set->count, __ATOMIC_RELAXED);
    kfree(set->semaphores);
    cache_free(&set_cache, set);
}

static void call_finish(struct call *call, long result)
{
    list_remove(&call->link);
    call->done = true;
    call->result = result;
    wake_one(&call->queue, 0);
}

static void set_removed(struct sysv_object *object)
{
    struct set *set = set_of(object);

    while (!list_empty(&set->waiting))
        call_finish(container_of(set->waiting.next, struct call, link), -EIDRM); /* POSIX semop: EIDRM */
    while (!list_empty(&set->undos))
        list_remove(set->undos.next);
}

struct sysv_type set_type = {
    .name = "sem",
    .create = set_create,
    .check = set_check,
    .removed = set_removed,
    .release = set_release,
    .limit = 1024,
    .lock = SPINLOCK_INIT("sem ids", RANK_OBJECT),
};

long semset_get(int key, int count, int flags)
{
    unsigned request = (unsigned)count;

    if (count < 0 || request > SEMSET_SIZE_MAX)
        return -EINVAL; /* POSIX semget: EINVAL */
    return sysv_get(&set_type, key, flags, &request);
}

struct set *set_lock(int id, unsigned want, long *error)
{
    struct sysv_object *object = sysv_find(&set_type, id);

    *error = -EINVAL; /* POSIX semop, semctl: EINVAL */
    if (object == NULL)
        return NULL;
    spin_lock(&object->lock);
    *error = object->removed ? -EIDRM : sysv_access(object, want); /* POSIX semop, semctl: EACCES */
    if (*error == 0)
        return set_of(object);
    spin_unlock(&object->lock);
    sysv_put(object);
    return NULL;
}

void set_unlock(struct set *set)
{
    spin_unlock(&set->sysv.lock);
    sysv_put(&set->sysv);
}

/* Take back the first `count` operations. */
static void call_revert(struct set *set, const struct call *call, unsigned count)
{
    while (count-- > 0) {
        const struct abi_sembuf *o = &call->operations[count];

        set->semaphores[o->sem_num].value -= o->sem_op;
        if (o->sem_flg & SEM_UNDO && call->undo != NULL)
            call->undo->adjust[o->sem_num] += o->sem_op;
    }
}

/* What keeps one operation from being done now: 0: nothing; 1: it must wait; -ERANGE. */
static int operation_check(const struct set *set, const struct call *call, const struct abi_sembuf *o)
{
    int value = set->semaphores[o->sem_num].value;

    if (o->sem_op == 0)
        return value != 0;
    if (value + o->sem_op < 0)
        return 1;
    if (value + o->sem_op > ABI_SEM_MAX)
        return -ERANGE; /* POSIX semop: ERANGE */
    if (o->sem_flg & SEM_UNDO && call->undo != NULL) {
        int adjust = call->undo->adjust[o->sem_num] - o->sem_op;

        if (adjust < -ABI_SEM_MAX - 1 || adjust > ABI_SEM_MAX)
            return -ERANGE; /* POSIX semop: ERANGE */
    }
    return 0;
}

/* Do all operations of a call: 0.  Or none: 1: it must wait, for operation call->stopped; -EAGAIN, -ERANGE. */
static int call_try(struct set *set, struct call *call)
{
    for (unsigned i = 0; i < call->count; i++) {
        const struct abi_sembuf *o = &call->operations[i];
        int stop = operation_check(set, call, o);

        if (stop != 0) {
            call_revert(set, call, i);
            call->stopped = i;
            return stop > 0 && o->sem_flg & IPC_NOWAIT ? -EAGAIN : stop; /* POSIX semop: EAGAIN */
        }
        set->semaphores[o->sem_num].value += o->sem_op;
        if (o->sem_flg & SEM_UNDO && call->undo != NULL)
            call->undo->adjust[o->sem_num] -= o->sem_op;
    }
    for (unsigned i = 0; i < call->count; i++)
        set->semaphores[call->operations[i].sem_num].pid = call->pid;
    set->operated = counter_read();
    return 0;
}

/* Does the operation that stopped a waiting call stop it still?  Saves trying the whole call in vain. */
static bool call_stands(const struct set *set, const struct call *call)
{
    const struct abi_sembuf *o = &call->operations[call->stopped];
    int value = set->semaphores[o->sem_num].value;

    return call->count == 1 && (o->sem_op == 0 ? value != 0 : value + o->sem_op < 0);
}

void set_changed(struct set *set)
{
    struct list *link = set->waiting.next;

    while (link != &set->waiting) {
        struct call *call = container_of(link, struct call, link);
        int result;

        link = link->next;
        if (call_stands(set, call))
            continue;
        result = call_try(set, call);
        if (result > 0)
            continue;
        call_finish(call, result);
        if (result == 0 && call->alters)
            link = set->waiting.next;
    }
}

/* Wait until somebody has done the call.  The set's lock is held before and after. */
static long call_wait(struct set *set, struct call *call, uint64_t deadline)
{
    long result = 0;

    wait_queue_init(&call->queue);
    list_add_tail(&set->waiting, &call->link);
    while (!call->done && result == 0) {
        result = wait_sleep(&call->queue, &set->sysv.lock, "semop", deadline, WAIT_INTERRUPTIBLE);
        if (result == -ERESTART && !call->done) {
            spin_unlock(&set->sysv.lock);
            if (!signal_settle())
                result = 0; /* a stop, or a signal without a handler: wait on to the same deadline */
            spin_lock(&set->sysv.lock);
        }
    }
    if (call->done)
        return call->result;
    list_remove(&call->link);
    return result == -ETIMEDOUT ? -EAGAIN : result; /* POSIX semop: EINTR */
}

/* What the operations are, beyond this one and that one. */
struct summary {
    bool alters, undoes;
    unsigned highest;
};

static struct summary operations_sum(const struct abi_sembuf *operations, unsigned count)
{
    struct summary sum = {0};

    for (unsigned i = 0; i < count; i++) {
        sum.alters |= operations[i].sem_op != 0;
        sum.undoes |= operations[i].sem_op != 0 && operations[i].sem_flg & SEM_UNDO;
        if (operations[i].sem_num > sum.highest)
            sum.highest = operations[i].sem_num;
    }
    return sum;
}

/* The call with the set's lock held, and held again after. */
static long set_operate(struct set *set, struct call *call, uint64_t deadline)
{
    long result = set->sysv.removed ? -EIDRM : call_try(set, call);

    if (result > 0)
        return call_wait(set, call, deadline);
    if (result == 0 && call->alters)
        set_changed(set);
    return result;
}

long semset_operate(int id, const struct abi_sembuf *operations, unsigned count, uint64_t deadline)
{
    struct summary sum = operations_sum(operations, count);
    struct call call = {.operations = operations, .count = count, .pid = current->process->pid, .alters = sum.alters};
    long result;
    struct set *set = set_lock(id, 0, &result);

    if (set == NULL)
        return result;
    if (sum.highest >= set->count)
        result = -EFBIG; /* POSIX semop: EFBIG */
    else
        result = sysv_access(&set->sysv, sum.alters ? W_OK : R_OK); /* POSIX semop: EACCES */
    if (result == 0 && sum.undoes) {
        spin_unlock(&set->sysv.lock);
        call.undo = undo_find(set);
        spin_lock(&set->sysv.lock);
        if (call.undo == NULL)
            result = -ENOMEM; /* POSIX semop: ENOSPC is for a limit; Linux: ENOMEM */
    }
    if (result == 0)
        result = set_operate(set, &call, deadline);
    set_unlock(set);
    return result;
}
