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

static void add_thread(struct cpu_times *times, struct thread *thread)
{
    times->ticks += sched_cpu_time(thread);
    times->user += thread->user_samples;
    times->system += thread->system_samples;
    times->voluntary += thread->voluntary;
    times->involuntary += thread->involuntary;
}

void process_times(struct process *process, struct cpu_times *times)
{
    struct thread *t;

    debug_lock_held(&processes_lock);
    *times = (struct cpu_times){
        .ticks = process->ended_ticks,
        .user = process->ended_user,
        .system = process->ended_system,
        .voluntary = process->voluntary,
        .involuntary = process->involuntary,
    };
    spin_lock(&process->signal_lock);
    list_for_each_entry (t, &process->threads, process_link)
        add_thread(times, t);
    spin_unlock(&process->signal_lock);
}

void times_add_ended(struct thread *thread)
{
    struct process *process = thread->process;
    struct cpu_times times = {0};

    debug_lock_held(&processes_lock);
    add_thread(&times, thread);
    process->ended_ticks += times.ticks;
    process->ended_user += times.user;
    process->ended_system += times.system;
    process->voluntary += times.voluntary;
    process->involuntary += times.involuntary;
}

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

static void children_times(const struct process *process, struct cpu_times *times)
{
    *times = (struct cpu_times){
        .ticks = process->children_ticks,
        .user = process->children_user,
        .system = process->children_system,
    };
}

void process_usage(struct process *process, int who, struct abi_rusage *usage)
{
    struct cpu_times times = {0};

    spin_lock(&processes_lock);
    if (who == RUSAGE_CHILDREN)
        children_times(process, &times);
    else if (who == RUSAGE_THREAD)
        add_thread(&times, current);
    else
        process_times(process, &times);
    spin_unlock(&processes_lock);
    times_to_usage(&times, usage);
    if (who == RUSAGE_SELF)
        usage->ru_minflt = (int32_t)process->minor_faults;
}

uint64_t process_cpu_time(struct process *process)
{
    struct cpu_times times;

    spin_lock(&processes_lock);
    process_times(process, &times);
    spin_unlock(&processes_lock);
    return times.ticks;
}
