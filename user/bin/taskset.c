/*
 * taskset.c - the CPUs that a process may run on: taskset [-c] MASK COMMAND..., taskset [-c] -p [MASK] PID.
 *
 * MASK is hexadecimal, a bit for each CPU; with -c a list such as 0,2-3 or 0-7:2, every second one.  -a with -p: all
 * threads of the process, which otherwise is its first one.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "lib/proc.h"
#include "lib/util.h"

static bool lists;
static cpu_set_t wanted;

static cpu_set_t parse_list(const char *text)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (const char *at = text; *at;) {
        char *end;
        unsigned long first = strtoul(at, &end, 10), last = first, step = 1;
        bool good = end != at;
        if (*end == '-') {
            at = end + 1;
            last = strtoul(at, &end, 10);
            good = good && end != at;
            if (*end == ':') {
                at = end + 1;
                step = strtoul(at, &end, 10);
                good = good && end != at && step > 0;
            }
        }
        if (!good || (*end && *end != ',') || first > last || last >= CPU_SETSIZE)
            util_errx("failed to parse CPU list: %s", text);
        for (unsigned long cpu = first; cpu <= last; cpu += step < CPU_SETSIZE ? step : CPU_SETSIZE)
            CPU_SET(cpu, &set);
        at = *end ? end + 1 : end;
    }
    return set;
}

static cpu_set_t parse_mask(const char *text)
{
    cpu_set_t set;
    char *end;
    unsigned long mask = strtoul(text, &end, 16);
    if (end == text || *end)
        util_errx("failed to parse CPU mask: %s", text);
    CPU_ZERO(&set);
    for (unsigned cpu = 0; cpu < 8 * sizeof(mask) && cpu < CPU_SETSIZE; cpu++) {
        if (mask >> cpu & 1)
            CPU_SET(cpu, &set);
    }
    return set;
}

static void print_list(const cpu_set_t *set)
{
    const char *comma = "";
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, set))
            continue;
        int last = cpu;
        while (last + 1 < CPU_SETSIZE && CPU_ISSET(last + 1, set))
            last++;
        printf(last > cpu ? "%s%d-%d" : "%s%d", comma, cpu, last);
        comma = ",";
        cpu = last;
    }
}

static void show(pid_t pid, const char *when)
{
    cpu_set_t set;
    unsigned long mask = 0;
    if (sched_getaffinity(pid, sizeof(set), &set) < 0)
        util_err("failed to get pid %d's affinity", (int)pid);
    printf("pid %d's %s affinity %s: ", (int)pid, when, lists ? "list" : "mask");
    for (unsigned cpu = 0; cpu < 8 * sizeof(mask) && cpu < CPU_SETSIZE; cpu++)
        mask |= CPU_ISSET(cpu, &set) ? 1ul << cpu : 0;
    if (lists)
        print_list(&set);
    else
        printf("%lx", mask);
    putchar('\n');
}

static void show_current(int pid)
{
    show(pid, "current");
}

static void set(int pid)
{
    if (sched_setaffinity(pid, sizeof(wanted), &wanted) < 0)
        util_err("failed to set pid %d's affinity", (int)pid);
}

static void change(int pid)
{
    show(pid, "current");
    set(pid);
    show(pid, "new");
}

int main(int argc, char **argv)
{
    bool running = false, all = false;
    util_start("taskset", "[-c] MASK COMMAND [ARGUMENT]... | [-ac] -p [MASK] PID", 1);
    for (int option; (option = getopt(argc, argv, "+acp")) != -1;) {
        if (option == '?')
            util_usage();
        all |= option == 'a';
        lists |= option == 'c';
        running |= option == 'p';
    }
    if (argc - optind < 2 - running || (running && argc - optind > 2))
        util_usage();
    bool shows = running && argc - optind == 1;
    if (!shows)
        wanted = lists ? parse_list(argv[optind]) : parse_mask(argv[optind]);
    if (!running) {
        set(0);
        util_exec(argv + optind + 1);
    }
    proc_each_thread(util_number(argv[argc - 1], 0, 0x7fffffff, "pid"), all, shows ? show_current : change);
    return util_finish(0);
}
