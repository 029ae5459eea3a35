/*
 * fork.c - a process's making: fork, vfork and spawn.
 *
 * All that may fail is made first, in the order of the labels at the end of process_clone(), while nobody can see the
 * child. Then, with processes_lock held, it is entered everywhere at once; from there on nothing fails.
 *
 * vfork lends the child the parent's space (both hold a reference) and has the calling thread stand still until the
 * child executes a program or ends.  A child of spawn is the same, but that it begins in the kernel; one that ends
 * before it has executed its program leaves its errno as its exit status, and the caller buries it: there never was
 * such a child.
 *
 * Left out on purpose: inheriting timers and pending signals (POSIX says no), and record locks.
 */
#include <core/syscalls.h>
#include <fs/path.h>
#include <fs/trace.h>
#include <ipc/process_timer.h>
#include <ipc/signal.h>
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
    list_init(&process->cpu_timers);
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

/* RLIMIT_NPROC is about a user's threads, as in Linux: each holds a number.  The superuser has no limit. */
int id_charge(const struct process *process)
{
    uint64_t limit = process->credentials.euid == 0 ? ACCOUNT_UNLIMITED : process->limits[RLIMIT_NPROC].rlim_cur;
    int number = 0;

    if (account_charge(process->account, ACCOUNT_PROCESSES, 1, limit) && (number = id_reserve()) == 0)
        account_release(process->account, ACCOUNT_PROCESSES, 1);
    return number;
}

/* What of the parent others may change or see changing.  processes_lock held. */
static void inherit(struct process *child, struct process *parent)
{
    child->credentials = parent->credentials;
    child->account = parent->account;
    memcpy(child->limits, parent->limits, sizeof(child->limits));
    if (child->limits[RLIMIT_CPU].rlim_cur != RLIM_INFINITY)
        cpu_limit_set(child, &parent->limits[RLIMIT_CPU]);
    /* A spawned child is no second one of its parent's program, not for a moment. */
    strlcpy(child->name, child->birth == BIRTH_SPAWN ? "spawn" : parent->name, sizeof(child->name));
}

/* The child's thread: the running one's registers, but that fork answers 0.  With an `entry` it starts there, in the
 * kernel, and its frame is that of the running call. */
static struct thread *clone_thread(void (*entry)(void *))
{
    struct thread *thread = thread_alloc(true), *self = current;

    if (thread == NULL)
        return NULL;
    if (entry != NULL)
        thread_init(thread, thread->stack, entry, NULL);
    else
        thread_init_user(thread, thread->stack);
    thread_inherit(thread);
    *thread_trap_frame(thread) = *thread_trap_frame(self);
    if (entry == NULL)
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
    } else if ((number = id_charge(parent)) != 0) {
        inherit(child, parent);
        trace_fork(child, parent, number);
        process_enter(child, parent, parent->group, thread, number);
        pid = number;
    }
    spin_unlock(&processes_lock);
    return pid;
}

static struct space *clone_space(struct space *space, enum process_birth birth)
{
    if (birth == BIRTH_DONE)
        return space_fork(space);
    space_get(space);
    return space;
}

/* Stand still until the child of that number has executed a program or ended, or we are killed.  The child's pid, or
 * the error that kept a spawned one from its program. */
static long wait_for_birth(struct process *parent, int pid)
{
    struct process *child;
    long answer = pid;
    bool killed = false;

    spin_lock(&processes_lock);
    while ((child = process_find(pid)) != NULL && child->parent == parent && child->birth != BIRTH_DONE &&
           child->state != PROCESS_ZOMBIE && !killed)
        killed = wait_sleep(&parent->child_queue, &processes_lock, "vfork", DEADLINE_NEVER, WAIT_KILLABLE) == -ERESTART;
    if (child != NULL && child->parent == parent && child->birth == BIRTH_SPAWN) {
        child->birth = BIRTH_DONE; /* killed: what becomes of it is its parent's affair no more */
        if (child->state == PROCESS_ZOMBIE) {
            answer = -(long)(child->exit_status >> 8);
            process_bury(child);
        }
    }
    spin_unlock(&processes_lock);
    return answer;
}

/* A process as the caller's child, which begins in the kernel if there is an `entry`.  Its pid, or an error. */
static long process_clone(enum process_birth birth, void (*entry)(void *))
{
    struct process *parent = current->process, *child;
    struct thread *thread;
    long pid = -ENOMEM; /* POSIX fork: ENOMEM */

    if (page_user_free_count() < SPARE_PAGES || (child = process_alloc()) == NULL)
        return -ENOMEM;
    child->birth = birth;
    thread = clone_thread(entry);
    if (thread == NULL)
        goto no_thread;
    child->files = file_table_copy(parent->files);
    if (child->files == NULL)
        goto no_files;
    path_inherit(child, parent);
    child->space = clone_space(parent->space, birth);
    if (child->space == NULL)
        goto no_space;
    thread->mmu = &child->space->mmu;
    signal_fork(child, thread, parent);
    pid = enter_child(child, parent, thread);
    if (pid < 0)
        goto not_entered;
    sched_add(thread);
    return birth == BIRTH_DONE ? pid : wait_for_birth(parent, (int)pid);

not_entered:
    space_put(child->space);
no_space:
    path_forget(child);
    file_table_put(child->files);
no_files:
    thread_free(thread);
no_thread:
    process_free(child);
    return pid;
}

/* The child returns 0 from the same frame.  -EAGAIN, -ENOMEM (nothing has changed), -ERESTART (a signal is first). */
long sys_fork(void)
{
    return process_clone(BIRTH_DONE, NULL);
}

/* The parent's space is lent to the child, and the caller stands still until exec or the child's end. */
long sys_vfork(void)
{
    return process_clone(BIRTH_VFORK, NULL);
}

long process_spawn(void (*entry)(void *))
{
    return process_clone(BIRTH_SPAWN, entry);
}
