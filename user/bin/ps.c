/*
 * ps.c - lists processes.
 *
 * Without options those of this user on this terminal; -e, -A and ax all, -a all with a terminal, -p LIST those,
 * -u USER that user's.  Columns: -f full, -l long with the kernel's reason for waiting (WCHAN), u for users, -o LIST
 * as named in the table below, each with =HEADING if wanted.  Everything that can be shown is one row in that table.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/names.h"
#include "lib/proc.h"
#include "lib/util.h"

struct column {
    const char *name, *heading;
    int width; /* negative: aligned to the left */
    void (*show)(const struct process *process, char *text, size_t size);
};

struct shown {
    const struct column *column;
    const char *heading;
};

static struct shown shown[64];
static size_t shown_count;

static struct {
    bool all, terminals, without_terminal;
    const char *pids;
    const char *user;
} selection;

/* How each column is written */

#define NUMBER_COLUMN(name, expression)                                             \
    static void show_##name(const struct process *process, char *text, size_t size) \
    {                                                                               \
        snprintf(text, size, "%lld", (long long)(expression));                      \
    }

NUMBER_COLUMN(pid, process->pid)
NUMBER_COLUMN(ppid, process->parent)
NUMBER_COLUMN(pgid, process->group)
NUMBER_COLUMN(sid, process->session)
NUMBER_COLUMN(tpgid, process->foreground)
NUMBER_COLUMN(uid, process->uid)
NUMBER_COLUMN(pri, 39 - process->priority)
NUMBER_COLUMN(old_pri, 60 + process->priority)
NUMBER_COLUMN(nice, process->nice)
NUMBER_COLUMN(threads, process->threads)
NUMBER_COLUMN(cpu, process->cpu)
NUMBER_COLUMN(vsz, process->size / 1024)
NUMBER_COLUMN(rss, process->pages *(sysconf(_SC_PAGESIZE) / 1024))
NUMBER_COLUMN(pages, process->size / sysconf(_SC_PAGESIZE))

static unsigned long long cpu_time(const struct process *process)
{
    return process->user_time + process->system_time;
}

/* How long it has lived, in 1/100 s. */
static unsigned long long lifetime(const struct process *process)
{
    unsigned long long now = proc_uptime();
    return now > process->start_time ? now - process->start_time : 0;
}

static void show_tenths(unsigned long long part, unsigned long long whole, char *text, size_t size)
{
    unsigned long long tenths = whole ? part * 1000 / whole : 0;
    snprintf(text, size, "%llu.%llu", tenths / 10, tenths % 10);
}

static void show_percent_cpu(const struct process *process, char *text, size_t size)
{
    show_tenths(cpu_time(process), lifetime(process), text, size);
}

static void show_percent_memory(const struct process *process, char *text, size_t size)
{
    show_tenths(process->pages * (sysconf(_SC_PAGESIZE) / 1024), proc_memory("MemTotal"), text, size);
}

static void show_whole_percent(const struct process *process, char *text, size_t size)
{
    unsigned long long life = lifetime(process);
    snprintf(text, size, "%llu", life ? cpu_time(process) * 100 / life : 0);
}

static void show_user(const struct process *process, char *text, size_t size)
{
    snprintf(text, size, "%s", names_user(process->uid));
}

static void show_terminal(const struct process *process, char *text, size_t size)
{
    snprintf(text, size, "%s", proc_terminal(process->terminal));
}

static void show_state(const struct process *process, char *text, size_t size)
{
    snprintf(text, size, "%c", process->state);
}

/* The state with what BSD's ps adds: < N for nice, s leads a session, l several threads, + in the foreground. */
static void show_stat(const struct process *process, char *text, size_t size)
{
    snprintf(text, size, "%c%s%s%s%s", process->state,
             process->nice < 0   ? "<"
             : process->nice > 0 ? "N"
                                 : "",
             process->session == process->pid ? "s" : "", process->threads > 1 ? "l" : "",
             process->foreground == process->group && process->terminal ? "+" : "");
}

static void show_name(const struct process *process, char *text, size_t size)
{
    snprintf(text, size, "%s%s", process->name, process->state == 'Z' ? " <defunct>" : "");
}

static void show_command_line(const struct process *process, char *text, size_t size)
{
    char *line = proc_command_line(process);
    snprintf(text, size, "%s", line);
    free(line);
}

/* [[DD-]HH:]MM:SS; `hours` even when they are 0. */
static void show_duration(unsigned long long seconds, bool hours, char *text, size_t size)
{
    unsigned days = seconds / 86400, hour = seconds / 3600 % 24, minute = seconds / 60 % 60, second = seconds % 60;
    if (days)
        snprintf(text, size, "%u-%02u:%02u:%02u", days, hour, minute, second);
    else if (hour || hours)
        snprintf(text, size, "%02u:%02u:%02u", hour, minute, second);
    else
        snprintf(text, size, "%02u:%02u", minute, second);
}

static void show_time(const struct process *process, char *text, size_t size)
{
    show_duration(cpu_time(process) / proc_hertz, true, text, size);
}

static void show_bsd_time(const struct process *process, char *text, size_t size)
{
    unsigned long long seconds = cpu_time(process) / proc_hertz;
    snprintf(text, size, "%llu:%02llu", seconds / 60, seconds % 60);
}

static void show_elapsed(const struct process *process, char *text, size_t size)
{
    show_duration(lifetime(process) / proc_hertz, false, text, size);
}

/* The hour it was started at, or the day when that was not today. */
static void show_start(const struct process *process, char *text, size_t size)
{
    time_t now = time(NULL), then = now - lifetime(process) / proc_hertz;
    struct tm today = *localtime(&now), *start = localtime(&then);
    bool same_day = today.tm_yday == start->tm_yday && today.tm_year == start->tm_year;
    strftime(text, size, same_day ? "%H:%M" : "%b%d", start);
}

static const struct column columns[] = {
    {"pid", "PID", 7, show_pid},
    {"ppid", "PPID", 7, show_ppid},
    {"pgid", "PGID", 7, show_pgid},
    {"pgrp", "PGRP", 7, show_pgid},
    {"sid", "SID", 7, show_sid},
    {"sess", "SESS", 7, show_sid},
    {"tpgid", "TPGID", 7, show_tpgid},
    {"uid", "UID", 5, show_uid},
    {"user", "USER", -8, show_user},
    {"ruser", "RUSER", -8, show_user},
    {"UID", "UID", -8, show_user},
    {"tty", "TTY", -8, show_terminal},
    {"tt", "TT", -8, show_terminal},
    {"s", "S", -1, show_state},
    {"state", "S", -1, show_state},
    {"stat", "STAT", -4, show_stat},
    {"comm", "COMMAND", -15, show_name},
    {"CMD", "CMD", -15, show_name},
    {"ucmd", "CMD", -15, show_name},
    {"args", "COMMAND", -27, show_command_line},
    {"command", "COMMAND", -27, show_command_line},
    {"cmd", "CMD", -27, show_command_line},
    {"time", "TIME", 8, show_time},
    {"cputime", "TIME", 8, show_time},
    {"bsdtime", "TIME", 6, show_bsd_time},
    {"etime", "ELAPSED", 11, show_elapsed},
    {"stime", "STIME", 5, show_start},
    {"start", "START", -5, show_start},
    {"pcpu", "%CPU", 4, show_percent_cpu},
    {"%cpu", "%CPU", 4, show_percent_cpu},
    {"pmem", "%MEM", 4, show_percent_memory},
    {"%mem", "%MEM", 4, show_percent_memory},
    {"c", "C", 2, show_whole_percent},
    {"pri", "PRI", 3, show_pri},
    {"opri", "PRI", 3, show_old_pri},
    {"ni", "NI", 3, show_nice},
    {"nice", "NI", 3, show_nice},
    {"nlwp", "NLWP", 4, show_threads},
    {"thcount", "THCNT", 5, show_threads},
    {"psr", "PSR", 3, show_cpu},
    {"vsz", "VSZ", 6, show_vsz},
    {"rss", "RSS", 5, show_rss},
    {"sz", "SZ", 5, show_pages},
    {"wchan", "WCHAN", -10, proc_wait_reason},
};

/* Adds what a list such as "pid,ni=NICE,args" names; a heading runs to the end of the list (POSIX ps -o). */
static void add_columns(const char *list)
{
    char *copy = util_strdup(list), *rest = copy; /* kept: headings point into it */
    while (rest && *rest) {
        char *heading = strchr(rest, '=');
        char *name = strsep(&rest, ", ");
        if (heading && heading < name + strlen(name) + 1 && heading >= name)
            *heading++ = '\0';
        else
            heading = NULL;
        size_t i = 0;
        while (i < UTIL_COUNT(columns) && strcmp(columns[i].name, name) != 0)
            i++;
        if (i == UTIL_COUNT(columns))
            util_errx("unknown user-defined format specifier \"%s\"", name);
        if (shown_count == UTIL_COUNT(shown))
            util_errx("too many columns");
        shown[shown_count++] = (struct shown){&columns[i], heading ? heading : columns[i].heading};
    }
}

/* Pads to the column's width, but leaves nothing behind the last one. */
static void print_cell(size_t i, const char *text)
{
    int width = shown[i].column->width;
    if (i)
        putchar(' ');
    if (width < 0 && i + 1 == shown_count)
        width = 0;
    printf("%*s", width, text);
}

static void print_headings(void)
{
    bool any = false;
    for (size_t i = 0; i < shown_count; i++)
        any |= *shown[i].heading != '\0';
    for (size_t i = 0; i < shown_count && any; i++)
        print_cell(i, shown[i].heading);
    if (any)
        putchar('\n');
}

static void print_process(const struct process *process)
{
    static char text[4200];
    for (size_t i = 0; i < shown_count; i++) {
        shown[i].column->show(process, text, sizeof(text));
        print_cell(i, text);
    }
    putchar('\n');
}

static bool in_list(const char *list, int number)
{
    for (char *end; *list; list = end + strspn(end, ", ")) {
        if (strtol(list, &end, 10) == number && end != list)
            return true;
        if (end == list)
            util_errx("process ID list syntax error");
    }
    return false;
}

static bool is_selected(const struct process *process, const struct process *self)
{
    uid_t user = self->uid;
    if (selection.pids)
        return in_list(selection.pids, process->pid);
    if (selection.user && !names_find_user(selection.user, &user))
        util_errx("user name does not exist: '%s'", selection.user);
    if (selection.user)
        return process->uid == user;
    if (selection.all)
        return true;
    if (selection.terminals)
        return process->terminal != 0;
    return process->uid == user && (selection.without_terminal || process->terminal == self->terminal);
}

/* The options without a dash, as BSD's ps has them: a x u l w. */
static const char *parse_bsd(const char *letters)
{
    const char *form = NULL;
    for (; *letters; letters++) {
        if (!strchr("axulw", *letters))
            util_usage();
        selection.terminals |= *letters == 'a';
        selection.without_terminal |= *letters == 'x';
        if (*letters == 'u')
            form = "user,pid,pcpu,pmem,vsz,rss,tty,stat,start,bsdtime,args";
        if (*letters == 'l')
            form = "uid,pid,ppid,pri,ni,vsz,rss,wchan,stat,tty,bsdtime,args";
    }
    selection.all |= selection.terminals && selection.without_terminal;
    return form ? form : "pid,tty,stat,bsdtime,args";
}

static const char *parse_options(int argc, char **argv)
{
    const char *form = "pid,tty,time,CMD";
    for (int option; (option = getopt(argc, argv, "eAaflwo:p:u:")) != -1;) {
        selection.all |= option == 'e' || option == 'A';
        selection.terminals |= option == 'a';
        if (option == 'f')
            form = "UID,pid,ppid,c,stime,tty,time,cmd";
        else if (option == 'l')
            form = "state,uid,pid,ppid,c,opri,ni,sz,wchan,tty,time,CMD";
        else if (option == 'o')
            add_columns(optarg);
        else if (option == 'p')
            selection.pids = optarg;
        else if (option == 'u')
            selection.user = optarg;
        else if (option == '?')
            util_usage();
    }
    return optind < argc ? parse_bsd(argv[optind]) : form;
}

int main(int argc, char **argv)
{
    struct process self, *list;
    bool any = false;
    util_start("ps", "[-Aaefl] [-o COLUMNS] [-p PIDS] [-u USER] [aulx]", 1);
    const char *form = parse_options(argc, argv);
    if (shown_count == 0)
        add_columns(form);
    if (!proc_read(getpid(), &self))
        util_err("/proc/%d/stat", (int)getpid());
    size_t count = proc_list(&list);
    print_headings();
    for (size_t i = 0; i < count; i++) {
        if (!is_selected(&list[i], &self))
            continue;
        print_process(&list[i]);
        any = true;
    }
    free(list);
    return util_finish(any ? 0 : 1);
}
