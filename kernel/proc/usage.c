/*
 * usage.c - what threads and processes have used, as getrusage() and wait4() tell it.
 *
 * The largest resident size is the space's to know (mm); a process that leaves its space keeps it.
 *
 * Left out on purpose: swaps and blocks read, since there is no disk, and messages and signals, which nothing counts;
 * they are 0.
 */
#include <core/syscalls.h>
#include <lib/string.h>
#include <mm/space.h>
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
    usage->ru_maxrss = (int32_t)(times->peak_pages * (PAGE_SIZE / 1024));
    usage->ru_minflt = (int32_t)times->faults;
    usage->ru_nvcsw = (int32_t)times->voluntary;
    usage->ru_nivcsw = (int32_t)times->involuntary;
}

void usage_note_peak(struct process *process)
{
    debug_lock_held(&process->signal_lock);
    if (process->space != NULL)
        times_add_peak(&process->ended_times, space_peak(process->space));
}

void usage_of_process(struct process *process, struct cpu_times *times)
{
    spin_lock(&process->signal_lock);
    usage_note_peak(process);
    process_times(process, times);
    spin_unlock(&process->signal_lock);
}

long sys_getrusage(int who, uaddr_t address)
{
    struct process *self = current->process;
    struct cpu_times times;
    struct abi_rusage usage;

    if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
        return -EINVAL; /* POSIX getrusage: EINVAL */
    spin_lock(&processes_lock);
    usage_of_process(self, &times);
    if (who == RUSAGE_CHILDREN)
        times = self->children_times;
    spin_unlock(&processes_lock);
    if (who == RUSAGE_THREAD) { /* the memory is its process's */
        times = (struct cpu_times){.peak_pages = times.peak_pages};
        times_add_thread(&times, current);
    }
    times_to_usage(&times, &usage);
    return copy_to_user(address, &usage, sizeof(usage));
}
