/*
 * sysv_sem_undo.c - SEM_UNDO: what a process did to semaphores is taken back when it ends, however it ends.
 *
 * What a process adds to a value with that flag is subtracted from its adjustment of that semaphore, in a struct undo
 * for each process and set; the process's end adds the adjustments to the values.
 *
 * An undo stands on a list of the process (its signal_lock guards that) and on one of the set, whose lock guards the
 * adjustments too.  It keeps the set in memory; the undo of a removed set goes when the process makes another one, or
 * ends.
 */
#include <arch/cpu.h>
#include <core/thread.h>
#include <ipc/sysv_sem_set.h>
#include <mm/kmalloc.h>

OBJECT_CACHE(undo_cache, "sem_undo", sizeof(struct undo));

static void undo_free(struct undo *undo)
{
    sysv_put(&undo->set->sysv);
    kfree(undo->adjust);
    cache_free(&undo_cache, undo);
}

/* Take the first undo of a removed set off the process's list, or answer NULL. */
static struct undo *undo_take_removed(struct process *process)
{
    struct undo **place, *undo;

    spin_lock(&process->signal_lock);
    place = &process->semaphore_undos;
    while (*place != NULL && !(*place)->set->sysv.removed)
        place = &(*place)->next;
    undo = *place;
    if (undo != NULL)
        *place = undo->next;
    spin_unlock(&process->signal_lock);
    return undo;
}

static struct undo *undo_create(struct set *set, int pid)
{
    struct undo *undo = cache_alloc(&undo_cache);

    if (undo == NULL)
        return NULL;
    undo->adjust = kmalloc(set->count * sizeof(undo->adjust[0]));
    if (undo->adjust == NULL) {
        cache_free(&undo_cache, undo);
        return NULL;
    }
    undo->pid = pid;
    undo->set = set;
    sysv_hold(&set->sysv);
    return undo;
}

static struct undo *undo_search(const struct process *process, const struct set *set)
{
    struct undo *undo = process->semaphore_undos;

    while (undo != NULL && undo->set != set)
        undo = undo->next;
    return undo;
}

struct undo *undo_find(struct set *set)
{
    struct process *process = current->process;
    struct undo *undo, *made;

    spin_lock(&process->signal_lock);
    undo = undo_search(process, set);
    spin_unlock(&process->signal_lock);
    if (undo != NULL)
        return undo;
    while ((undo = undo_take_removed(process)) != NULL)
        undo_free(undo);
    made = undo_create(set, process->pid);
    if (made == NULL)
        return NULL;
    spin_lock(&set->sysv.lock);
    spin_lock(&process->signal_lock);
    undo = undo_search(process, set); /* another thread may have been quicker */
    if (undo == NULL) {
        undo = made;
        undo->next = process->semaphore_undos;
        process->semaphore_undos = undo;
        if (!set->sysv.removed)
            list_add_tail(&set->undos, &undo->set_link);
    }
    spin_unlock(&process->signal_lock);
    spin_unlock(&set->sysv.lock);
    if (undo != made)
        undo_free(made);
    return undo;
}

/* Add an ended process's adjustments to the values, as far as they go. */
static void undo_apply(struct undo *undo)
{
    struct set *set = undo->set;

    for (unsigned i = 0; i < set->count; i++) {
        int value = set->semaphores[i].value + undo->adjust[i];

        if (undo->adjust[i] == 0)
            continue;
        set->semaphores[i].value = value < 0 ? 0 : value > ABI_SEM_MAX ? ABI_SEM_MAX : value;
        set->semaphores[i].pid = undo->pid;
    }
    set->operated = counter_read();
    set_changed(set);
}

void semset_exit(struct process *process)
{
    struct undo *undo;

    while ((undo = process->semaphore_undos) != NULL) {
        process->semaphore_undos = undo->next;
        spin_lock(&undo->set->sysv.lock);
        if (list_linked(&undo->set_link)) {
            undo_apply(undo);
            list_remove(&undo->set_link);
        }
        spin_unlock(&undo->set->sysv.lock);
        undo_free(undo);
    }
}
