/*
 * proc.c - reading /proc, for ps, top, killall, free, uptime.  The formats are Linux's.
 */
#include "proc.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util.h"

/* Reads a whole small file into `text`, with a 0 behind it; answers its length, or -1 with errno. */
static ssize_t read_small(const char *path, char *text, size_t size)
{
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return -1;
    ssize_t length = 0, got;
    while (length < (ssize_t)size - 1 && (got = read(fd, text + length, size - 1 - length)) > 0)
        length += got;
    close(fd);
    text[length] = '\0';
    return length;
}

static ssize_t read_of(int pid, const char *what, char *text, size_t size)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/%s", pid, what);
    return read_small(path, text, size);
}

/* What follows the name in stat: field 3, the state, comes first here. */
static void parse_fields(char *text, struct process *process)
{
    enum { state, parent, group, session, terminal, foreground, user = 11, system, priority = 15, nice, threads };
    enum { start = 19, size, pages, cpu = 36, fields };
    unsigned long long value[fields] = {0};
    char *cursor = text;
    process->state = *cursor;
    cursor += *cursor != '\0';
    for (int i = 1; i < fields; i++)
        value[i] = strtoull(cursor, &cursor, 10); /* negative ones come out right in fewer bits */
    process->parent = value[parent];
    process->group = value[group];
    process->session = value[session];
    process->terminal = value[terminal];
    process->foreground = value[foreground];
    process->user_time = value[user];
    process->system_time = value[system];
    process->priority = value[priority];
    process->nice = value[nice];
    process->threads = value[threads];
    process->start_time = value[start];
    process->size = value[size];
    process->pages = value[pages];
    process->cpu = value[cpu];
}

/* Reads all about the process or thread that has this folder; false when it is gone. */
static bool read_folder(const char *folder, struct process *process)
{
    char text[1024], path[64];
    struct stat status;
    *process = (struct process){0};
    snprintf(path, sizeof(path), "%s/stat", folder);
    if (stat(folder, &status) < 0 || read_small(path, text, sizeof(text)) <= 0)
        return false;
    char *name = strchr(text, '('), *end = strrchr(text, ')'); /* the name itself may hold any character */
    if (!name || !end || end[1] != ' ')
        return false;
    snprintf(process->name, sizeof(process->name), "%.*s", (int)(end - name - 1), name + 1);
    process->pid = strtol(text, NULL, 10);
    process->uid = status.st_uid;
    parse_fields(end + 2, process);
    return true;
}

/* Reads all about one process; false when it is gone. */
bool proc_read(int pid, struct process *process)
{
    char folder[32];
    snprintf(folder, sizeof(folder), "/proc/%d", pid);
    return read_folder(folder, process);
}

struct process_list {
    struct process *first;
    size_t count, room;
};

/* Adds those whose folders lie in this one; false when it is gone. */
static bool list_add(struct process_list *list, const char *where)
{
    DIR *directory = opendir(where);
    if (!directory)
        return false;
    for (struct dirent *entry; (entry = readdir(directory));) {
        char folder[64];
        long long number;
        list->first = util_grow(list->first, list->count, &list->room, sizeof(*list->first));
        snprintf(folder, sizeof(folder), "%s/%.16s", where, entry->d_name);
        if (util_parse(entry->d_name, 10, &number) && read_folder(folder, &list->first[list->count]))
            list->count++;
    }
    closedir(directory);
    return true;
}

static int compare_pids(const void *a, const void *b)
{
    return ((const struct process *)a)->pid - ((const struct process *)b)->pid;
}

/* All processes, ordered by pid; the caller's to free.  Answers how many. */
size_t proc_list(struct process **processes)
{
    struct process_list list = {0};
    if (!list_add(&list, "/proc"))
        util_err("/proc");
    qsort(list.first, list.count, sizeof(*list.first), compare_pids);
    *processes = list.first;
    return list.count;
}

/* All threads, the same way: each with its own number, state, time and CPU, the rest is its process's. */
size_t proc_list_threads(struct process **threads)
{
    struct process_list list = {0};
    struct process *processes;
    size_t count = proc_list(&processes);
    for (size_t i = 0; i < count; i++) {
        char where[32];
        snprintf(where, sizeof(where), "/proc/%d/task", processes[i].pid);
        list_add(&list, where);
    }
    free(processes);
    *threads = list.first;
    return list.count;
}

/* Calls for that thread, or for all threads of the process; ends the program where there are none. */
void proc_each_thread(int pid, bool all, void (*visit)(int tid))
{
    struct process_list list = {0};
    char where[32];
    snprintf(where, sizeof(where), "/proc/%d/task", pid ? pid : (int)getpid());
    if (all && !list_add(&list, where))
        util_err("cannot obtain the list of tasks of pid %d", pid);
    for (size_t i = 0; i < list.count; i++)
        visit(list.first[i].pid);
    if (!all)
        visit(pid);
    free(list.first);
}

/* Its arguments with blanks between them, or its name in brackets when it has none; the caller's to free. */
char *proc_command_line(const struct process *process)
{
    size_t size = 4096;
    char *text = util_alloc(size);
    ssize_t length = read_of(process->pid, "cmdline", text, size);
    while (length > 0 && text[length - 1] == '\0')
        length--;
    for (ssize_t i = 0; i < length; i++) {
        if (text[i] == '\0' || text[i] == '\n')
            text[i] = ' ';
    }
    if (length <= 0)
        snprintf(text, size, "[%s]%s", process->name, process->state == 'Z' ? " <defunct>" : "");
    return text;
}

/* The kernel's word for what it waits for; "-" for nothing. */
void proc_wait_reason(const struct process *process, char *text, size_t size)
{
    ssize_t length = read_of(process->pid, "wchan", text, size);
    if (length > 0)
        text[strcspn(text, "\n")] = '\0';
    if (length <= 0 || strcmp(text, "0") == 0 || !*text)
        snprintf(text, size, "-");
}

/* Looks in a directory for the terminal with that device number; true when its name is in `name`. */
static bool find_terminal(const char *where, const char *prefix, int number, char *name, size_t size)
{
    DIR *directory = opendir(where);
    bool found = false;
    struct stat status;
    for (struct dirent *entry; directory && !found && (entry = readdir(directory));) {
        char *path = util_join(where, entry->d_name);
        found = lstat(path, &status) == 0 && S_ISCHR(status.st_mode) && (int)status.st_rdev == number;
        if (found)
            snprintf(name, size, "%s%s", prefix, entry->d_name);
        free(path);
    }
    if (directory)
        closedir(directory);
    return found;
}

/* The name of a terminal below /dev; "?" for 0, which is none.  Valid until the next call. */
const char *proc_terminal(int number)
{
    static char name[300] = "?";
    static int last;
    if (number == last)
        return name;
    last = number;
    if (number == 0 || (!find_terminal("/dev/pts", "pts/", number, name, sizeof(name)) &&
                        !find_terminal("/dev", "", number, name, sizeof(name))))
        strcpy(name, "?");
    return name;
}

/* How long the machine has been up, in 1/100 s. */
unsigned long long proc_uptime(void)
{
    char text[64], *rest = text;
    if (read_small("/proc/uptime", text, sizeof(text)) <= 0)
        util_err("/proc/uptime");
    unsigned long long seconds = strtoull(text, &rest, 10);
    return seconds * proc_hertz + (*rest == '.' ? strtoul(rest + 1, NULL, 10) : 0);
}

/* A line of /proc/meminfo ("MemFree"), in KiB; 0 when there is none. */
unsigned long long proc_memory(const char *what)
{
    static char text[4096];
    size_t length = strlen(what);
    if (!*text && read_small("/proc/meminfo", text, sizeof(text)) <= 0)
        util_err("/proc/meminfo");
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, what, length) == 0 && line[length] == ':')
            return strtoull(line + length + 1, NULL, 10);
    }
    return 0;
}
