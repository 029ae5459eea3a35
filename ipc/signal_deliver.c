/*
 * signal_deliver.c - what a thread does about its signals on the way to user mode: stop, end, or run a handler.
 *
 * signal_take() settles signals one after another - its own before its process's, POSIX's order within each - until it
 * meets one that has a handler or until none is left.  It holds signal_lock but for the moments in which others are
 * told. One handler's frame is pushed at a time; while more is to be done WORK_SIGNAL stays set and the trap code
 * comes again.
 *
 * Stopping: the first thread that takes a stop signal marks the process as stopped and makes all its threads look.
 * Each then stands on stop_queue; the last one to arrive tells the parent.  SIGCONT lets them go, and the first one to
 * leave tells the parent again.  SIGKILL ends a standing thread's wait.
 *
 * An interrupted system call answered -ERESTART.  If no handler runs it is begun again, as though nothing had
 * happened.  If one runs, the call's kind (abi/syscall_list.h) and SA_RESTART decide between that and EINTR.
 */
#include <abi/errno.h>
#include <abi/syscall.h>
#include <abi/wait.h>
#include <fs/trace.h>
#include <ipc/signal_pending.h>

/* Tell the parent that its child stopped or went on, unless that is over already.  signal_lock held, and held again. */
static void tell_parent(struct process *process, bool stop)
{
    struct process *parent;
    uint32_t status;
    bool over;

    spin_unlock(&process->signal_lock); /* processes_lock comes first */
    spin_lock(&processes_lock);
    spin_lock(&process->signal_lock);
    status = stop ? W_STOPCODE((uint32_t)process->stop_signal) : W_CONTINUED;
    over = process->stopped != stop;
    spin_unlock(&process->signal_lock);
    parent = process->parent;
    if (!over && parent != NULL) {
        process->wait_event = status;
        child_has_news(process);
        signal_child(process, status);
        wake_all(&parent->child_queue, 0);
    }
    spin_unlock(&processes_lock);
    spin_lock(&process->signal_lock);
}

/* Stand still until continued or killed.  signal_lock held, and held again. */
static void stand_still(struct process *process)
{
    process->standing++;
    while (process->stopped && !signal_kill_pending(current)) {
        if (process->standing == process->thread_count && !process->stop_told) {
            process->stop_told = true;
            tell_parent(process, true);
        } else {
            wait_sleep(&process->stop_queue, &process->signal_lock, "stopped", DEADLINE_NEVER, WAIT_KILLABLE);
        }
    }
    process->standing--;
}

/* The next signal of the running thread, and where it waits; 0: none. */
static inline int next_signal(struct pending_signals **where)
{
    struct thread *self = current;

    *where = self->pending.set & ~self->blocked ? &self->pending : &self->process->pending;
    return pending_first(*where, ~self->blocked);
}

/* Begin to stop.  signal_lock is given up for processes_lock, which comes first, and held again: so what was seen
 * before must be seen again. */
static void take_stop(struct process *process, int signal)
{
    struct pending_signals *where;
    struct signal_note note;
    struct thread *t;
    bool orphaned;

    spin_unlock(&process->signal_lock);
    spin_lock(&processes_lock);
    orphaned = group_is_orphaned(process->group, NULL);
    spin_lock(&process->signal_lock);
    if (next_signal(&where) == signal && process->actions[signal].sa_handler == ABI_SIG_DFL) {
        pending_take(process, where, signal, &note);
        trace_signal(signal, &note);
        /* POSIX 2.4.3: in an orphaned group SIGTSTP, SIGTTIN and SIGTTOU do not stop */
        if (signal == SIGSTOP || !orphaned) {
            process->stopped = true;
            process->stop_told = false;
            process->stop_signal = signal;
            list_for_each_entry (t, &process->threads, process_link)
                signal_kick(t, WAIT_INTERRUPTIBLE);
        }
    }
    spin_unlock(&process->signal_lock);
    spin_unlock(&processes_lock);
    spin_lock(&process->signal_lock);
}

/* Stop, or tell that it goes on.  signal_lock held and given up while something is done.  True: look again. */
static bool settle_process(struct process *process)
{
    if (process->stopped && !signal_kill_pending(current)) {
        stand_still(process);
        return true;
    }
    if (process->continue_to_tell) {
        process->continue_to_tell = false;
        tell_parent(process, false);
        return true;
    }
    return false;
}

/*
 * Settle what needs no handler.  Answers a signal to be handled or to die of, still pending at *where; 0: none; -1: the
 * thread's process ends.  signal_lock held.
 */
static int signal_settle_locked(struct process *process, struct pending_signals **where)
{
    for (;;) {
        struct signal_note unused;
        int signal;

        thread_clear_work(current, WORK_SIGNAL);
        if (process->exiting)
            return -1;
        if (settle_process(process))
            continue;
        signal = next_signal(where);
        if (signal == 0)
            return 0;
        if (process->ignored & signal_bit(signal))
            pending_take(process, *where, signal, &unused);
        else if (signal_bit(signal) & SIGNALS_STOP && process->actions[signal].sa_handler == ABI_SIG_DFL)
            take_stop(process, signal);
        else
            return signal;
    }
}

bool signal_settle(void)
{
    struct process *process = current->process;
    struct pending_signals *where;
    int signal;

    spin_lock(&process->signal_lock);
    signal = signal_settle_locked(process, &where);
    spin_unlock(&process->signal_lock);
    if (signal != 0)
        thread_set_work(current, WORK_SIGNAL);
    return signal != 0;
}

/* POSIX sigaction: SA_RESETHAND.  signal_lock held. */
static void reset_action(struct process *process, int signal)
{
    if (signal == SIGILL || signal == SIGTRAP)
        return;
    process->actions[signal].sa_handler = ABI_SIG_DFL;
    signal_update_ignored(process, signal);
}

/* The mask while the handler runs, and the one for its return.  signal_lock held. */
static inline void block_for_handler(struct thread *self, const struct abi_sigaction *action, int signal,
                                     abi_sigset_t *returns_to)
{
    abi_sigset_t blocked = self->blocked;

    *returns_to = blocked;
    if (self->restore_blocked) {
        *returns_to = self->saved_blocked;
        self->restore_blocked = false;
    }
    blocked |= action->sa_mask;
    if (!(action->sa_flags & SA_NODEFER))
        blocked |= signal_bit(signal);
    self->blocked = blocked;
}

/* The chosen signal is taken: its action, and the mask while the handler runs.  signal_lock held. */
static inline void prepare(struct process *process, struct pending_signals *where, int signal,
                           struct signal_delivery *delivery)
{
    struct thread *self = current;
    const struct abi_sigaction *action = &process->actions[signal];

    delivery->handler = action->sa_handler;
    delivery->flags = action->sa_flags;
    delivery->restorer = action->sa_restorer;
    if (delivery->handler != ABI_SIG_DFL)
        block_for_handler(self, action, signal, &delivery->parts.mask);
    pending_take(process, where, signal, &delivery->parts.info.note);
    if (process->trace != NULL)
        trace_signal(signal, &delivery->parts.info.note);
    if (delivery->flags & SA_RESETHAND)
        reset_action(process, signal);
    if (process->thread_count > 1)
        signal_retarget(process);
    if ((self->pending.set | process->pending.set) & ~self->blocked)
        thread_set_work(self, WORK_SIGNAL);
}

/* Take a signal that has a handler.  False: there is none.  Does not return if the process ends. */
static bool signal_take(struct signal_delivery *delivery)
{
    struct process *process = current->process;
    struct pending_signals *where;
    int signal;

    spin_lock(&process->signal_lock);
    thread_clear_work(current, WORK_SIGNAL);
    signal = next_signal(&where);
    if (signal == 0 || process->actions[signal].sa_handler <= ABI_SIG_IGN || process->disturbed)
        signal = signal_settle_locked(process, &where);
    if (signal > 0)
        prepare(process, where, signal, delivery);
    spin_unlock(&process->signal_lock);
    if (signal < 0)
        thread_exit();
    if (signal > 0 && delivery->handler == ABI_SIG_DFL)
        process_exit((uint32_t)signal);
    delivery->parts.info.signal = signal;
    return signal != 0;
}

/* Begin the interrupted call again: its first argument and its SVC instruction. */
static void restart_call(struct trap_frame *frame)
{
    frame->r[0] = frame->pad;
    frame->pc -= frame->psr & PSR_THUMB ? 2 : 4;
}

/* How an interrupted call ends when a handler has run, by its number. */
enum restart_kind { RESTART_NEVER, RESTART_RESTART, RESTART_EINTR_ALWAYS };
#define SYSCALL(number, name, arguments, restart, parameters) [number] = RESTART_##restart,
static const uint8_t restart_kinds[SYSCALL_MAX + 1] = {
#include <abi/syscall_list.h>
};
#undef SYSCALL

/* A handler is to run: what does the interrupted call answer?  One that knows no EINTR (POSIX fork) has done nothing
 * but let the signal come first: it is begun again whatever SA_RESTART says. */
static void end_call(struct trap_frame *frame, uint32_t flags)
{
    unsigned kind = restart_kinds[frame->r[7]];

    if (kind == RESTART_NEVER || (kind == RESTART_RESTART && flags & SA_RESTART))
        restart_call(frame);
    else
        frame->r[0] = (uint32_t)-EINTR;
}

/* There is no room for the frame: SIGSEGV, and if that was the signal the process ends. */
static void frame_failed(const struct trap_frame *frame, const struct signal_delivery *delivery)
{
    static const struct abi_sigaction by_default;

    if (delivery->parts.info.signal == SIGSEGV)
        signal_set_action(SIGSEGV, &by_default, NULL);
    signal_set_blocked(delivery->parts.mask);
    signal_fault(SIGSEGV, SI_KERNEL, frame->sp);
}

static inline bool was_interrupted(const struct trap_frame *frame, bool call)
{
    return call && frame->r[0] == (uint32_t)-ERESTART;
}

void signal_deliver(struct trap_frame *frame, bool call)
{
    struct signal_delivery delivery;

    if (signal_take(&delivery)) {
        if (was_interrupted(frame, call))
            end_call(frame, delivery.flags);
        if (!signal_frame_push(frame, &delivery))
            frame_failed(frame, &delivery);
        return;
    }
    if (was_interrupted(frame, call))
        restart_call(frame);
    signal_return_mask(); /* sigsuspend() was interrupted, but no handler ran */
}
