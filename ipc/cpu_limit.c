/*
 * cpu_limit.c - RLIMIT_CPU: SIGXCPU at the soft limit and every second from there on, SIGKILL at the hard one.
 *
 * It is one more timer on the process's CPU time (core/cpu_time.c).
 */
#include <ipc/process_timer.h>
#include <ipc/signal.h>

#define NS_PER_SECOND 1000000000ull
#define SECONDS_MAX 1000000000ull /* more is no limit: some 30 years */

/* Both limits may have been changed since the timer was set.  POSIX setrlimit: RLIMIT_CPU */
static void limit_due(struct cpu_timer *timer)
{
    static const struct signal_note from_kernel = {.code = SI_KERNEL};
    struct process *process = container_of(timer, struct process, cpu_limit);
    const struct abi_rlimit *limit = &process->limits[RLIMIT_CPU];
    uint64_t next = ns_from_ticks(cpu_timer_now(process, timer)) / NS_PER_SECOND + 1;

    if (next > limit->rlim_max) {
        signal_post_locked(process, NULL, SIGKILL, &from_kernel, NULL);
        return;
    }
    signal_post_locked(process, NULL, SIGXCPU, &from_kernel, NULL);
    cpu_timer_set(process, timer, ticks_from_ns(next * NS_PER_SECOND));
}

void cpu_limit_set(struct process *process, const struct abi_rlimit *limit)
{
    struct cpu_timer *timer = &process->cpu_limit;

    spin_lock(&process->signal_lock);
    process->limits[RLIMIT_CPU] = *limit;
    timer->function = limit_due;
    cpu_timer_cancel(timer);
    if (limit->rlim_cur < SECONDS_MAX)
        cpu_timer_set(process, timer, ticks_from_ns(limit->rlim_cur * NS_PER_SECOND));
    spin_unlock(&process->signal_lock);
}
