/*
 * usage.c - the CPU time of threads and processes as getrusage() tells it.
 *
 * Left out on purpose: the largest resident size, swaps and blocks read, which nothing here counts; they are 0.
 */
#include <core/timer.h>
#include <lib/string.h>
#include <proc/life.h>

static struct abi_timeval to_timeval(uint64_t ns)
{
    return (struct abi_timeval){.tv_sec = (abi_time_t)(ns / 1000000000), .tv_usec = (int32_t)(ns % 1000000000 / 1000)};
}

/* What no interrupt has told of is taken for user time. */
void times_to_usage(const struct cpu_times *times, struct abi_rusage *usage)
{
    memset(usage, 0, sizeof(*usage));
    usage->ru_utime = to_timeval(ns_from_ticks(times->ticks - times->system));
    usage->ru_stime = to_timeval(ns_from_ticks(times->system));
    usage->ru_nvcsw = (int32_t)times->voluntary;
    usage->ru_nivcsw = (int32_t)times->involuntary;
}

void process_usage(struct process *process, int who, struct abi_rusage *usage)
{
    struct cpu_times times = {0};

    spin_lock(&processes_lock);
    spin_lock(&process->signal_lock);
    if (who == RUSAGE_CHILDREN)
        times = process->children_times;
    else if (who == RUSAGE_THREAD)
        times_add_thread(&times, current);
    else
        process_times(process, &times);
    spin_unlock(&process->signal_lock);
    spin_unlock(&processes_lock);
    times_to_usage(&times, usage);
    if (who == RUSAGE_SELF)
        usage->ru_minflt = (int32_t)process->minor_faults;
}
