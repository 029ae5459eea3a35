/*
 * exit.c - the end of threads and processes, up to the zombie.
 *
 * process_exit() makes all threads of the process end: it marks the process as exiting and makes the others look
 * (signal_deliver.c sends them here).  Each thread leaves the process's space and its list; the last one to leave gives
 * back what the process owned (end_process) and sends the children to init.
 *
 * A thread's stack cannot be freed while it stands on it.  So the scheduler, once it runs the next thread, calls
 * process_thread_gone(): it frees the stack, and when no thread of the process is left on one, the process becomes a
 * zombie and its parent is told.  Whoever has waited for a child therefore knows that all its memory is free again,
 * but for struct process, which wait() frees itself.
 *
 * process->thread_count (signal_lock) counts the threads that are there for signals; process->stacks (processes_lock)
 * counts the stacks.
 */
#include <abi/wait.h>
#include <drivers/terminal.h>
#include <fs/path.h>
#include <fs/trace.h>
#include <ipc/calls.h>
#include <ipc/futex.h>
#include <ipc/process_timer.h>
#include <ipc/signal.h>
#include <mm/account.h>
#include <mm/space.h>
#include <proc/life.h>

/* Give back what the process owned.  Readers of other processes find NULL from now on. */
static void release_resources(struct process *process)
{
    struct file_table *files = process->files;
    struct space *space = process->space;

    process_timers_delete(process, true);
    sysv_sem_exit(process);
    spin_lock(&process->signal_lock);
    usage_note_peak(process);
    process->files = NULL;
    process->space = NULL;
    signal_discard(process, &process->pending, ~0ull);
    spin_unlock(&process->signal_lock);
    file_table_close(files, false);
    file_table_put(files);
    path_forget(process);
    space_put(space);
}

/* One child of a process that ends: init takes it over.  processes_lock held. */
static void orphan_child(struct process *child, struct process *parent)
{
    bool linked = group_link(child, parent);

    list_remove(&child->sibling_link);
    child->parent = init_process;
    child->parent_pid = init_process->pid;
    if (child->state == PROCESS_ZOMBIE) {
        list_add_head(&init_process->children, &child->sibling_link);
        wake_all(&init_process->child_queue, 0);
        if (!signal_child(child, child->exit_status))
            process_bury(child);
        return;
    }
    list_add_tail(&init_process->children, &child->sibling_link);
    if (linked)
        group_check_orphaned(child->group, NULL);
}

static void orphan_children(struct process *process)
{
    struct process *child, *after;

    spin_lock(&processes_lock);
    list_for_each_entry_safe (child, after, &process->children, sibling_link)
        orphan_child(child, process);
    if (group_link(process, process->parent))
        group_check_orphaned(process->group, process);
    spin_unlock(&processes_lock);
}

/* POSIX _exit: the end of a session's leader hangs its terminal up. */
static void end_session(struct process *process)
{
    struct session *session;

    spin_lock(&processes_lock); /* a parent may be moving the process to another group */
    session = process->group->session;
    spin_unlock(&processes_lock);
    if (session->id == process->pid) /* the session stays: it has this process */
        terminal_disassociate(session);
}

/* The last thread of a process is about to end. */
static void end_process(struct process *process)
{
    if (process == init_process)
        panic("init ended with status %x", (unsigned)process->exit_code);
    trace_leave(process);
    end_session(process);
    release_resources(process);
    orphan_children(process);
}

/* Take the running thread off its process's list.  True: it was the last. */
static bool leave_process(struct thread *self, struct process *process)
{
    bool last;

    spin_lock(&process->signal_lock);
    cpu_time_leave(self);
    list_remove(&self->process_link);
    signal_discard(process, &self->pending, ~0ull);
    last = --process->thread_count == 0;
    if (process->leader == self)
        process->leader = NULL;
    if (!last && !process->exiting)
        signal_retarget(process);
    wake_all(&process->thread_queue, 0);
    wake_all(&process->stop_queue, 0); /* the others may all stand still now */
    spin_unlock(&process->signal_lock);
    return last;
}

void thread_exit(void)
{
    struct thread *self = current;
    struct process *process = self->process;

    if (process != NULL) {
        trace_exit();
        futex_leave_user(true);
        space_use(NULL);
        if (leave_process(self, process))
            end_process(process);
    }
    sched_exit(process_thread_gone);
}

/* All threads but the running one are to end.  signal_lock held. */
static void kick_others(struct process *process)
{
    struct thread *t;

    process->exiting = true;
    list_for_each_entry (t, &process->threads, process_link) {
        if (t != current)
            signal_kick(t, WAIT_INTERRUPTIBLE | WAIT_KILLABLE);
    }
}

void process_exit(uint32_t status)
{
    struct process *process = current->process;

    spin_lock(&process->signal_lock);
    if (!process->exiting) {
        process->exit_code = status;
        kick_others(process);
    }
    spin_unlock(&process->signal_lock);
    thread_exit();
}

long sys_exit_group(int code)
{
    process_exit(W_EXITCODE((uint32_t)code, 0));
}

bool process_end_other_threads(struct process *process)
{
    bool first;

    spin_lock(&process->signal_lock);
    first = !process->exiting;
    if (first && process->thread_count > 1) {
        kick_others(process);
        while (process->thread_count > 1)
            wait_sleep(&process->thread_queue, &process->signal_lock, "exec", DEADLINE_NEVER, 0);
        process->exiting = false;
    }
    spin_unlock(&process->signal_lock);
    return first;
}

static void become_zombie(struct process *process)
{
    process->state = PROCESS_ZOMBIE;
    process->exit_status = process->exit_code;
    process->wait_event = 0;
    child_has_news(process);
    wake_all(&process->parent->child_queue, 0);
    if (process->birth != BIRTH_SPAWN && !signal_child(process, process->exit_status))
        process_bury(process);
}

void process_bury(struct process *process)
{
    int pid = process->pid;

    debug_lock_held(&processes_lock);
    list_remove(&process->sibling_link);
    list_remove(&process->all_link);
    process_count--;
    group_leave(process);
    id_find(pid)->process = NULL;
    id_release(pid);
    account_release(process->account, ACCOUNT_PROCESSES, 1);
    process_free(process);
}

void process_thread_gone(struct thread *thread)
{
    struct process *process = thread->process;
    struct id *id = id_find(thread->tid);

    spin_lock(&processes_lock);
    if (id->thread == thread) /* else exec gave the first thread's number to the last */
        id->thread = NULL;
    if (process != NULL) {
        spin_lock(&process->signal_lock);
        cpu_time_leave(thread);
        spin_unlock(&process->signal_lock);
    }
    id_release(thread->tid);
    thread_free(thread);
    if (process != NULL && --process->stacks == 0)
        become_zombie(process); /* what its last thread is charged with is given back when it is buried */
    else if (process != NULL)
        account_release(process->account, ACCOUNT_PROCESSES, 1);
    spin_unlock(&processes_lock);
}
