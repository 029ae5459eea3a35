/*
 * sys_signal.c - decoders: signals and the interval timer.
 */
#include <abi/errno.h>
#include <abi/time.h>
#include <core/timer.h>
#include <ipc/itimer.h>
#include <ipc/signal.h>
#include <mm/user.h>
#include <proc/proc.h>
#include <sys/syscalls.h>

long sys_kill(int pid, int signal)
{
    return signal_kill(pid, signal);
}

long sys_tgkill(int pid, int tid, int signal)
{
    return signal_kill_thread(pid, tid, signal);
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
    struct thread *self = current;
    abi_sigset_t mask;

    if (copy_from_user(&mask, set, sizeof(mask)) != 0)
        return -EFAULT;
    self->saved_blocked = self->blocked;
    self->restore_blocked = true; /* by signal_deliver(), when a handler has been chosen with the new mask */
    signal_set_blocked(mask);
    return wait_until("sigsuspend", DEADLINE_NEVER, WAIT_INTERRUPTIBLE);
}

/* Not the return of a call: r0 is the context's, whatever it says. */
long sys_sigreturn(void)
{
    struct trap_frame *frame = thread_trap_frame(current);

    signal_frame_pop(frame);
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

static bool timeval_to_ticks(const struct abi_timeval *time, uint64_t *ticks)
{
    struct abi_timespec ts = {.tv_sec = time->tv_sec, .tv_nsec = time->tv_usec * 1000};
    uint64_t ns;

    if (time->tv_usec < 0 || time->tv_usec >= 1000000 || !timespec_valid(&ts, &ns))
        return false;
    *ticks = ns == 0 ? 0 : ticks_from_ns(ns);
    if (*ticks > ~0ull >> 2)
        *ticks = ~0ull >> 2; /* centuries */
    return true;
}

/* A timer that runs never shows 0. */
static struct abi_timeval ticks_to_timeval(uint64_t ticks)
{
    uint64_t us = ns_from_ticks(ticks) / 1000;

    if (us == 0 && ticks != 0)
        us = 1;
    return (struct abi_timeval){.tv_sec = (abi_time_t)(us / 1000000), .tv_usec = (int32_t)(us % 1000000)};
}

static long store_itimer(uaddr_t to, uint64_t value, uint64_t interval)
{
    struct abi_itimerval answer = {.it_interval = ticks_to_timeval(interval), .it_value = ticks_to_timeval(value)};

    return to != 0 ? copy_to_user(to, &answer, sizeof(answer)) : 0;
}

long sys_setitimer(int which, uaddr_t value, uaddr_t old)
{
    uint64_t ticks, interval, old_ticks, old_interval;
    struct abi_itimerval setting;

    if (which != ITIMER_REAL)
        return -EINVAL; /* ITIMER_VIRTUAL, ITIMER_PROF: see ipc/itimer.c */
    if (copy_from_user(&setting, value, sizeof(setting)) != 0)
        return -EFAULT;
    if (!timeval_to_ticks(&setting.it_value, &ticks) || !timeval_to_ticks(&setting.it_interval, &interval))
        return -EINVAL; /* POSIX setitimer: EINVAL */
    itimer_set(process_current(), ticks, interval, &old_ticks, &old_interval);
    return store_itimer(old, old_ticks, old_interval);
}

long sys_getitimer(int which, uaddr_t value)
{
    uint64_t ticks, interval;

    if (which != ITIMER_REAL)
        return -EINVAL;
    itimer_get(process_current(), &ticks, &interval);
    return store_itimer(value, ticks, interval);
}
