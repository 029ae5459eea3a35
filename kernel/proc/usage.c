/*
 * usage.c - CPU time of threads and processes.
 *
 * The scheduler knows each thread's total exactly.  How it splits into user and system time is sampled at interrupts:
 * the total is shared out in proportion to the samples.
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

void times_to_usage(const struct cpu_times *times, struct abi_rusage *usage)
{
    uint64_t ns = ns_from_ticks(times->ticks), samples = times->user + times->system;
    uint64_t user = samples == 0 ? ns : ns / samples * times->user + ns % samples * times->user / samples;

    memset(usage, 0, sizeof(*usage));
    usage->ru_utime = to_timeval(user);
    usage->ru_stime = to_timeval(ns - user);
    usage->ru_nvcsw = (int32_t)times->voluntary;
    usage->ru_nivcsw = (int32_t)times->involuntary;
}

void process_usage(struct process *process, int who, struct abi_rusage *usage)
{
    struct cpu_times times = {0};

    spin_lock(&processes_lock);
    if (who == RUSAGE_CHILDREN)
        times = process->children_times;
    else if (who == RUSAGE_THREAD)
        times_add_thread(&times, current);
    else
        times = process_times(process);
    spin_unlock(&processes_lock);
    times_to_usage(&times, usage);
    if (who == RUSAGE_SELF)
        usage->ru_minflt = (int32_t)process->minor_faults;
}

uint64_t process_cpu_time(struct process *process)
{
    struct cpu_times times;

    spin_lock(&processes_lock);
    times = process_times(process);
    spin_unlock(&processes_lock);
    return times.ticks;
}
