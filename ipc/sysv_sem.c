/*
 * sysv_sem.c - System V semaphore sets: several operations as one, and waiting for them.
 *
 * A call's operations are tried one after the other on the values; at the first that cannot be done all are taken back,
 * so the call has done nothing, and waits at the semaphore that stopped it, noting from which value on it would not.
 * Nothing but a change of that value can help it.  So whoever changes a value looks at those who wait there, and tries
 * those again whom the new value stops no more: a waiting call is carried out by somebody else, on its behalf, and the
 * sleeper only learns that it is done.  What it changed is looked at in turn, each semaphore once for all that was done
 * to it meanwhile.
 *
 *      set --> semaphores:  | value |  for_more:  call -> call -> ...    (needs a higher value)
 *                           |       |  for_zero:  call -> ...
 *                           | value |  ...
 *
 * The order of arrival decides among those who wait for the same; one that waits for more keeps no other back.
 *
 * SEM_UNDO: what a process did with that flag is taken back when it ends, however it ends.  What it adds to a value is
 * subtracted from its adjustment of that semaphore, in a struct undo for each process and set, which keeps the set in
 * memory; the process's end adds the adjustments to the values.  The undo of a removed set goes when the process makes
 * another one, or ends.
 *
 * sysv_sem_control.c is semctl().
 *
 * Locks: the set's own (sysv_object.lock) guards it whole, with its waiters and adjustments.  A process's list of undos
 * is guarded by its signal_lock.
 */
#include <core/explore.h>
#include <fs/fs.h>
#include <ipc/calls.h>
#include <ipc/signal.h>
#include <ipc/sysv_set.h>
#include <mm/kmalloc.h>

#define OPERATIONS_MAX 500u /* SEMOPM: in one call */
#define FEW_OPERATIONS 8u   /* that need no memory */
#define SET_SIZE_MAX 1000u  /* SEMMSL: semaphores in a set */

static uint32_t semaphores_limit = 32000; /* SEMMNS: in all sets */
static uint32_t semaphores_used;          /* a */

static struct sysv_object *set_create(const void *request, int *error)
{
    unsigned count = *(const unsigned *)request;
    struct set *set;

    *error = count == 0 ? -EINVAL : -ENOSPC; /* POSIX semget: EINVAL, ENOSPC */
    if (count == 0 || !sysv_count(&semaphores_used, count, semaphores_limit))
        return NULL;
    *error = -ENOMEM;
    set = kmalloc(sizeof(*set) + count * sizeof(set->semaphores[0]));
    if (set == NULL) {
        sysv_uncount(&semaphores_used, count);
        return NULL;
    }
    set->count = count;
    list_init(&set->changed);
    list_init(&set->undos);
    for (unsigned i = 0; i < count; i++) {
        list_init(&set->semaphores[i].for_more);
        list_init(&set->semaphores[i].for_zero);
    }
    return &set->sysv;
}

static int set_check(const struct sysv_object *object, const void *request)
{
    const struct set *set = container_of(object, const struct set, sysv);

    return *(const unsigned *)request > set->count ? -EINVAL : 0; /* POSIX semget: EINVAL */
}

static void set_release(struct sysv_object *object)
{
    struct set *set = set_of(object);

    sysv_uncount(&semaphores_used, set->count);
    kfree(set);
}

static void call_finish(struct call *call, long result)
{
    list_remove(&call->link);
    call->done = true;
    call->result = result;
    wake_one(&call->queue, 0);
}

static void finish_all(struct list *calls, long result)
{
    while (!list_empty(calls))
        call_finish(container_of(calls->next, struct call, link), result);
}

static void set_removed(struct sysv_object *object)
{
    struct set *set = set_of(object);

    for (unsigned i = 0; i < set->count; i++) {
        finish_all(&set->semaphores[i].for_more, -EIDRM); /* POSIX semop: EIDRM */
        finish_all(&set->semaphores[i].for_zero, -EIDRM);
    }
    while (list_pop(&set->undos) != NULL)
        continue;
}

/* In seconds since 1970; 0: there was none. */
static int64_t operation_time(const struct set *set)
{
    int64_t ago = (int64_t)ns_from_ticks(counter_read() - set->operated);

    return set->operated == 0 ? 0 : (clock_realtime() - ago) / 1000000000;
}

static void set_status(const struct sysv_object *object, union sysv_status *status)
{
    const struct set *set = container_of(object, const struct set, sysv);

    status->sem = (struct abi_semid_ds){
        .sem_otime = operation_time(set),
        .sem_ctime = object->change_time,
        .sem_nsems = set->count,
    };
}

/* As Linux shows it. */
static void set_show(struct proc_text *text, struct sysv_object *object, const union sysv_status *status)
{
    const struct abi_semid_ds *sem = &status->sem;

    proc_print(text, "%10u ", (unsigned)sem->sem_nsems);
    sysv_show_owners(text, &sem->sem_perm);
    proc_print(text, "%10lld %10lld\n", (long long)sem->sem_otime, (long long)sem->sem_ctime);
}

struct sysv_type set_type = {
    .name = "sem",
    .heading = "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime",
    .status_size = sizeof(struct abi_semid_ds),
    .item = ACCOUNT_SEM_SETS,
    .create = set_create,
    .check = set_check,
    .status = set_status,
    .removed = set_removed,
    .release = set_release,
    .show = set_show,
    .limit = 1024,
    .lock = SPINLOCK_INIT("sem ids", RANK_OBJECT),
};

long sys_semget(int key, int count, int flags)
{
    unsigned request = (unsigned)count;

    if (count < 0 || request > SET_SIZE_MAX)
        return -EINVAL; /* POSIX semget: EINVAL */
    return sysv_get(&set_type, key, flags, &request);
}

void note_change(struct set *set, struct semaphore *s)
{
    if ((!list_empty(&s->for_more) || !list_empty(&s->for_zero)) && !list_linked(&s->changed_link))
        list_add_tail(&set->changed, &s->changed_link);
}

/* Do an operation (`times` 1), or take it back (-1). */
static void apply(struct set *set, const struct call *call, const struct abi_sembuf *o, int times)
{
    set->semaphores[o->sem_num].value += times * o->sem_op;
    if (o->sem_flg & SEM_UNDO && call->undo != NULL)
        call->undo->adjust[o->sem_num] -= times * o->sem_op;
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

/* The operation that could not be done, with those before it done: take them back and note what would help. */
static void call_stop(struct set *set, struct call *call, unsigned stopped)
{
    const struct abi_sembuf *o = &call->operations[stopped];
    const struct semaphore *s = &set->semaphores[o->sem_num];
    int lacking = -(s->value + o->sem_op);

    call->stopped = stopped;
    while (stopped-- > 0)
        apply(set, call, &call->operations[stopped], -1);
    call->wanted = s->value + lacking;
}

/* Do all operations of a call: 0.  Or none: 1: it must wait, for operation call->stopped; -EAGAIN, -ERANGE. */
static int call_try(struct set *set, struct call *call)
{
    for (unsigned i = 0; i < call->count; i++) {
        const struct abi_sembuf *o = &call->operations[i];
        int stop = operation_check(set, call, o);

        if (stop != 0) {
            call_stop(set, call, i);
            return stop > 0 && o->sem_flg & IPC_NOWAIT ? -EAGAIN : stop; /* POSIX semop: EAGAIN */
        }
        apply(set, call, o, 1);
    }
    for (unsigned i = 0; i < call->count; i++) {
        struct semaphore *s = &set->semaphores[call->operations[i].sem_num];

        s->pid = call->thread->process->pid;
        if (call->operations[i].sem_op != 0)
            note_change(set, s);
    }
    set->operated = counter_read();
    return 0;
}

/* Where calls wait for what that operation needs. */
static struct list *waiters_of(struct set *set, const struct abi_sembuf *o)
{
    struct semaphore *s = &set->semaphores[o->sem_num];

    return o->sem_op == 0 ? &s->for_zero : &s->for_more;
}

/* Of two that wait for the same the first to come goes first, or, where neither is a real-time thread's, whom a seed
 * says. */
static bool goes_before(const struct call *call, const struct call *other)
{
    return call->arrival < other->arrival ||
           (exploring && call->thread->priority == 0 && other->thread->priority == 0 && explore_pass());
}

/* Let the call wait at the semaphore that stopped it. */
static void call_enqueue(struct set *set, struct call *call)
{
    struct list *calls = waiters_of(set, &call->operations[call->stopped]), *before = calls->prev;

    while (before != calls && goes_before(call, container_of(before, struct call, link)))
        before = before->prev;
    list_insert_after(&call->link, before);
}

/* Try again those on a semaphore's list whom its value does not stop any more. */
static void retry(struct set *set, const struct semaphore *s, struct list *calls)
{
    bool for_zero = calls == &s->for_zero;
    struct call *call, *after;

    list_for_each_entry_safe (call, after, calls, link) {
        int result;

        if (!for_zero && s->value == 0)
            return; /* it helps nobody */
        if (for_zero ? s->value != call->wanted : s->value < call->wanted)
            continue;
        result = call_try(set, call);
        if (result <= 0) {
            call_finish(call, result);
        } else {
            list_remove(&call->link);
            call_enqueue(set, call);
        }
    }
}

void set_settle(struct set *set)
{
    struct list *link;

    while ((link = list_pop(&set->changed)) != NULL) {
        struct semaphore *s = container_of(link, struct semaphore, changed_link);

        retry(set, s, &s->for_zero);
        retry(set, s, &s->for_more);
    }
}

/* Wait until somebody has done the call.  The set's lock is held before and after. */
static long call_wait(struct set *set, struct call *call, uint64_t deadline)
{
    long result = 0;

    wait_queue_init(&call->queue);
    call->arrival = set->arrivals++;
    call_enqueue(set, call);
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

static void undo_free(struct undo *undo)
{
    sysv_put(&undo->set->sysv);
    kfree(undo);
}

/* Take the undo of a removed set off the process's list, or answer NULL.  Who removes a set lets go of its undos by
 * list_remove(), whose last store we see here. */
static struct undo *undo_take_removed(struct process *process)
{
    struct undo **place, *undo;

    spin_lock(&process->signal_lock);
    place = &process->semaphore_undos;
    while ((undo = *place) != NULL && __atomic_load_n(&undo->set_link.next, __ATOMIC_ACQUIRE) != NULL)
        place = &undo->next;
    if (undo != NULL)
        *place = undo->next;
    spin_unlock(&process->signal_lock);
    return undo;
}

static struct undo *undo_search(const struct process *process, const struct set *set)
{
    struct undo *undo = process->semaphore_undos;

    while (undo != NULL && undo->set != set)
        undo = undo->next;
    return undo;
}

/* A new undo for the running process, or the one that another thread of it has made meanwhile; NULL: no memory. */
static struct undo *undo_create(struct set *set)
{
    struct process *process = current->process;
    struct undo *made = kmalloc(sizeof(*made) + set->count * sizeof(made->adjust[0])), *undo;

    if (made == NULL)
        return NULL;
    made->pid = process->pid;
    made->set = set;
    sysv_hold(&set->sysv);
    spin_lock(&set->sysv.lock);
    spin_lock(&process->signal_lock);
    undo = undo_search(process, set);
    if (undo == NULL) {
        made->next = process->semaphore_undos;
        process->semaphore_undos = made;
        if (!set->sysv.removed)
            list_add_tail(&set->undos, &made->set_link);
    }
    spin_unlock(&process->signal_lock);
    spin_unlock(&set->sysv.lock);
    if (undo == NULL)
        return made;
    undo_free(made);
    return undo;
}

/* The running process's undo of the set, made if it has none; NULL: no memory.  The set is referenced, not locked. */
static struct undo *undo_find(struct set *set)
{
    struct process *process = current->process;
    struct undo *undo;

    spin_lock(&process->signal_lock);
    undo = undo_search(process, set);
    spin_unlock(&process->signal_lock);
    if (undo != NULL)
        return undo;
    while ((undo = undo_take_removed(process)) != NULL)
        undo_free(undo);
    return undo_create(set);
}

/* Add an ended process's adjustments to the values, as far as they go.  The set's lock is held. */
static void undo_carry_out(struct set *set, const struct undo *undo)
{
    for (unsigned i = 0; i < set->count; i++) {
        struct semaphore *s = &set->semaphores[i];
        int value = s->value + undo->adjust[i];

        if (undo->adjust[i] == 0)
            continue;
        s->value = value < 0 ? 0 : value > ABI_SEM_MAX ? ABI_SEM_MAX : value;
        s->pid = undo->pid;
        note_change(set, s);
    }
    set->operated = counter_read();
    set_settle(set);
}

void sysv_sem_exit(struct process *process)
{
    struct undo *undo;

    while ((undo = process->semaphore_undos) != NULL) {
        process->semaphore_undos = undo->next;
        spin_lock(&undo->set->sysv.lock);
        if (list_linked(&undo->set_link)) {
            undo_carry_out(undo->set, undo);
            list_remove(&undo->set_link);
        }
        spin_unlock(&undo->set->sysv.lock);
        undo_free(undo);
    }
}

/* semop() with its operations in the kernel. */
static long operate(int id, const struct abi_sembuf *operations, unsigned count, uint64_t deadline)
{
    struct call call = {.operations = operations, .count = count, .thread = current};
    unsigned want = R_OK, highest = 0;
    struct sysv_object *object;
    bool undoes = false;
    long result;

    for (unsigned i = 0; i < count; i++) {
        if (operations[i].sem_op != 0) {
            want = W_OK;
            undoes |= (operations[i].sem_flg & SEM_UNDO) != 0;
        }
        if (operations[i].sem_num > highest)
            highest = operations[i].sem_num;
    }
    object = sysv_lock(&set_type, id, want, &result);
    if (object == NULL)
        return result;
    if (highest >= set_of(object)->count) {
        result = -EFBIG; /* POSIX semop: EFBIG */
    } else if (undoes) {
        spin_unlock(&object->lock);
        call.undo = undo_find(set_of(object));
        spin_lock(&object->lock);
        if (call.undo == NULL)
            result = -ENOMEM; /* POSIX semop: ENOSPC is for a limit; Linux: ENOMEM */
        else if (object->removed)
            result = -EIDRM;
    }
    if (result == 0)
        result = call_try(set_of(object), &call);
    if (result == 0)
        set_settle(set_of(object));
    else if (result > 0)
        result = call_wait(set_of(object), &call, deadline);
    sysv_unlock(object);
    return result;
}

/* All operations, or none.  `timeout`: a relative time, or 0: for ever.  -E2BIG, -EFBIG, -ERANGE, -EAGAIN, -ENOMEM,
 * -ERESTART. */
long sys_semtimedop(int id, uaddr_t operations, uint32_t count, uaddr_t timeout)
{
    struct abi_sembuf few[FEW_OPERATIONS], *all = few;
    uint64_t deadline;
    long result;

    if (count == 0)
        return -EINVAL; /* Linux semop: EINVAL */
    if (count > OPERATIONS_MAX)
        return -E2BIG; /* POSIX semop: E2BIG */
    result = deadline_read(timeout, DEADLINE_RELATIVE, &deadline);
    if (result != 0)
        return result;
    if (count > FEW_OPERATIONS && (all = kmalloc(count * sizeof(*all))) == NULL)
        return -ENOMEM;
    result = copy_from_user(all, operations, count * sizeof(*all));
    if (result == 0)
        result = operate(id, all, count, deadline);
    if (all != few)
        kfree(all);
    return result;
}

static void show_sets(struct proc_text *text)
{
    sysv_show(text, &set_type);
}

void sysv_sem_start(void)
{
    procfs_add("sysvipc/sem", show_sets);
    procfs_add("sysvipc/sem_values", semset_show_values);
    procfs_add_limit("sys/kernel/semmni", &set_type.limit, 0, SYSV_MAX);
    procfs_add_limit("sys/kernel/semmns", &semaphores_limit, 0, 1000000);
}
