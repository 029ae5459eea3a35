/*
 * threads.c - all threads, from /proc/PID/task, and what may be seen of their processes.
 *
 * Of other users' processes only the names, the states and the kernel's words are shown; for the rest the files say
 * EACCES, and `open` stays false.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/proc.h"
#include "../lib/util.h"
#include "why.h"

struct thread *threads;
size_t thread_count;
static size_t room;

/* The text of a small file of the thread, "" where it cannot be read. */
static const char *read_of(const struct thread *thread, const char *name)
{
    static char text[512];
    char path[64];
    ssize_t n = 0;
    int fd;

    snprintf(path, sizeof path, "/proc/%d/task/%d/%s", thread->pid, thread->tid, name);
    fd = open(path, O_RDONLY);
    if (fd >= 0) {
        n = read(fd, text, sizeof text - 1);
        close(fd);
    }
    text[n > 0 ? n : 0] = '\0';
    return text;
}

static void read_call(struct thread *thread)
{
    char *cursor = (char *)read_of(thread, "syscall");

    thread->open = *cursor != '\0';
    for (unsigned i = 0; i < UTIL_COUNT(thread->call); i++)
        thread->call[i] = strtoul(cursor, &cursor, 0);
    thread->lr = strtoul(cursor, &cursor, 0);
}

/* By the name that it has itself. */
static void add_thread(int pid, int tid)
{
    struct thread thread = {.pid = pid, .tid = tid};
    const char *stat = read_of(&thread, "stat"), *name = strchr(stat, '('), *end = strrchr(stat, ')');

    if (!name || !end)
        return; /* it has ended meanwhile */
    thread.state = end[2];
    snprintf(thread.name, sizeof thread.name, "%.*s", (int)(end - name - 1), name + 1);
    snprintf(thread.reason, sizeof thread.reason, "%s", read_of(&thread, "wchan"));
    if (strcmp(thread.reason, "0") == 0)
        thread.reason[0] = '\0';
    read_call(&thread);
    threads = util_grow(threads, thread_count, &room, sizeof *threads);
    threads[thread_count++] = thread;
}

/* A process that has no thread any more, and is there until its parent waits for it. */
static void add_ended(const struct process *process)
{
    struct thread thread = {.pid = process->pid, .tid = process->pid, .parent = process->parent, .state = 'Z'};

    snprintf(thread.name, sizeof thread.name, "%s", process->name);
    threads = util_grow(threads, thread_count, &room, sizeof *threads);
    threads[thread_count++] = thread;
}

static int compare_tids(const void *a, const void *b)
{
    return ((const struct thread *)a)->tid - ((const struct thread *)b)->tid;
}

void threads_read(void)
{
    struct process *list;
    size_t count = proc_list(&list);
    char path[32];

    for (size_t i = 0; i < count; i++) {
        size_t before = thread_count;
        DIR *task;
        long long tid;

        snprintf(path, sizeof path, "/proc/%d/task", list[i].pid);
        task = opendir(path);
        for (struct dirent *entry; task && (entry = readdir(task));)
            if (util_parse(entry->d_name, 10, &tid))
                add_thread(list[i].pid, (int)tid);
        if (task)
            closedir(task);
        if (list[i].state == 'Z' && thread_count == before)
            add_ended(&list[i]);
    }
    free(list);
    qsort(threads, thread_count, sizeof *threads, compare_tids);
}

struct thread *thread_find(int tid)
{
    struct thread key = {.tid = tid};

    return bsearch(&key, threads, thread_count, sizeof *threads, compare_tids);
}

struct thread *thread_of_process(int pid, const struct thread *previous)
{
    for (size_t i = previous ? (size_t)(previous - threads) + 1 : 0; i < thread_count; i++)
        if (threads[i].pid == pid)
            return &threads[i];
    return NULL;
}

bool thread_memory(const struct thread *thread, uint32_t address, void *to, size_t size)
{
    char path[32];
    bool done = false;
    int fd;

    snprintf(path, sizeof path, "/proc/%d/mem", thread->pid);
    fd = open(path, O_RDONLY);
    if (fd >= 0) {
        done = pread(fd, to, size, (off_t)address) == (ssize_t)size;
        close(fd);
    }
    return done;
}

const char *thread_file(const struct thread *thread, uint32_t fd)
{
    static char name[300];
    char path[48];
    ssize_t n;

    snprintf(path, sizeof path, "/proc/%d/fd/%u", thread->pid, (unsigned)fd);
    n = readlink(path, name, sizeof name - 1);
    name[n > 0 ? n : 0] = '\0';
    return name;
}

unsigned long long thread_file_number(const struct thread *thread, uint32_t fd)
{
    struct stat status;
    char path[48];

    snprintf(path, sizeof path, "/proc/%d/fd/%u", thread->pid, (unsigned)fd);
    return stat(path, &status) == 0 ? status.st_ino : 0;
}

bool thread_mapped(const struct thread *thread, unsigned long long object, unsigned long long offset, uint32_t *address,
                   char *name, size_t size)
{
    char path[32], line[400];
    bool found = false;
    FILE *maps;

    snprintf(path, sizeof path, "/proc/%d/maps", thread->pid);
    maps = fopen(path, "r");
    while (maps && !found && fgets(line, sizeof line, maps)) {
        unsigned long start, end, from;
        unsigned long long number;
        int at = 0;

        if (sscanf(line, "%lx-%lx %*s %lx %*s %llu %n", &start, &end, &from, &number, &at) < 4 || number != object ||
            offset < from || offset - from >= end - start)
            continue;
        found = true;
        *address = (uint32_t)(start + (offset - from));
        snprintf(name, size, "%.*s", (int)strcspn(line + at, "\n"), line + at);
    }
    if (maps)
        fclose(maps);
    return found;
}

void say(struct thread *thread, const char *format, ...)
{
    size_t length = strlen(thread->what);
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(thread->what + length, sizeof thread->what - length, format, arguments);
    va_end(arguments);
}

void held_by_thread(struct thread *thread, const char *relation, int tid)
{
    for (size_t i = 0; i < thread->holder_count; i++)
        if (thread->holders[i] == tid)
            return;
    snprintf(thread->relation, sizeof thread->relation, "%s", relation);
    thread->holders = util_grow(thread->holders, thread->holder_count, &thread->holder_room, sizeof(int));
    thread->holders[thread->holder_count++] = tid;
}

void held_by_process(struct thread *thread, const char *relation, int pid)
{
    for (struct thread *other = NULL; (other = thread_of_process(pid, other));)
        if (other != thread)
            held_by_thread(thread, relation, other->tid);
}

void held_by_list(struct thread *thread, const char *relation, const char *pids, bool has_name)
{
    for (const char *at = pids; at; at = strchr(at, ',')) {
        at += *at == ',';
        held_by_process(thread, relation, (int)strtol(at, NULL, 10));
    }
    if (thread->holder_count > 0 || !table_has(pids, thread->pid))
        return;
    if (has_name)
        say(thread, ", which nobody else has open");
    else
        held_by_thread(thread, relation, thread->tid); /* nobody but itself, and nobody can come */
}
