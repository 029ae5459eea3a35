/*
 * sys_time.c - decoders: clocks and sleeping.
 */
#include <abi/errno.h>
#include <abi/time.h>
#include <arch/cpu.h>
#include <core/timer.h>
#include <ipc/signal.h>
#include <mm/deadline.h>
#include <mm/user.h>
#include <proc/proc.h>
#include <sys/syscalls.h>

static struct abi_timespec to_timespec(uint64_t ns)
{
    return (struct abi_timespec){.tv_sec = (abi_time_t)(ns / 1000000000), .tv_nsec = (int32_t)(ns % 1000000000)};
}

/* Is that a clock one can sleep on? */
static int check_sleep_clock(int clock)
{
    if (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC)
        return 0;
    return clock == CLOCK_PROCESS_CPUTIME_ID ? -ENOTSUP : -EINVAL; /* POSIX clock_nanosleep: ENOTSUP, EINVAL */
}

static enum deadline_kind sleep_kind(int clock, int flags)
{
    if (!(flags & TIMER_ABSTIME))
        return DEADLINE_RELATIVE;
    return clock == CLOCK_REALTIME ? DEADLINE_OF_DAY : DEADLINE_MONOTONIC;
}

static long store_remainder(uaddr_t remainder, uint64_t deadline)
{
    uint64_t now = counter_read();
    struct abi_timespec left = to_timespec(deadline > now ? ns_from_ticks(deadline - now) : 0);

    return copy_to_user(remainder, &left, sizeof(left));
}

long sys_nanosleep(int clock, int flags, uaddr_t request, uaddr_t remainder)
{
    uint64_t deadline;
    long result = check_sleep_clock(clock);

    if (result == 0 && request == 0)
        result = -EFAULT;
    if (result == 0)
        result = deadline_read(request, sleep_kind(clock, flags), &deadline); /* POSIX nanosleep: EINVAL */
    if (result < 0)
        return result;
    do
        result = wait_until("nanosleep", deadline, WAIT_INTERRUPTIBLE);
    while (result == -ERESTART && !signal_settle());
    if (result != -ERESTART)
        return 0;
    /* A handler runs, so this is not begun again: EINTR.  An absolute sleep has no remainder. */
    if (remainder != 0 && !(flags & TIMER_ABSTIME) && store_remainder(remainder, deadline) < 0)
        return -EFAULT;
    return -ERESTART;
}

long sys_clock_gettime(int clock, uaddr_t time)
{
    struct abi_timespec answer;

    if (clock == CLOCK_REALTIME)
        answer = to_timespec((uint64_t)clock_realtime());
    else if (clock == CLOCK_MONOTONIC)
        answer = to_timespec(clock_monotonic());
    else if (clock == CLOCK_PROCESS_CPUTIME_ID)
        answer = to_timespec(ns_from_ticks(process_cpu_time(process_current())));
    else if (clock == CLOCK_THREAD_CPUTIME_ID)
        answer = to_timespec(ns_from_ticks(sched_cpu_time(current)));
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
    if (process_current()->credentials.euid != 0)
        return -EPERM; /* POSIX clock_settime: EPERM */
    clock_set_realtime((int64_t)ns);
    return 0;
}
