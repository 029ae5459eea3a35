/*
 * sys_timer.c - decoders: interval timers, and timers by number.
 */
#include <abi/errno.h>
#include <abi/time.h>
#include <core/timer.h>
#include <ipc/process_timer.h>
#include <mm/user.h>
#include <core/syscalls.h>

static bool timeval_to_ns(const struct abi_timeval *time, uint64_t *ns)
{
    struct abi_timespec ts = {.tv_sec = time->tv_sec};

    if (time->tv_usec < 0 || time->tv_usec >= 1000000)
        return false;
    ts.tv_nsec = time->tv_usec * 1000;
    return timespec_valid(&ts, ns);
}

/* A timer that runs never shows 0. */
static struct abi_timeval ns_to_timeval(uint64_t ns)
{
    uint64_t us = (ns + 999) / 1000;

    return (struct abi_timeval){.tv_sec = (abi_time_t)(us / 1000000), .tv_usec = (int32_t)(us % 1000000)};
}

static long store_itimer(uaddr_t to, const struct timer_setting *setting)
{
    struct abi_itimerval answer = {ns_to_timeval(setting->interval), ns_to_timeval(setting->value)};

    return to != 0 ? copy_to_user(to, &answer, sizeof(answer)) : 0;
}

long sys_setitimer(int which, uaddr_t value, uaddr_t old)
{
    struct timer_setting setting, before;
    struct abi_itimerval wanted;

    if (which < ITIMER_REAL || which > ITIMER_PROF)
        return -EINVAL; /* POSIX setitimer: EINVAL */
    if (copy_from_user(&wanted, value, sizeof(wanted)) != 0)
        return -EFAULT;
    if (!timeval_to_ns(&wanted.it_value, &setting.value) || !timeval_to_ns(&wanted.it_interval, &setting.interval))
        return -EINVAL; /* POSIX setitimer: EINVAL */
    itimer_set(which, &setting, &before);
    return store_itimer(old, &before);
}

long sys_getitimer(int which, uaddr_t value)
{
    struct timer_setting now;

    if (which < ITIMER_REAL || which > ITIMER_PROF)
        return -EINVAL; /* POSIX getitimer: EINVAL */
    itimer_get(which, &now);
    return store_itimer(value, &now);
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

static long store_times(uaddr_t to, const struct timer_setting *setting)
{
    struct abi_itimerspec answer = {ns_to_timespec(setting->interval), ns_to_timespec(setting->value)};

    return copy_to_user(to, &answer, sizeof(answer));
}

long sys_timer_settime(int id, int flags, uaddr_t value, uaddr_t old)
{
    struct timer_setting setting, before;
    struct abi_itimerspec wanted;
    long result;

    if (copy_from_user(&wanted, value, sizeof(wanted)) != 0)
        return -EFAULT;
    if (!timespec_valid(&wanted.it_value, &setting.value) || !timespec_valid(&wanted.it_interval, &setting.interval))
        return -EINVAL; /* POSIX timer_settime: EINVAL */
    result = posix_timer_set(id, flags & TIMER_ABSTIME, &setting, &before);
    return result == 0 && old != 0 ? store_times(old, &before) : result;
}

long sys_timer_gettime(int id, uaddr_t value)
{
    struct timer_setting now;
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
