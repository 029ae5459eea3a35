/*
 * top.c - the processes that use the CPUs most, again and again; q ends.
 *
 * -d SECONDS between two pictures (3), -n N pictures, -b without the terminal's tricks, all processes, for files.
 * -H, or the key H, shows threads in place of processes, and -1, or the key 1, a line for each CPU.  What one used
 * (%CPU: of one CPU) is the difference between two looks at /proc; in the first picture, and the first after the key H,
 * its whole life.  P is the CPU where it ran last.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>

#include "lib/names.h"
#include "lib/proc.h"
#include "lib/util.h"

struct shown {
    struct process process;
    unsigned long long used; /* 1/100 s since the last look */
};

#define CPUS_MAX 8

struct look {
    struct process *list;
    size_t count;
    unsigned long long when;
    bool threads;
};

static bool batch, threads, each_cpu;
static double delay = 3;
static long long pictures = -1;
static int rows = 24, columns = 80;
static struct termios settings_before;

struct cpu_line {
    unsigned long long in[4]; /* user mode, that of nice ones, the kernel, idle: 1/100 s */
};

static void print_cpu(const char *name, const struct cpu_line *now, struct cpu_line *before)
{
    static const char *const names[] = {"us", "ni", "sy", "id"};
    unsigned long long total = 0;
    for (int i = 0; i < 4; i++)
        total += now->in[i] - before->in[i];
    printf("%%%s:", name);
    for (int i = 0; i < 4; i++) {
        unsigned tenths = total ? (now->in[i] - before->in[i]) * 1000 / total : 0;
        printf("%s %3u.%u %s", i ? "," : "", tenths / 10, tenths % 10, names[i]);
    }
    putchar('\n');
    *before = *now;
}

/* Where the CPUs spent the last period, all together or one by one.  Answers how many lines that takes. */
static int print_cpus(void)
{
    static struct cpu_line before[1 + CPUS_MAX];
    char line[256], name[16];
    struct cpu_line now;
    int count = 0;
    FILE *file = fopen("/proc/stat", "r");
    for (int n = 0; file && n <= CPUS_MAX && fgets(line, sizeof(line), file); n++) {
        if (sscanf(line, "%15s %llu %llu %llu %llu", name, &now.in[0], &now.in[1], &now.in[2], &now.in[3]) != 5 ||
            strncmp(name, "cpu", 3) != 0)
            break;
        if (each_cpu == (n > 0)) {
            name[0] = 'C';
            print_cpu(n ? name : "Cpu(s)", &now, &before[n]);
            count++;
        }
    }
    if (file)
        fclose(file);
    return count;
}

/* Answers how many lines it took. */
static int print_summary(const struct look *look)
{
    size_t running = 0, stopped = 0, zombies = 0;
    int lines = 5;
    char clock[16];
    time_t now = time(NULL);
    unsigned minutes = look->when / proc_hertz / 60;
    for (size_t i = 0; i < look->count; i++) {
        running += look->list[i].state == 'R';
        stopped += look->list[i].state == 'T' || look->list[i].state == 't';
        zombies += look->list[i].state == 'Z';
    }
    strftime(clock, sizeof(clock), "%H:%M:%S", localtime(&now));
    printf("top - %s up %u:%02u\n", clock, minutes / 60, minutes % 60);
    printf("%s: %zu total, %zu running, %zu sleeping, %zu stopped, %zu zombie\n", threads ? "Threads" : "Tasks",
           look->count, running, look->count - running - stopped - zombies, stopped, zombies);
    lines += print_cpus();
    printf("KiB Mem: %8llu total, %8llu free\n\n", proc_memory("MemTotal"), proc_memory("MemFree"));
    return lines;
}

static unsigned long long cpu_time(const struct process *process)
{
    return process->user_time + process->system_time;
}

/* What it used since `last`. */
static unsigned long long used_since(const struct process *process, const struct look *last)
{
    for (size_t i = 0; i < last->count; i++) {
        const struct process *old = &last->list[i];
        if (old->pid == process->pid && old->start_time == process->start_time)
            return cpu_time(process) - cpu_time(old);
    }
    return cpu_time(process);
}

static int compare_used(const void *left, const void *right)
{
    const struct shown *a = left, *b = right;
    if (a->used != b->used)
        return a->used < b->used ? 1 : -1;
    return a->process.pid - b->process.pid;
}

static void print_process(const struct shown *shown, unsigned long long period)
{
    const struct process *process = &shown->process;
    unsigned long long kib = process->pages * (sysconf(_SC_PAGESIZE) / 1024), total = proc_memory("MemTotal");
    unsigned cpu = period ? shown->used * 1000 / period : 0, memory = total ? kib * 1000 / total : 0;
    unsigned long long time = cpu_time(process);
    printf("%7d %-8.8s %3ld %3ld %7llu %6llu %c %3u.%u %3u.%u %4llu:%02llu.%02llu %2d %.*s\n", process->pid,
           names_user(process->uid), process->priority, process->nice, process->size / 1024, kib, process->state,
           cpu / 10, cpu % 10, memory / 10, memory % 10, time / 6000, time / 100 % 60, time % 100, process->cpu,
           batch          ? 64
           : columns > 66 ? columns - 66
                          : 10,
           process->name);
}

static void print_picture(const struct look *look, const struct look *last)
{
    struct shown *shown = util_alloc(look->count * sizeof(*shown));
    size_t most = look->count;
    for (size_t i = 0; i < look->count; i++)
        shown[i] = (struct shown){look->list[i], used_since(&look->list[i], last)};
    qsort(shown, look->count, sizeof(*shown), compare_used);
    if (!batch)
        fputs("\033[H\033[J", stdout);
    int lines = print_summary(look);
    if (!batch && rows > lines)
        most = rows - lines;
    printf("    PID USER      PR  NI    VIRT    RES S  %%CPU  %%MEM     TIME+  P COMMAND\n");
    for (size_t i = 0; i < look->count && i < most; i++)
        print_process(&shown[i], look->when - last->when);
    fflush(stdout);
    free(shown);
}

static void terminal_begin(void)
{
    struct winsize size;
    struct termios settings;
    if (tcgetattr(0, &settings_before) < 0)
        util_err("failed tty get");
    settings = settings_before;
    settings.c_lflag &= ~(ICANON | ECHO);
    settings.c_cc[VMIN] = 0;
    settings.c_cc[VTIME] = delay < 0.1 ? 1 : delay > 25 ? 250 : delay * 10;
    tcsetattr(0, TCSADRAIN, &settings);
    if (ioctl(1, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
        rows = size.ws_row;
        columns = size.ws_col;
    }
}

/* Waits for the next picture's time, or a key; false when the user wants no more. */
static bool pause_until_next(void)
{
    char key = 0;
    if (!batch) {
        if (read(0, &key, 1) < 0)
            return true;
        threads ^= key == 'H';
        each_cpu ^= key == '1';
        return key != 'q';
    }
    struct timespec time = {.tv_sec = (time_t)delay, .tv_nsec = (long)((delay - (long)delay) * 1e9)};
    nanosleep(&time, NULL);
    return true;
}

/* As if there had been no look: what is shown next is of all time since the start. */
static void forget(struct look *look)
{
    free(look->list);
    *look = (struct look){0};
}

int main(int argc, char **argv)
{
    struct look look = {0}, last = {0};
    util_start("top", "[-b1H] [-d SECONDS] [-n PICTURES]", 1);
    for (int option; (option = getopt(argc, argv, "b1Hd:n:")) != -1;) {
        if (option == '?' || (option == 'd' && !util_duration(optarg, &delay)))
            util_usage();
        batch |= option == 'b';
        threads |= option == 'H';
        each_cpu |= option == '1';
        if (option == 'n')
            pictures = util_number(optarg, 1, 1 << 30, "number of pictures");
    }
    if (!batch)
        terminal_begin();
    for (bool more = true; more; last = look) {
        look.when = proc_uptime();
        look.threads = threads;
        look.count = threads ? proc_list_threads(&look.list) : proc_list(&look.list);
        if (look.threads != last.threads)
            forget(&last); /* it saw others: a process's number is its first thread's as well */
        print_picture(&look, &last);
        free(last.list);
        more = --pictures != 0 && pause_until_next();
    }
    free(last.list);
    if (!batch)
        tcsetattr(0, TCSADRAIN, &settings_before);
    return util_finish(0);
}
