/*
 * sys_time.c - decoders: clocks and sleeping.
 */
#include <abi/time.h>
#include <ipc/signal.h>
#include <proc/proc.h>
#include <core/syscalls.h>

/* A sleep on the process's CPU time, which the other threads spend. */
struct cpu_sleep {
    struct cpu_timer timer;
    struct thread *thread;
};

static void cpu_sleep_over(struct cpu_timer *timer)
{
    wait_cancel(container_of(timer, struct cpu_sleep, timer)->thread, -ETIMEDOUT, 0);
}

/* Sleep until the process has used `until` ticks.  -ETIMEDOUT or -ERESTART. */
static long cpu_sleep(uint64_t until)
{
    struct cpu_sleep sleep = {.timer.function = cpu_sleep_over, .thread = current};
    struct process *process = current->process;
    long result;

    wait_begin();
    spin_lock(&process->signal_lock);
    if (cpu_timer_now(process, &sleep.timer) < until)
        cpu_timer_set(process, &sleep.timer, until);
    else
        cpu_sleep_over(&sleep.timer);
    spin_unlock(&process->signal_lock);
    result = wait_commit("nanosleep", DEADLINE_NEVER, WAIT_INTERRUPTIBLE);
    spin_lock(&process->signal_lock);
    cpu_timer_cancel(&sleep.timer);
    spin_unlock(&process->signal_lock);
    return result;
}

/* Can one sleep on that clock?  *on_cpu: it is the process's CPU time. */
static int check_sleep_clock(int clock, bool *on_cpu)
{
    struct process *process;
    struct thread *thread;
    int error = 0;

    *on_cpu = clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC;
    if (!*on_cpu)
        return 0;
    spin_lock(&processes_lock);
    if (!cpu_clock_owner(clock, &process, &thread) || thread == current)
        error = -EINVAL; /* POSIX clock_nanosleep: EINVAL, no clock, or the calling thread's CPU time */
    else if (thread != NULL || process != current->process)
        error = -ENOTSUP; /* POSIX clock_nanosleep: ENOTSUP */
    spin_unlock(&processes_lock);
    return error;
}

/* The moment that it is now, on the clock of a relative sleep. */
static uint64_t sleep_now(bool on_cpu)
{
    uint64_t ticks = counter_read();

    if (on_cpu)
        cpu_clock_read(CLOCK_PROCESS_CPUTIME_ID, &ticks);
    return ticks;
}

/* When a sleep ends: a deadline or, for CPU time, ticks of that. */
static uint64_t sleep_end(int clock, bool on_cpu, bool absolute, uint64_t ns)
{
    if (!absolute)
        return deadline_after(sleep_now(on_cpu), ns);
    if (on_cpu)
        return ticks_from_ns(ns);
    return clock == CLOCK_REALTIME ? deadline_from_realtime(ns) : deadline_from_monotonic(ns);
}

static long store_remainder(uaddr_t remainder, uint64_t until, uint64_t now)
{
    struct abi_timespec left = ns_to_timespec(until > now ? ns_from_ticks(until - now) : 0);

    return copy_to_user(remainder, &left, sizeof(left));
}

long sys_nanosleep(int clock, int flags, uaddr_t request, uaddr_t remainder)
{
    bool on_cpu, absolute = flags & TIMER_ABSTIME;
    struct abi_timespec wanted;
    uint64_t ns, until;
    long result = check_sleep_clock(clock, &on_cpu);

    if (result < 0)
        return result;
    if (copy_from_user(&wanted, request, sizeof(wanted)) != 0)
        return -EFAULT;
    if (!timespec_valid(&wanted, &ns))
        return -EINVAL; /* POSIX nanosleep: EINVAL */
    until = sleep_end(clock, on_cpu, absolute, ns);
    do
        result = on_cpu ? cpu_sleep(until) : wait_until("nanosleep", until, WAIT_INTERRUPTIBLE);
    while (result == -ERESTART && !signal_settle());
    if (result != -ERESTART)
        return 0;
    /* A handler runs, so this is not begun again: EINTR.  An absolute sleep has no remainder. */
    if (remainder != 0 && !absolute && store_remainder(remainder, until, sleep_now(on_cpu)) < 0)
        return -EFAULT;
    return -ERESTART;
}

long sys_clock_gettime(int clock, uaddr_t time)
{
    struct abi_timespec answer;
    uint64_t ticks;

    if (clock == CLOCK_REALTIME)
        answer = ns_to_timespec((uint64_t)clock_realtime());
    else if (clock == CLOCK_MONOTONIC)
        answer = ns_to_timespec(clock_monotonic());
    else if (cpu_clock_read(clock, &ticks))
        answer = ns_to_timespec(ns_from_ticks(ticks));
    else
        return -EINVAL; /* POSIX clock_gettime: EINVAL */
    return copy_to_user(time, &answer, sizeof(answer));
}

long sys_clock_settime(int clock, uaddr_t time)
{
    struct abi_timespec wanted;
    uint64_t ns;

    if (clock != CLOCK_REALTIME)
        return -EINVAL; /* POSIX clock_settime: EINVAL, a clock that cannot be set */
    if (copy_from_user(&wanted, time, sizeof(wanted)) != 0)
        return -EFAULT;
    if (!timespec_valid(&wanted, &ns) || ns > INT64_MAX)
        return -EINVAL; /* POSIX clock_settime: EINVAL */
    if (current->process->credentials.euid != 0)
        return -EPERM; /* POSIX clock_settime: EPERM */
    clock_set_realtime((int64_t)ns);
    return 0;
}
