/*
 * signal_wait.c - taking a signal without a handler: sigwait, sigwaitinfo, sigtimedwait.
 *
 * The signals waited for are blocked, so that they stay pending until they are taken here.  While the thread sleeps
 * they are not blocked: whoever sends one finds the thread as it finds any that would take the signal, and ends its
 * wait.  `awaited` says meanwhile what was blocked, so that an ignored signal that is waited for is not dropped.
 */
#include <abi/errno.h>
#include <arch/cpu.h>
#include <ipc/signal.h>
#include <ipc/signal_pending.h>

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

/* As signal_wait(); 0: something happened, look again.  signal_lock held. */
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

int signal_wait(abi_sigset_t set, uint64_t deadline, struct signal_note *note)
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
