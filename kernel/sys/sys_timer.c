/*
 * sys_timer.c - decoders: interval timers, and timers by number.
 */
#include <abi/errno.h>
#include <abi/time.h>
#include <arch/cpu.h>
#include <core/timer.h>
#include <ipc/cpu_itimer.h>
#include <ipc/itimer.h>
#include <ipc/posix_timer.h>
#include <mm/user.h>
#include <proc/proc.h>
#include <sys/syscalls.h>

#define TICKS_LONGEST (~0ull >> 2) /* centuries */

static uint64_t ticks_of(uint64_t ns)
{
    uint64_t ticks = ns == 0 ? 0 : ticks_from_ns(ns);

    return ticks < TICKS_LONGEST ? ticks : TICKS_LONGEST;
}

static bool timeval_to_ticks(const struct abi_timeval *time, uint64_t *ticks)
{
    struct abi_timespec ts = {.tv_sec = time->tv_sec};
    uint64_t ns;

    if (time->tv_usec < 0 || time->tv_usec >= 1000000)
        return false;
    ts.tv_nsec = time->tv_usec * 1000;
    if (!timespec_valid(&ts, &ns))
        return false;
    *ticks = ticks_of(ns);
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

    if (which < ITIMER_REAL || which > ITIMER_PROF)
        return -EINVAL; /* POSIX setitimer: EINVAL */
    if (copy_from_user(&setting, value, sizeof(setting)) != 0)
        return -EFAULT;
    if (!timeval_to_ticks(&setting.it_value, &ticks) || !timeval_to_ticks(&setting.it_interval, &interval))
        return -EINVAL; /* POSIX setitimer: EINVAL */
    if (which == ITIMER_REAL)
        itimer_set(process_current(), ticks, interval, &old_ticks, &old_interval);
    else
        cpu_itimer_set(process_current(), which, ticks, interval, &old_ticks, &old_interval);
    return store_itimer(old, old_ticks, old_interval);
}

long sys_getitimer(int which, uaddr_t value)
{
    uint64_t ticks, interval;

    if (which < ITIMER_REAL || which > ITIMER_PROF)
        return -EINVAL; /* POSIX getitimer: EINVAL */
    if (which == ITIMER_REAL)
        itimer_get(process_current(), &ticks, &interval);
    else
        cpu_itimer_get(process_current(), which, &ticks, &interval);
    return store_itimer(value, ticks, interval);
}

long sys_timer_create(int clock, uaddr_t event, uaddr_t id)
{
    struct abi_sigevent wanted;
    int number;

    if (event != 0 && copy_from_user(&wanted, event, sizeof(wanted)) != 0)
        return -EFAULT;
    number = posix_timer_create(clock, event != 0 ? &wanted : NULL);
    if (number < 0)
        return number;
    if (copy_to_user(id, &number, sizeof(number)) == 0)
        return 0;
    posix_timer_delete(number);
    return -EFAULT;
}

/* When is a timer due that is set to `ns`?  0: it is disarmed. */
static uint64_t timer_deadline(int clock, int flags, uint64_t ns)
{
    uint64_t deadline;

    if (ns == 0)
        return 0;
    if (!(flags & TIMER_ABSTIME))
        return counter_read() + ticks_of(ns);
    deadline = clock == CLOCK_REALTIME ? deadline_ticks(deadline_from_realtime(ns)) : deadline_from_monotonic(ns);
    return deadline != 0 ? deadline : 1;
}

static struct abi_timespec ticks_to_timespec(uint64_t ticks)
{
    uint64_t ns = ns_from_ticks(ticks);

    return (struct abi_timespec){.tv_sec = (abi_time_t)(ns / 1000000000), .tv_nsec = (int32_t)(ns % 1000000000)};
}

static long store_times(uaddr_t to, const struct posix_timer_times *times)
{
    struct abi_itimerspec answer = {
        .it_interval = ticks_to_timespec(times->interval),
        .it_value = ticks_to_timespec(times->value),
    };

    return copy_to_user(to, &answer, sizeof(answer));
}

long sys_timer_settime(int id, int flags, uaddr_t value, uaddr_t old)
{
    struct abi_itimerspec setting;
    struct posix_timer_times before;
    uint64_t ns, interval;
    long result;
    int clock = posix_timer_clock(id);

    if (clock < 0)
        return clock;
    if (copy_from_user(&setting, value, sizeof(setting)) != 0)
        return -EFAULT;
    if (!timespec_valid(&setting.it_value, &ns) || !timespec_valid(&setting.it_interval, &interval))
        return -EINVAL; /* POSIX timer_settime: EINVAL */
    result = posix_timer_set(id, timer_deadline(clock, flags, ns), ticks_of(interval), &before);
    return result == 0 && old != 0 ? store_times(old, &before) : result;
}

long sys_timer_gettime(int id, uaddr_t value)
{
    struct posix_timer_times now;
    long result = posix_timer_get(id, &now);

    return result == 0 ? store_times(value, &now) : result;
}

long sys_timer_getoverrun(int id)
{
    return posix_timer_overrun(id);
}

long sys_timer_delete(int id)
{
    return posix_timer_delete(id);
}
