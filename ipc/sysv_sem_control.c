/*
 * sysv_sem_control.c - semctl(), and the files in /proc that show semaphore sets.
 *
 * A count of those who wait is taken when somebody asks: it costs a walk down the set's list, and semop() nothing.
 */
#include <abi/errno.h>
#include <arch/cpu.h>
#include <core/thread.h>
#include <core/timer.h>
#include <fs/fs.h>
#include <ipc/sysv_sem_set.h>
#include <mm/kmalloc.h>

/* In seconds since 1970; 0: there was none. */
static int64_t operation_time(const struct set *set)
{
    int64_t ago = (int64_t)ns_from_ticks(counter_read() - set->operated);

    return set->operated == 0 ? 0 : (clock_realtime() - ago) / 1000000000;
}

long semset_stat(int id, struct abi_semid_ds *stat)
{
    long error;
    struct set *set = set_lock(id, R_OK, &error);

    if (set == NULL)
        return error;
    *stat = (struct abi_semid_ds){
        .sem_perm = set->sysv.perm,
        .sem_otime = operation_time(set),
        .sem_ctime = set->sysv.change_time,
        .sem_nsems = set->count,
    };
    set_unlock(set);
    return 0;
}

long semset_set(int id, const struct abi_ipc_perm *perm)
{
    long error;
    struct set *set = set_lock(id, 0, &error);

    if (set == NULL)
        return error;
    error = sysv_owned(&set->sysv); /* POSIX semctl: EPERM */
    if (error == 0)
        sysv_set(&set->sysv, perm);
    set_unlock(set);
    return error;
}

long semset_remove(int id)
{
    struct sysv_object *object = sysv_find(&set_type, id);
    long error;

    if (object == NULL)
        return -EINVAL; /* POSIX semctl: EINVAL */
    spin_lock(&object->lock);
    error = sysv_owned(object); /* POSIX semctl: EPERM */
    spin_unlock(&object->lock);
    if (error == 0 && !sysv_remove(object))
        error = -EIDRM;
    sysv_put(object);
    return error;
}

/* How many calls wait for that semaphore to be zero, or to grow. */
static unsigned set_count_waiting(const struct set *set, int number, bool for_zero)
{
    const struct call *call;
    unsigned count = 0;

    list_for_each_entry (call, &set->waiting, link) {
        const struct abi_sembuf *o = &call->operations[call->stopped];

        count += o->sem_num == number && (o->sem_op == 0) == for_zero;
    }
    return count;
}

static long set_look(const struct set *set, int number, int command)
{
    switch (command) {
    case GETVAL:
        return set->semaphores[number].value;
    case GETPID:
        return set->semaphores[number].pid;
    default:
        return (long)set_count_waiting(set, number, command == GETZCNT);
    }
}

long semset_look(int id, int number, int command)
{
    long result;
    struct set *set = set_lock(id, R_OK, &result);

    if (set == NULL)
        return result;
    result = -EINVAL; /* POSIX semctl: EINVAL */
    if ((unsigned)number < set->count)
        result = set_look(set, number, command);
    set_unlock(set);
    return result;
}

/* Set one value, which nobody takes back at its end any more. */
static void set_assign(struct set *set, unsigned number, int value)
{
    struct undo *undo;

    list_for_each_entry (undo, &set->undos, set_link)
        undo->adjust[number] = 0;
    set->semaphores[number].value = value;
    set->semaphores[number].pid = current->process->pid;
}

static void set_assigned(struct set *set)
{
    set->sysv.change_time = sysv_time();
    set_changed(set);
}

long semset_set_value(int id, int number, int value)
{
    long error;
    struct set *set = set_lock(id, W_OK, &error);

    if (set == NULL)
        return error;
    if ((unsigned)number >= set->count)
        error = -EINVAL; /* POSIX semctl: EINVAL */
    else if (value < 0 || value > ABI_SEM_MAX)
        error = -ERANGE; /* POSIX semctl: ERANGE */
    if (error == 0) {
        set_assign(set, (unsigned)number, value);
        set_assigned(set);
    }
    set_unlock(set);
    return error;
}

long semset_size(int id)
{
    long error;
    struct set *set = set_lock(id, 0, &error);

    if (set == NULL)
        return error;
    error = (long)set->count;
    set_unlock(set);
    return error;
}

long semset_get_all(int id, uint16_t *values, unsigned count)
{
    long error;
    struct set *set = set_lock(id, R_OK, &error);

    if (set == NULL)
        return error;
    for (unsigned i = 0; i < count; i++)
        values[i] = (uint16_t)set->semaphores[i].value;
    set_unlock(set);
    return 0;
}

long semset_set_all(int id, const uint16_t *values, unsigned count)
{
    long error;
    struct set *set = set_lock(id, W_OK, &error);

    if (set == NULL)
        return error;
    for (unsigned i = 0; i < count && error == 0; i++)
        if (values[i] > ABI_SEM_MAX)
            error = -ERANGE; /* POSIX semctl: ERANGE */
    for (unsigned i = 0; i < count && error == 0; i++)
        set_assign(set, i, values[i]);
    if (error == 0)
        set_assigned(set);
    set_unlock(set);
    return error;
}

/* As Linux shows it. */
static void show_sets(struct proc_text *text)
{
    struct sysv_object *object;
    unsigned index = 0;

    proc_print(text, "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n");
    while ((object = sysv_next(&set_type, &index)) != NULL) {
        const struct set *set = set_of(object);
        struct abi_ipc_perm perm;
        long long operated, changed;

        spin_lock(&object->lock);
        perm = object->perm;
        operated = operation_time(set);
        changed = object->change_time;
        spin_unlock(&object->lock);
        proc_print(text, "%10d %10d  %4o %10u %5u %5u %5u %5u %10lld %10lld\n", (int)perm.key, object->id,
                   (unsigned)perm.mode, set->count, (unsigned)perm.uid, (unsigned)perm.gid, (unsigned)perm.cuid,
                   (unsigned)perm.cgid, operated, changed);
        sysv_put(object);
    }
}

#define SHOWN_PIDS 8

/* Up to SHOWN_PIDS processes that one semaphore's line names. */
struct pids {
    unsigned count;
    int pid[SHOWN_PIDS], change[SHOWN_PIDS];
};

static void pids_add(struct pids *pids, int pid, int change)
{
    if (change == 0 || pids->count == SHOWN_PIDS)
        return;
    pids->pid[pids->count] = pid;
    pids->change[pids->count++] = change;
}

/* One semaphore: its value, its last user, and by pid who waits to change it (0: for zero) and whose end will. */
static void show_semaphore(struct proc_text *text, struct set *set, unsigned number)
{
    struct pids waiting = {0}, undoing = {0};
    struct semaphore now;
    const struct call *call;
    const struct undo *undo;
    unsigned for_more, for_zero;

    spin_lock(&set->sysv.lock);
    now = set->semaphores[number];
    for_more = set_count_waiting(set, (int)number, false);
    for_zero = set_count_waiting(set, (int)number, true);
    list_for_each_entry (call, &set->waiting, link)
        if (call->operations[call->stopped].sem_num == number)
            pids_add(&waiting, call->pid, 1);
    list_for_each_entry (undo, &set->undos, set_link)
        pids_add(&undoing, undo->pid, undo->adjust[number]);
    spin_unlock(&set->sysv.lock);
    proc_print(text, "%10d %6u %6d %6d %6u %6u", set->sysv.id, number, now.value, now.pid, for_more, for_zero);
    for (unsigned i = 0; i < waiting.count; i++)
        proc_print(text, " waits:%d", waiting.pid[i]);
    for (unsigned i = 0; i < undoing.count; i++)
        proc_print(text, " undo:%d:%d", undoing.pid[i], undoing.change[i]);
    proc_print(text, "\n");
}

static void show_values(struct proc_text *text)
{
    struct sysv_object *object;
    unsigned index = 0;

    proc_print(text, "     semid semnum  value    pid ncount zcount who\n");
    while ((object = sysv_next(&set_type, &index)) != NULL) {
        for (unsigned i = 0; i < set_of(object)->count; i++)
            show_semaphore(text, set_of(object), i);
        sysv_put(object);
    }
}

void semset_start(void)
{
    procfs_add("sysvipc/sem", show_sets);
    procfs_add("sysvipc/sem_values", show_values);
    procfs_add_limit("sys/kernel/semmni", &set_type.limit, 0, SYSV_MAX);
    procfs_add_limit("sys/kernel/semmns", &semaphores_limit, 0, 1000000);
}
