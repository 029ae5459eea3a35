/*
 * signal.c - signals: sending them, and what a process and its threads have said about them.
 *
 * A signal is sent to a process or to one thread and becomes pending there, unless the process ignores it.  A thread
 * that does not block it is then made to look (signal_kick): it takes the signal on its way to user mode
 * (signal_deliver.c). A signal for the process is only one thread's to take: the sender's own if it can, so that
 * kill(getpid()) costs no switch, else any that does not block it.
 *
 * A process's signal_lock guards its actions, its pending signals, its list of threads and what each thread blocks
 * (but a thread that is alone changes its mask without the lock: signal_set_blocked()).  Sending needs that lock alone
 * and never allocates: interrupts send too.  (Real-time signals queue in records that the senders among the system
 * calls bring along.)
 *
 * Not here: core dumps; their signals end the process as the others do.
 */
#include <core/cpu_data.h>
#include <core/irq.h>
#include <core/syscalls.h>
#include <abi/wait.h>
#include <ipc/signal.h>
#include <ipc/signal_pending.h>
#include <lib/string.h>
#include <mm/user.h>

#define SIGNALS_IGNORED_BY_DEFAULT \
    (signal_bit(SIGCHLD) | signal_bit(SIGCONT) | signal_bit(SIGURG) | signal_bit(SIGWINCH))

bool signal_kill_pending(const struct thread *thread)
{
    const struct process *process = thread->process;

    return process->exiting || ((thread->pending.set | process->pending.set) & signal_bit(SIGKILL)) != 0;
}

/* core/wait.c asks before a thread with WORK_SIGNAL falls asleep. */
bool wait_interrupted(const struct thread *thread, unsigned flags)
{
    if (thread->process == NULL)
        return false;
    return flags & WAIT_INTERRUPTIBLE ? signal_pending(thread) : signal_kill_pending(thread);
}

/* It does not wait so: it runs, or finds WORK_SIGNAL before it waits. */
static void kick_slowly(struct thread *thread, unsigned waits)
{
    thread_set_work(thread, WORK_SIGNAL);
    __atomic_thread_fence(__ATOMIC_SEQ_CST); /* a thread that comes to run from here on sees WORK_SIGNAL on its way */
    if (!wait_cancel(thread, -ERESTART, waits) && thread->state == THREAD_RUNNING)
        irq_send(SGI_RESCHEDULE, 1u << thread->cpu->number);
}

/* A thread that wakes with -ERESTART sets WORK_SIGNAL itself. */
static inline void kick(struct thread *thread, unsigned waits)
{
    if (thread == current && !wait_is_armed(thread->wait_state)) /* else an interrupt finds it on its way to sleep */
        thread_set_work(thread, WORK_SIGNAL);
    else if (!wait_cancel(thread, -ERESTART, waits))
        kick_slowly(thread, waits);
}

void signal_kick(struct thread *thread, unsigned waits)
{
    kick(thread, waits);
}

/* A thread that would take a signal for its process: the running one, else the first that does not block it. */
static struct thread *choose_thread(struct process *process, int signal)
{
    struct thread *t = current;

    if (t->process == process && !(t->blocked & signal_bit(signal)) && list_linked(&t->process_link))
        return t;
    list_for_each_entry (t, &process->threads, process_link) {
        if (!(t->blocked & signal_bit(signal)))
            return t;
    }
    return NULL;
}

/* A signal nobody will act on: ignored, and not blocked (a blocked one waits, since its action may change first). */
static bool is_discarded(const struct process *process, const struct thread *thread, int signal)
{
    if (!(process->ignored & signal_bit(signal)))
        return false;
    if (thread == NULL)
        thread = container_of(process->threads.next, struct thread, process_link);
    return !((thread->blocked | thread->awaited) & signal_bit(signal)) || signal_bit(signal) & SIGNALS_UNSTOPPABLE;
}

static void discard_everywhere(struct process *process, abi_sigset_t set)
{
    struct thread *t;

    signal_discard(process, &process->pending, set);
    list_for_each_entry (t, &process->threads, process_link)
        signal_discard(process, &t->pending, set);
}

static void resume(struct process *process)
{
    if (!process->stopped)
        return;
    process->stopped = false;
    process->continue_to_tell = process->stop_told;
    process->stop_told = false;
    wake_all(&process->stop_queue, 0);
}

/* POSIX 2.4.1: a stop discards a pending SIGCONT; SIGCONT discards pending stops and continues, ignored or not. */
static void stop_and_continue(struct process *process, int signal)
{
    if (signal_bit(signal) & SIGNALS_STOP) {
        discard_everywhere(process, signal_bit(SIGCONT));
    } else if (signal == SIGCONT) {
        discard_everywhere(process, SIGNALS_STOP);
        resume(process);
    }
}

int signal_post_locked(struct process *process, struct thread *thread, int signal, const struct signal_note *note,
                       struct signal_record **record)
{
    struct pending_signals *pending = thread != NULL ? &thread->pending : &process->pending;
    abi_sigset_t bit = signal_bit(signal);

    debug_lock_held(&process->signal_lock);
    if (process->thread_count == 0 || (thread != NULL && !list_linked(&thread->process_link)))
        return 0; /* POSIX kill: a zombie can be signalled, to no effect; so can a thread on its way out */
    if (bit & (SIGNALS_STOP | signal_bit(SIGCONT)))
        stop_and_continue(process, signal);
    if (is_discarded(process, thread, signal))
        return 0;
    if (!pending_add(process, pending, signal, note, record))
        return -EAGAIN;
    dmb(); /* seen as pending before we look who blocks it: see signal_set_blocked() */
    if (thread == NULL)
        thread = choose_thread(process, signal);
    else if (thread->blocked & bit)
        thread = NULL;
    if (thread != NULL)
        kick(thread, signal == SIGKILL ? WAIT_INTERRUPTIBLE | WAIT_KILLABLE : WAIT_INTERRUPTIBLE);
    return 0;
}

static const struct signal_note from_kernel = {.code = SI_KERNEL};

void signal_send_process(struct process *process, int signal)
{
    signal_post(process, NULL, signal, &from_kernel, NULL);
}

void signal_send_thread(struct thread *thread, int signal)
{
    signal_post(thread->process, thread, signal, &from_kernel, NULL);
}

void signal_send_group(const struct group *group, int signal)
{
    struct process *p;

    debug_lock_held(&processes_lock);
    list_for_each_entry (p, &group->members, group_link)
        signal_send_process(p, signal);
}

struct signal_note signal_child_note(const struct process *child, uint32_t status)
{
    struct signal_note note = {.pid = child->pid, .uid = child->credentials.uid, .value = status >> 8 & 0xff};

    if (status == W_CONTINUED) {
        note.code = CLD_CONTINUED;
        note.value = SIGCONT;
    } else if ((status & 0xff) == 0x7f) {
        note.code = CLD_STOPPED;
    } else if ((status & 0xff) != 0) {
        note.code = CLD_KILLED;
        note.value = status & 0x7f;
    } else {
        note.code = CLD_EXITED;
    }
    return note;
}

bool signal_child(const struct process *child, uint32_t status)
{
    struct process *parent = child->parent;
    const struct abi_sigaction *action = &parent->actions[SIGCHLD];
    struct signal_note note = signal_child_note(child, status);
    bool waits;

    spin_lock(&parent->signal_lock);
    waits = action->sa_handler != ABI_SIG_IGN && !(action->sa_flags & SA_NOCLDWAIT);
    if (child->state == PROCESS_ZOMBIE || !(action->sa_flags & SA_NOCLDSTOP))
        signal_post_locked(parent, NULL, SIGCHLD, &note, NULL);
    spin_unlock(&parent->signal_lock);
    return waits;
}

void signal_update_ignored(struct process *process, int signal)
{
    uint32_t handler = process->actions[signal].sa_handler;
    abi_sigset_t bit = signal_bit(signal);
    /* Init is not ended or stopped by a signal that it does not handle. */
    bool harmless = bit & SIGNALS_IGNORED_BY_DEFAULT || process == init_process;

    if (handler == ABI_SIG_IGN || (handler == ABI_SIG_DFL && harmless))
        process->ignored |= bit;
    else
        process->ignored &= ~bit;
}

void signal_fault(int signal, int code, uint32_t address)
{
    struct thread *self = current;
    struct process *process = self->process;
    struct signal_note note = {.code = code, .address = address};
    struct abi_sigaction *action = &process->actions[signal];

    spin_lock(&process->signal_lock);
    if (self->blocked & signal_bit(signal) || action->sa_handler == ABI_SIG_IGN) {
        action->sa_handler = ABI_SIG_DFL;
        self->blocked &= ~signal_bit(signal);
    }
    if (action->sa_handler == ABI_SIG_DFL)
        process->ignored &= ~signal_bit(signal); /* not even init survives its own fault */
    pending_add(process, &self->pending, signal, &note, NULL);
    thread_set_work(self, WORK_SIGNAL);
    spin_unlock(&process->signal_lock);
}

int signal_set_action(int signal, const struct abi_sigaction *action, struct abi_sigaction *old)
{
    struct process *process = current->process;

    if (!signal_valid(signal) || (action != NULL && signal_bit(signal) & SIGNALS_UNSTOPPABLE))
        return -EINVAL; /* POSIX sigaction: EINVAL */
    spin_lock(&process->signal_lock);
    if (old != NULL)
        *old = process->actions[signal];
    if (action != NULL) {
        process->actions[signal] = *action;
        process->actions[signal].sa_mask &= ~SIGNALS_UNSTOPPABLE;
        signal_update_ignored(process, signal);
        if (process->ignored & signal_bit(signal)) /* POSIX 2.4.3: a pending signal that becomes ignored is discarded */
            discard_everywhere(process, signal_bit(signal));
    }
    spin_unlock(&process->signal_lock);
    return 0;
}

long sys_sigaction(int signal, uaddr_t action, uaddr_t old)
{
    struct abi_sigaction new_action, old_action;
    int error;

    if (action != 0 && copy_from_user(&new_action, action, sizeof(new_action)) != 0)
        return -EFAULT;
    error = signal_set_action(signal, action != 0 ? &new_action : NULL, &old_action);
    return error == 0 && old != 0 ? copy_to_user(old, &old_action, sizeof(old_action)) : error;
}

void signal_retarget(struct process *process)
{
    struct thread *t;

    debug_lock_held(&process->signal_lock);
    if (process->pending.set == 0)
        return;
    list_for_each_entry (t, &process->threads, process_link) {
        if (process->pending.set & ~t->blocked)
            signal_kick(t, WAIT_INTERRUPTIBLE);
    }
}

void signal_init_process(struct process *process)
{
    spin_init(&process->signal_lock, "signals", RANK_SIGNALS);
    list_init(&process->pending.queue);
    list_init(&process->threads);
    wait_queue_init(&process->stop_queue);
    wait_queue_init(&process->thread_queue);
    process->ignored = SIGNALS_IGNORED_BY_DEFAULT;
}

/* POSIX exec: caught signals get their default action, ignored ones stay ignored; the alternate stack is gone. */
void signal_exec(struct process *process)
{
    spin_lock(&process->signal_lock);
    for (int signal = 1; signal < ABI_NSIG; signal++) {
        struct abi_sigaction *action = &process->actions[signal];

        *action = (struct abi_sigaction){.sa_handler = action->sa_handler == ABI_SIG_IGN ? ABI_SIG_IGN : ABI_SIG_DFL};
        signal_update_ignored(process, signal);
    }
    discard_everywhere(process, process->ignored & ~current->blocked);
    current->blocked &= ~SIGNALS_CANCEL;
    spin_unlock(&process->signal_lock);
    current->alternate_base = current->alternate_size = 0;
}

/* POSIX fork: the child has the parent's actions, mask and alternate stack, and no pending signals. */
void signal_fork(struct process *child, struct thread *thread, struct process *parent)
{
    const struct thread *self = current;

    spin_lock(&parent->signal_lock);
    memcpy(child->actions, parent->actions, sizeof(child->actions));
    child->ignored = parent->ignored;
    spin_unlock(&parent->signal_lock);
    if (parent == init_process)
        for (int signal = 1; signal < ABI_NSIG; signal++)
            signal_update_ignored(child, signal);
    thread->blocked = self->blocked;
    thread->alternate_base = self->alternate_base;
    thread->alternate_size = self->alternate_size;
}
