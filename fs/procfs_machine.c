/*
 * procfs_machine.c - the files of /proc about the machine as a whole, in Linux's formats.
 *
 * Times are in 1/100 s, as sysconf(_SC_CLK_TCK) says.  The load averages are brought up to date when somebody looks; no
 * timer runs for them.
 */
#include <core/boot_info.h>
#include <core/cpu_data.h>
#include <core/irq.h>
#include <core/log.h>
#include <fs/procfs.h>
#include <mm/kmalloc.h>
#include <mm/page_store.h>

#define NS_PER_HUNDREDTH 10000000

static unsigned long long hundredths(uint64_t ticks)
{
    return ns_from_ticks(ticks) / NS_PER_HUNDREDTH;
}

static unsigned kilobytes(unsigned pages)
{
    return pages * (PAGE_SIZE / 1024);
}

static void add_cache_pages(const char *name, uint32_t live, uint32_t size, uint32_t pages, void *context)
{
    *(unsigned *)context += pages;
}

/* Pages of files cannot be given up, so what is available is what is free. */
static void show_meminfo(struct proc_text *text)
{
    unsigned unused = kilobytes(page_free_count()), files = kilobytes(page_store_total()), slab = 0;

    cache_visit(add_cache_pages, &slab);
    proc_print(text, "MemTotal:       %8u kB\nMemFree:        %8u kB\nMemAvailable:   %8u kB\n",
               kilobytes(page_total_count()), unused, unused);
    proc_print(text, "Buffers:        %8u kB\nCached:         %8u kB\n", 0u, files);
    proc_print(text, "SwapTotal:      %8u kB\nSwapFree:       %8u kB\n", 0u, 0u);
    proc_print(text, "Shmem:          %8u kB\nSlab:           %8u kB\n", files, kilobytes(slab));
}

static void print_cache(const char *name, uint32_t live, uint32_t size, uint32_t pages, void *context)
{
    proc_print(context, "%s %lu %lu %lu\n", name, live, size, pages);
}

static void show_objects(struct proc_text *text)
{
    cache_visit(print_cache, text);
}

static void show_cmdline(struct proc_text *text)
{
    proc_print(text, "%s\n", boot_info.arguments);
}

static uint64_t idle_ticks(void)
{
    uint64_t ticks = 0;

    for (unsigned i = 0; i < cpu_count; i++)
        if (cpus[i].online)
            ticks += sched_cpu_time(cpus[i].idle);
    return ticks;
}

static void print_seconds(struct proc_text *text, unsigned long long time, const char *end)
{
    proc_print(text, "%llu.%02llu%s", time / 100, time % 100, end);
}

static void show_uptime(struct proc_text *text)
{
    print_seconds(text, clock_monotonic() / NS_PER_HUNDREDTH, " ");
    print_seconds(text, hundredths(idle_ticks()), "\n");
}

static void print_cpu_times(struct proc_text *text, const char *name, uint64_t user, uint64_t system, uint64_t idle)
{
    proc_print(text, "%s %llu 0 %llu %llu 0 0 0 0 0 0\n", name, hundredths(user), hundredths(system), hundredths(idle));
}

static void show_stat(struct proc_text *text)
{
    unsigned long long interrupts = 0, switches = 0;
    uint64_t user = 0, system = 0;
    char name[12];

    for (unsigned i = 0; i < cpu_count; i++) {
        user += cpus[i].user_ticks;
        system += cpus[i].system_ticks;
        interrupts += cpus[i].interrupts;
        switches += cpus[i].switches;
    }
    print_cpu_times(text, "cpu ", user, system, idle_ticks());
    for (unsigned i = 0; i < cpu_count; i++) {
        if (!cpus[i].online)
            continue;
        snprintf(name, sizeof(name), "cpu%u", i);
        print_cpu_times(text, name, cpus[i].user_ticks, cpus[i].system_ticks, sched_cpu_time(cpus[i].idle));
    }
    proc_print(text, "intr %llu\nctxt %llu\n", interrupts, switches);
    proc_print(text, "btime %llu\n", (unsigned long long)(clock_realtime() - (int64_t)clock_monotonic()) / 1000000000);
    proc_print(text, "procs_running %u\nprocs_blocked 0\n", sched_ready_count());
}

static void show_cpuinfo(struct proc_text *text)
{
    for (unsigned i = 0; i < cpu_count; i++)
        if (cpus[i].online)
            proc_print(text,
                       "processor\t: %u\nmodel name\t: ARMv7 Processor (v7l)\n"
                       "Features\t: half thumb fastmult vfp edsp neon vfpv3 tls vfpv4 idiva idivt vfpd32 lpae\n"
                       "CPU architecture: 7\n\n",
                       i);
}

static void print_interrupt(unsigned irq, const char *name, const uint32_t *counts, void *context)
{
    proc_print(context, "%3u:", irq);
    for (unsigned i = 0; i < cpu_count; i++)
        if (cpus[i].online)
            proc_print(context, " %10lu", counts[i]);
    proc_print(context, "  %s\n", name);
}

static void show_interrupts(struct proc_text *text)
{
    proc_print(text, "    ");
    for (unsigned i = 0; i < cpu_count; i++)
        if (cpus[i].online)
            proc_print(text, "       CPU%u", i);
    proc_print(text, "\n");
    irq_visit(print_interrupt, text);
}

/* Each class of spinlocks: its rank, how often one was taken and waited for, the waits' sum and the longest of them in
 * nanoseconds, its name. */
static void show_lock_stat(struct proc_text *text)
{
    struct lock_use use;

    for (unsigned i = 0; debug_lock_use(i, &use); i++) {
        if (use.name != NULL)
            proc_print(text, "%2u %10lu %8lu %12llu %10llu %s\n", use.rank, use.taken, use.waited,
                       (unsigned long long)ns_from_ticks(use.total), (unsigned long long)ns_from_ticks(use.longest),
                       use.name);
    }
}

static void show_kmsg(struct proc_text *text)
{
    uint64_t position = 0;
    char part[256];
    size_t n;

    while ((n = log_read(&position, part, sizeof(part))) != 0)
        proc_write(text, part, n);
}

static void show_mounts(struct proc_text *text)
{
    proc_print(text, "root / ramfs rw 0 0\nproc /proc proc ro 0 0\nmqueue /dev/mqueue mqueue rw 0 0\n");
}

static void show_filesystems(struct proc_text *text)
{
    proc_print(text, "nodev\tramfs\nnodev\tproc\nnodev\tmqueue\n");
}

static void show_version(struct proc_text *text)
{
    proc_print(text, "Parley version 1.0 (gcc %s" SANITIZE_REMARK ") armv7l\n", __VERSION__);
}

/* One average over a number of seconds, in 1/2048: it goes the part elapsed / (elapsed + seconds) of its way to
 * `now`. */
static void load_update(uint32_t *average, uint32_t now, uint32_t seconds, uint32_t elapsed)
{
    *average = (uint32_t)(((uint64_t)*average * seconds + (uint64_t)now * elapsed) / (seconds + elapsed));
}

static void show_loadavg(struct proc_text *text)
{
    static const uint32_t seconds[3] = {60, 300, 900};
    static struct spinlock lock = SPINLOCK_INIT("load", RANK_OBJECT);
    static uint32_t averages[3];
    static uint64_t last;
    uint64_t now = clock_monotonic() / 1000000000;
    uint32_t shown[3], ready = sched_ready_count();

    spin_lock(&lock);
    for (unsigned i = 0; i < 3; i++) {
        load_update(&averages[i], ready > 0 ? (ready - 1) << 11 : 0, seconds[i], (uint32_t)(now - last));
        shown[i] = averages[i] * 100 >> 11;
    }
    last = now;
    spin_unlock(&lock);
    for (unsigned i = 0; i < 3; i++)
        print_seconds(text, shown[i], " ");
    proc_print(text, "%lu/%u %d\n", ready, process_count, current->process != NULL ? current->process->pid : 0);
}

void proc_add_machine(void)
{
    static const struct proc_file files[] = {
        {"cmdline", 0444, show_cmdline},
        {"cpuinfo", 0444, show_cpuinfo},
        {"filesystems", 0444, show_filesystems},
        {"interrupts", 0444, show_interrupts},
        {"kmsg", 0444, show_kmsg},
        {"loadavg", 0444, show_loadavg},
        {"meminfo", 0444, show_meminfo},
        {"mounts", 0444, show_mounts},
        {"objects", 0444, show_objects},
        {"stat", 0444, show_stat},
        {"uptime", 0444, show_uptime},
        {"version", 0444, show_version},
    };

    proc_add_files(proc_root_row, files, sizeof(files) / sizeof(files[0]));
    if (debug_build)
        procfs_add("lock_stat", show_lock_stat);
}
