/*
 * sysv_sem_control.c - semctl(), and the file of /proc that shows each semaphore.
 *
 * A count of those who wait is taken when somebody asks: it costs a walk down a list, and semop() nothing.
 */
#include <fs/fs.h>
#include <ipc/calls.h>
#include <ipc/sysv_set.h>
#include <mm/kmalloc.h>

/* Set one value, which nobody takes back at its end any more.  Lock held; set_settle() and the change's time are the
 * caller's. */
static void assign(struct set *set, unsigned number, int value)
{
    struct semaphore *s = &set->semaphores[number];
    struct undo *undo;

    list_for_each_entry (undo, &set->undos, set_link)
        undo->adjust[number] = 0;
    s->value = value;
    s->pid = current->process->pid;
    set->sysv.change_time = sysv_time();
    note_change(set, s);
}

static long count_calls(const struct list *calls)
{
    long count = 0;

    for (const struct list *link = calls->next; link != calls; link = link->next)
        count++;
    return count;
}

/* The commands about one semaphore.  Lock held. */
static long control_one(struct set *set, unsigned number, int command, int value)
{
    const struct semaphore *s = &set->semaphores[number];

    if (number >= set->count)
        return -EINVAL; /* POSIX semctl: EINVAL */
    switch (command) {
    case GETVAL:
        return s->value;
    case GETPID:
        return s->pid;
    case GETNCNT:
        return count_calls(&s->for_more);
    case GETZCNT:
        return count_calls(&s->for_zero);
    default:
        if (value < 0 || value > ABI_SEM_MAX)
            return -ERANGE; /* POSIX semctl: ERANGE */
        assign(set, number, value);
        set_settle(set);
        return 0;
    }
}

/* GETALL and SETALL: exchange all values with `values`.  Lock held. */
static long control_all(struct set *set, int command, uint16_t *values)
{
    for (unsigned i = 0; i < set->count; i++) {
        if (command == GETALL)
            values[i] = (uint16_t)set->semaphores[i].value;
        else if (values[i] > ABI_SEM_MAX)
            return -ERANGE; /* POSIX semctl: ERANGE */
    }
    for (unsigned i = 0; i < set->count && command == SETALL; i++)
        assign(set, i, values[i]);
    set_settle(set);
    return set->sysv.removed ? -EIDRM : 0;
}

/* The same with values in user memory.  The lock is held, and held again. */
static long control_all_of_user(struct set *set, int command, uaddr_t buffer)
{
    size_t size = set->count * sizeof(uint16_t);
    uint16_t *values;
    long result = 0;

    spin_unlock(&set->sysv.lock);
    values = kmalloc(size);
    if (values == NULL)
        result = -ENOMEM;
    else if (command == SETALL)
        result = copy_from_user(values, buffer, size);
    spin_lock(&set->sysv.lock);
    if (result == 0)
        result = control_all(set, command, values);
    spin_unlock(&set->sysv.lock);
    if (result == 0 && command == GETALL)
        result = copy_to_user(buffer, values, size);
    kfree(values);
    spin_lock(&set->sysv.lock);
    return result;
}

/* What the command asks for; -ERANGE, -ENOMEM. */
long sys_semctl(int id, int number, int command, uint32_t argument)
{
    bool all = command == GETALL || command == SETALL, sets = command == SETVAL || command == SETALL;
    struct sysv_object *object;
    long result;

    if (command < GETPID || command > SETALL)
        return sysv_control(&set_type, id, command, argument);
    object = sysv_lock(&set_type, id, sets ? W_OK : R_OK, &result);
    if (object == NULL)
        return result;
    if (all)
        result = control_all_of_user(set_of(object), command, argument);
    else
        result = control_one(set_of(object), (unsigned)number, command, (int)argument);
    sysv_unlock(object);
    return result;
}

struct shown {
    const struct set *set;
    unsigned number;
};

/* One semaphore: its value, its last user, and by pid who waits for it and whose end will change it by how much.  Lock
 * held. */
static void show_semaphore(struct proc_text *text, const void *context)
{
    const struct shown *shown = context;
    const struct set *set = shown->set;
    const struct semaphore *s = &set->semaphores[shown->number];
    const struct list *lists[] = {&s->for_more, &s->for_zero};
    const struct call *call;
    const struct undo *undo;

    proc_print(text, "%10d %6u %6d %6d %6ld %6ld", set->sysv.id, shown->number, s->value, s->pid, count_calls(lists[0]),
               count_calls(lists[1]));
    for (int i = 0; i < 2; i++) {
        list_for_each_entry (call, lists[i], link)
            proc_print(text, " waits:%d", call->thread->process->pid);
    }
    list_for_each_entry (undo, &set->undos, set_link) {
        if (undo->adjust[shown->number] != 0)
            proc_print(text, " undo:%d:%d", undo->pid, (int)undo->adjust[shown->number]);
    }
    proc_print(text, "\n");
}

void semset_show_values(struct proc_text *text)
{
    struct sysv_object *object;
    unsigned index = 0;

    proc_print(text, "     semid semnum  value    pid ncount zcount who\n");
    while ((object = sysv_next(&set_type, &index)) != NULL) {
        struct shown shown = {.set = set_of(object)};

        for (; shown.number < shown.set->count; shown.number++)
            proc_print_locked(text, &object->lock, show_semaphore, &shown);
        sysv_put(object);
    }
}
