/*
 * fork.c - a process's making: fork and vfork.
 *
 * All that may fail is made first, in the order of the labels at the end of process_clone(), while nobody can see the
 * child. Then, with processes_lock held, it is entered everywhere at once; from there on nothing fails.
 *
 * vfork lends the child the parent's space (both hold a reference) and has the calling thread stand still until the
 * child gives it back: at exec, or at its end.
 *
 * Left out on purpose: inheriting timers and pending signals (POSIX says no), and record locks.
 */
#include <abi/errno.h>
#include <arch/cpu.h>
#include <fs/file.h>
#include <fs/path.h>
#include <ipc/signal.h>
#include <lib/string.h>
#include <mm/account.h>
#include <mm/kmalloc.h>
#include <mm/space.h>
#include <proc/life.h>

/* With fewer pages left there is no new process: those that are there, its parent first, want them for their writes. */
#define SPARE_PAGES 128

OBJECT_CACHE(process_cache, "process", sizeof(struct process));

struct process *process_alloc(void)
{
    struct process *process = cache_alloc(&process_cache);

    if (process == NULL)
        return NULL;
    list_init(&process->children);
    wait_queue_init(&process->child_queue);
    signal_init_process(process);
    process->start_ticks = counter_read();
    return process;
}

void process_free(struct process *process)
{
    cache_free(&process_cache, process);
}

void process_enter(struct process *process, struct process *parent, struct group *group, struct thread *thread, int pid)
{
    debug_lock_held(&processes_lock);
    process->pid = pid;
    process->parent = parent;
    process->parent_pid = parent != NULL ? parent->pid : 0;
    if (parent != NULL)
        list_add_tail(&parent->children, &process->sibling_link);
    group_join(group, process);
    list_add_tail(&process_list, &process->all_link);
    process_count++;
    id_find(pid)->process = process;
    process->leader = thread;
    thread_enter(thread, pid, process);
}

/* RLIMIT_NPROC is about a user's processes; the superuser has no limit.  processes_lock held. */
static bool charge_process(const struct process *parent)
{
    uint64_t limit = parent->credentials.euid == 0 ? ACCOUNT_UNLIMITED : parent->limits[RLIMIT_NPROC].rlim_cur;

    return account_charge(parent->account, ACCOUNT_PROCESSES, 1, limit);
}

/* What of the parent others may change or see changing.  processes_lock held. */
static void inherit(struct process *child, struct process *parent)
{
    child->credentials = parent->credentials;
    child->account = parent->account;
    memcpy(child->limits, parent->limits, sizeof(child->limits));
    memcpy(child->name, parent->name, sizeof(child->name));
}

/* The child's thread: the running one's registers, but that fork answers 0. */
static struct thread *clone_thread(void)
{
    struct thread *thread = thread_alloc(true), *self = current;

    if (thread == NULL)
        return NULL;
    thread_init_user(thread, thread->stack);
    thread_inherit(thread);
    *thread_trap_frame(thread) = *thread_trap_frame(self);
    thread_trap_frame(thread)->r[0] = 0;
    thread->tls = self->tls;
    __asm__("mrc p15, 0, %0, c13, c0, 2" : "=r"(thread->tls_write));
    if (self->vfp->used) {
        vfp_sync();
        *thread->vfp = *self->vfp;
    }
    return thread;
}

/* Make the child visible.  Its pid, or -EAGAIN, -ERESTART. */
static int enter_child(struct process *child, struct process *parent, struct thread *thread)
{
    int number, pid = -EAGAIN; /* POSIX fork: EAGAIN */

    spin_lock(&processes_lock);
    if (signal_pending(current)) {
        /* A signal for the group must not miss the child: what was sent before is taken before. */
        thread_set_work(current, WORK_SIGNAL);
        pid = -ERESTART;
    } else if ((number = id_reserve()) != 0 && charge_process(parent)) {
        inherit(child, parent);
        process_enter(child, parent, parent->group, thread, number);
        pid = number;
    } else if (number != 0) {
        id_release(number);
    }
    spin_unlock(&processes_lock);
    return pid;
}

static struct space *clone_space(struct space *space, bool borrow)
{
    if (!borrow)
        return space_fork(space);
    space_get(space);
    return space;
}

static long process_clone(bool borrow)
{
    struct process *parent = current->process, *child;
    struct thread *thread;
    long pid = -ENOMEM; /* POSIX fork: ENOMEM */

    if (page_user_free_count() < SPARE_PAGES || (child = process_alloc()) == NULL)
        return -ENOMEM;
    child->borrows_space = borrow;
    thread = clone_thread();
    if (thread == NULL)
        goto no_thread;
    child->files = file_table_copy(parent->files);
    if (child->files == NULL)
        goto no_files;
    child->paths = path_context_copy(parent->paths);
    if (child->paths == NULL)
        goto no_paths;
    child->space = clone_space(parent->space, borrow);
    if (child->space == NULL)
        goto no_space;
    thread->mmu = &child->space->mmu;
    signal_fork(child, thread, parent);
    pid = enter_child(child, parent, thread);
    if (pid < 0)
        goto not_entered;
    sched_add(thread);
    return pid;

not_entered:
    space_put(child->space);
no_space:
    path_context_put(child->paths);
no_paths:
    file_table_put(child->files);
no_files:
    thread_free(thread);
no_thread:
    process_free(child);
    return pid;
}

long process_fork(void)
{
    return process_clone(false);
}

/* Stand still until the child of that number uses our space no more, or we are killed. */
static void wait_for_space(struct process *parent, int pid)
{
    const struct process *child;

    spin_lock(&processes_lock);
    for (;;) {
        child = process_find(pid);
        if (child == NULL || child->parent != parent || !child->borrows_space)
            break;
        if (wait_sleep(&parent->child_queue, &processes_lock, "vfork", DEADLINE_NEVER, WAIT_KILLABLE) == -ERESTART)
            break;
    }
    spin_unlock(&processes_lock);
}

long process_vfork(void)
{
    long pid = process_clone(true);

    if (pid > 0)
        wait_for_space(current->process, (int)pid);
    return pid;
}
