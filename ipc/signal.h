/*
 * signal.h - signals: sending, choosing, delivering.  POSIX.1-2017 2.4; numbers and frames are Linux's.
 *
 *      signal_pending.c    the set of pending signals and what is to be said about each
 *      signal.c            sending, actions
 *      signal_kill.c       who is meant by kill() and who may
 *      signal_deliver.c    on the way to user mode: stop, end, or run a handler
 *      signal_frame.c      the frame on the user's stack, and the way back from it
 *      signal_wait.c       masks, and taking a signal without a handler
 */
#pragma once

#include <stdbool.h>

#include <abi/signal.h>
#include <arch/pgtable.h>
#include <core/process.h>
#include <core/thread.h>

struct trap_frame;

static inline abi_sigset_t signal_bit(int signal)
{
    return 1ull << (signal - 1);
}

static inline bool signal_valid(int signal)
{
    return signal > 0 && signal < ABI_NSIG;
}

/* Signals that cannot be caught, blocked or ignored. */
#define SIGNALS_UNSTOPPABLE (signal_bit(SIGKILL) | signal_bit(SIGSTOP))
/* The C library's: one that has a thread look whether it is cancelled, and one (SIGEV_THREAD) that is blocked in every
 * thread, which only sigwait takes. */
#define SIGNALS_CANCEL signal_bit(32)
#define SIGNALS_AWAITED_ONLY signal_bit(33)
#define SIGNALS_OF_LIBRARY (SIGNALS_CANCEL | SIGNALS_AWAITED_ONLY)
/* Signals whose default action is to stop. */
#define SIGNALS_STOP (signal_bit(SIGSTOP) | signal_bit(SIGTSTP) | signal_bit(SIGTTIN) | signal_bit(SIGTTOU))

/* The kernel sends a standard signal to a process (any thread takes it), to a thread, to all members of a group
 * (processes_lock held).  Never sleeps; callable with locks of a rank below RANK_SIGNALS held, from interrupts too. */
void signal_send_process(struct process *process, int signal);
void signal_send_thread(struct thread *thread, int signal);
void signal_send_group(const struct group *group, int signal);
/* Send to a process or, `thread` not NULL, to that thread of it: 0.  A real-time signal wants a record, which passes to
 * the callee if it makes the pointer NULL; one that finds no room to queue gives -EAGAIN.  signal_lock held. */
int signal_post_locked(struct process *process, struct thread *thread, int signal, const struct signal_note *note,
                       struct signal_record **record);
static inline int signal_post(struct process *process, struct thread *thread, int signal,
                              const struct signal_note *note, struct signal_record **record)
{
    int result;

    spin_lock(&process->signal_lock);
    result = signal_post_locked(process, thread, signal, note, record);
    spin_unlock(&process->signal_lock);
    return result;
}
/* What SIGCHLD and waitid() say of a child with that wait status. */
struct signal_note signal_child_note(const struct process *child, uint32_t status);
/* A child ended, stopped or went on, as its wait status says: SIGCHLD for its parent.  False: the parent does not want
 * to wait for ended children (SIGCHLD ignored, SA_NOCLDWAIT).  Never sleeps; processes_lock held. */
bool signal_child(const struct process *child, uint32_t status);
/* A fault of the running thread: delivered even if blocked or ignored (then the default action is taken). */
void signal_fault(int signal, int code, uint32_t address);

/* A signal is waiting that the thread would act on (not blocked, not ignored), or it has to end or stop.  Without a
 * lock: a later sender sets WORK_SIGNAL. */
static inline bool signal_pending(const struct thread *thread)
{
    const struct process *process = thread->process;

    return ((thread->pending.set | process->pending.set) & ~thread->blocked) != 0 || process->disturbed;
}

/* It has to end: SIGKILL, or the end of its process. */
bool signal_kill_pending(const struct thread *thread);
/* Make `thread` look: set WORK_SIGNAL, end its wait, or interrupt the CPU that runs it.  signal_lock held.  `waits`:
 * of which kinds, WAIT_INTERRUPTIBLE and for a kill WAIT_KILLABLE. */
void signal_kick(struct thread *thread, unsigned waits);

/* On the way back to user mode with WORK_SIGNAL set: stop, end, or push a handler's frame; WORK_SIGNAL is set again
 * while there is more.  `call`: this is the return of a system call, so that r0 == -ERESTART says that it was
 * interrupted; frame->pad is then its first argument.  Interrupts on. */
void signal_deliver(struct trap_frame *frame, bool call);

/* What a siginfo says. */
struct signal_info {
    int32_t signal, error;
    struct signal_note note;
    uint32_t times[2]; /* si_utime and si_stime: 0 */
};

/* What a handler's frame says besides the interrupted registers, which come after oldmask. */
struct signal_parts {
    struct signal_info info;
    struct {
        uint32_t flags, link;
        struct abi_stack stack;
        uint32_t trap_no, error_code, oldmask;
    } context;
    abi_sigset_t mask; /* to be blocked again when the handler returns */
    uint32_t fault_address;
};

/* A signal taken, for which a handler is to run: of its action what is still wanted. */
struct signal_delivery {
    struct signal_parts parts;
    uint32_t handler, flags, restorer;
};
/* Push the frame of a handler; of the parts, info and mask are filled in.  False: the user's stack cannot take it. */
bool signal_frame_push(struct trap_frame *frame, struct signal_delivery *delivery);

/* sigaction: 0 or -EINVAL.  Either may be NULL. */
int signal_set_action(int signal, const struct abi_sigaction *action, struct abi_sigaction *old);
/* Bring process->ignored up to date: actions[signal] has changed.  signal_lock held. */
void signal_update_ignored(struct process *process, int signal);
/* signal_set_blocked() where the process has other threads. */
void signal_set_blocked_among(struct thread *self, abi_sigset_t blocked);
/* Change the running thread's mask.  True: a signal waits that it does not block any more.  Only the thread itself
 * writes its mask, so it reads it without signal_lock; and writes it so while it is alone. */
static inline bool signal_set_blocked(abi_sigset_t blocked)
{
    struct thread *self = current;
    struct process *process = self->process;

    blocked = (blocked & ~SIGNALS_UNSTOPPABLE) | SIGNALS_AWAITED_ONLY;
    if (process->thread_count > 1)
        signal_set_blocked_among(self, blocked);
    else
        self->blocked = blocked;
    dmb(); /* we write blocked and read pending, a sender writes pending and reads blocked: one sees the other's */
    if (((self->pending.set | process->pending.set) & ~blocked) == 0)
        return false;
    thread_set_work(self, WORK_SIGNAL);
    return true;
}
/* Another mask until the call ends (sigsuspend, pselect).  One that answers -ERESTART leaves it to signal_deliver() to
 * put the old one back, when a handler has been chosen with the new one; others return it.  Borrowing answers as
 * signal_set_blocked(). */
static inline bool signal_borrow_mask(abi_sigset_t blocked)
{
    struct thread *self = current;

    self->saved_blocked = self->blocked;
    self->restore_blocked = true;
    return signal_set_blocked(blocked);
}
void signal_return_mask(void);

/* POSIX kill(): may the running process signal `target`?  processes_lock held.  By its user, or with SIGCONT: */
bool signal_permitted_by_ids(const struct process *target, int signal);
/* In all: */
static inline bool signal_permitted(const struct process *target, int signal)
{
    const struct process *self = current->process;

    return self->credentials.euid == 0 || target == self || signal_permitted_by_ids(target, signal);
}

/* A new process that has no signals. */
void signal_init_process(struct process *process);
/* exec: caught signals go to their default.  Only one thread is left. */
void signal_exec(struct process *process);
/* fork: actions, mask and alternate stack are inherited, nothing is pending. */
void signal_fork(struct process *child, struct thread *thread, struct process *parent);
/* Drop what is pending of the signals in `set`.  signal_lock held. */
void signal_discard(struct process *process, struct pending_signals *pending, abi_sigset_t set);
/* A thread has left its process, or blocks more: whatever it was chosen for, others may take.  signal_lock held. */
void signal_retarget(struct process *process);
