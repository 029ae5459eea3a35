/*
 * sys_signal.c - decoders: signals.
 */
#include <abi/errno.h>
#include <arch/cpu.h>
#include <core/timer.h>
#include <ipc/signal.h>
#include <mm/deadline.h>
#include <mm/user.h>
#include <proc/proc.h>
#include <core/syscalls.h>

long sys_kill(int pid, int signal)
{
    return signal_kill(pid, signal);
}

long sys_tgkill(int pid, int tid, int signal)
{
    return signal_kill_thread(pid, tid, signal);
}

long sys_sigqueue(int pid, int signal, uint32_t value)
{
    return signal_queue(pid, signal, value);
}

long sys_sigaction(int signal, uaddr_t action, uaddr_t old)
{
    struct abi_sigaction new_action, old_action;
    int error;

    if (action != 0 && copy_from_user(&new_action, action, sizeof(new_action)) != 0)
        return -EFAULT;
    error = signal_set_action(signal, action != 0 ? &new_action : NULL, &old_action);
    if (error == 0 && old != 0)
        error = copy_to_user(old, &old_action, sizeof(old_action));
    return error;
}

long sys_sigprocmask(int how, uaddr_t set, uaddr_t old)
{
    abi_sigset_t blocked = current->blocked, change;

    if (set != 0) {
        if (copy_from_user(&change, set, sizeof(change)) != 0)
            return -EFAULT;
        if (how == SIG_BLOCK)
            signal_set_blocked(blocked | change);
        else if (how == SIG_UNBLOCK)
            signal_set_blocked(blocked & ~change);
        else if (how == SIG_SETMASK)
            signal_set_blocked(change);
        else
            return -EINVAL; /* POSIX sigprocmask: EINVAL */
    }
    return old != 0 ? copy_to_user(old, &blocked, sizeof(blocked)) : 0;
}

long sys_sigpending(uaddr_t set)
{
    abi_sigset_t pending = signal_get_pending();

    return copy_to_user(set, &pending, sizeof(pending));
}

long sys_sigsuspend(uaddr_t set)
{
    abi_sigset_t mask;

    if (copy_from_user(&mask, set, sizeof(mask)) != 0)
        return -EFAULT;
    signal_borrow_mask(mask);
    return wait_until("sigsuspend", DEADLINE_NEVER, WAIT_INTERRUPTIBLE);
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
    result = signal_wait(awaited, deadline, &answer.note);
    if (result < 0 || info == 0)
        return result;
    answer.signal = (int)result;
    return copy_to_user(info, &answer, sizeof(answer)) == 0 ? result : -EFAULT;
}

/* Not the return of a call: r0 is the context's, whatever it says. */
long sys_sigreturn(void)
{
    struct trap_frame *frame = thread_trap_frame(current);

    signal_frame_pop(frame);
    trap_frame_return(frame);
}

long sys_setcontext(uaddr_t context)
{
    struct trap_frame *frame = thread_trap_frame(current);

    signal_context_load(frame, context);
    trap_frame_return(frame);
}

long sys_sigaltstack(uaddr_t stack, uaddr_t old)
{
    struct abi_stack new_stack, old_stack;
    int error;

    if (stack != 0 && copy_from_user(&new_stack, stack, sizeof(new_stack)) != 0)
        return -EFAULT;
    error = signal_alternate_stack(stack != 0 ? &new_stack : NULL, &old_stack, thread_trap_frame(current)->sp);
    if (error == 0 && old != 0)
        error = copy_to_user(old, &old_stack, sizeof(old_stack));
    return error;
}
