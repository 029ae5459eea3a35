/*
 * signal_wait.c - a thread's mask, and taking a signal without a handler: sigwait, sigwaitinfo, sigtimedwait.
 *
 * The signals waited for are blocked, so that they stay pending until they are taken here.  While the thread sleeps
 * they are not blocked: whoever sends one finds the thread as it finds any that would take the signal, and ends its
 * wait.  `awaited` says meanwhile what was blocked, so that an ignored signal that is waited for is not dropped.
 */
#include <core/syscalls.h>
#include <ipc/signal_pending.h>
#include <mm/user.h>

void signal_set_blocked_among(struct thread *self, abi_sigset_t blocked)
{
    struct process *process = self->process;

    spin_lock(&process->signal_lock);
    self->blocked = blocked;
    signal_retarget(process); /* others may have to take what was meant for this thread */
    spin_unlock(&process->signal_lock);
}

void signal_return_mask(void)
{
    if (!current->restore_blocked)
        return;
    current->restore_blocked = false;
    signal_set_blocked(current->saved_blocked);
}

long sys_sigprocmask(int how, uaddr_t set, uaddr_t old)
{
    abi_sigset_t blocked = current->blocked, change;

    if (set != 0) {
        if (copy_from_user(&change, set, sizeof(change)) != 0)
            return -EFAULT;
        if (how == SIG_BLOCK)
            change |= blocked;
        else if (how == SIG_UNBLOCK)
            change = blocked & ~change;
        else if (how != SIG_SETMASK)
            return -EINVAL; /* POSIX sigprocmask: EINVAL */
        signal_set_blocked(change);
    }
    blocked &= ~SIGNALS_OF_LIBRARY;
    return old != 0 ? copy_to_user(old, &blocked, sizeof(blocked)) : 0;
}

long sys_sigpending(uaddr_t set)
{
    struct thread *self = current;
    abi_sigset_t pending;

    spin_lock(&self->process->signal_lock);
    pending = (self->pending.set | self->process->pending.set) & self->blocked & ~SIGNALS_OF_LIBRARY;
    spin_unlock(&self->process->signal_lock);
    return copy_to_user(set, &pending, sizeof(pending));
}

long sys_sigsuspend(uaddr_t set)
{
    abi_sigset_t mask;

    if (copy_from_user(&mask, set, sizeof(mask)) != 0)
        return -EFAULT;
    if (signal_borrow_mask(mask))
        return -ERESTART;
    return wait_until("sigsuspend", DEADLINE_NEVER, WAIT_INTERRUPTIBLE);
}

/* One of `set`, the thread's own before its process's; 0: none waits.  signal_lock held. */
static int take(struct thread *self, abi_sigset_t set, struct signal_note *note)
{
    struct pending_signals *where = &self->pending;
    int signal = pending_first(where, set);

    if (signal == 0) {
        where = &self->process->pending;
        signal = pending_first(where, set);
    }
    if (signal != 0)
        pending_take(self->process, where, signal, note);
    return signal;
}

/* Sleep until one of `set` comes, another signal, or the deadline.  signal_lock held, and held again. */
static long sleep(struct thread *self, abi_sigset_t set, uint64_t deadline)
{
    struct spinlock *lock = &self->process->signal_lock;
    abi_sigset_t blocked = self->blocked;
    long answer;

    self->awaited = blocked & set;
    self->blocked = blocked & ~set;
    spin_unlock(lock);
    answer = wait_until("sigwait", deadline, WAIT_INTERRUPTIBLE);
    spin_lock(lock);
    self->blocked = blocked;
    self->awaited = 0;
    return answer;
}

/* As take_or_wait(); 0: something happened, look again.  signal_lock held. */
static int take_or_sleep(struct thread *self, abi_sigset_t set, uint64_t deadline, struct signal_note *note)
{
    int signal = take(self, set, note);
    long answer;

    if (signal != 0)
        return signal;
    if (deadline != DEADLINE_NEVER && counter_read() >= deadline)
        return -EAGAIN; /* POSIX sigtimedwait: EAGAIN */
    answer = sleep(self, set, deadline);
    signal = take(self, set, note);
    if (signal == 0 && answer == -ERESTART)
        return -ERESTART;
    return signal;
}

/* Take one of `set`, or wait for it.  Its number, -EAGAIN (the deadline) or -ERESTART. */
static int take_or_wait(abi_sigset_t set, uint64_t deadline, struct signal_note *note)
{
    struct thread *self = current;
    struct process *process = self->process;
    int result;

    set &= ~SIGNALS_UNSTOPPABLE;
    do {
        spin_lock(&process->signal_lock);
        result = take_or_sleep(self, set, deadline, note);
        if (process->thread_count > 1)
            signal_retarget(process); /* others for which this thread was chosen */
        spin_unlock(&process->signal_lock);
    } while (result == 0 || (result == -ERESTART && !signal_settle()));
    return result;
}

long sys_sigtimedwait(uaddr_t set, uaddr_t info, uaddr_t timeout)
{
    struct signal_info answer = {0};
    abi_sigset_t awaited;
    uint64_t deadline;
    long result = deadline_read(timeout, DEADLINE_RELATIVE, &deadline); /* POSIX sigtimedwait: EINVAL */

    if (result < 0)
        return result;
    if (copy_from_user(&awaited, set, sizeof(awaited)) != 0)
        return -EFAULT;
    answer.signal = take_or_wait(awaited, deadline, &answer.note);
    if (answer.signal >= 0 && info != 0 && copy_to_user(info, &answer, sizeof(answer)) != 0)
        return -EFAULT;
    return answer.signal;
}
