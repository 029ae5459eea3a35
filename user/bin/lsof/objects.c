/*
 * objects.c - everything through which processes talk, a line for each: whose it is, its mode, what is in it, who has
 * it, and who waits there for what.
 *
 *      OBJECT               OWNER    MODE       HOLDS                HOLDERS      WAITERS
 *      /tmp/fifo            root     prw-r--r-- 0 bytes              5,6          5 pipe-read
 *      socket:[190]         root     srwxrwxrwx 0 bytes              7            7 poll
 *
 * The tables of /proc say what there is, what is in it and who waits; a pipe's and a socket's owner and mode are those
 * of its file, or of a descriptor that leads to it.  What stands in /dev/shm has no table: it is listed, and looked for
 * in what processes have.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/mode.h"
#include "../lib/names.h"
#include "../lib/table.h"
#include "../lib/util.h"
#include "lsof.h"

/* A table whose rows are objects. */
static const struct source {
    const char *file, *prefix, *name; /* the object's name: a word of the row */
    const char *amount, *unit;
    const char *holders[2], *waiters[3];
} sources[] = {
    {"/proc/pipes", "", "name", "bytes", "bytes", {"readers", "writers"}, {"reading", "writing", "watching"}},
    {"/proc/net/unix", "", "name", "queued", "bytes", {"holders"}, {"reading", "writing", "watching"}},
    {"/proc/mqueues", "", "name", "messages", "messages", {"holders"}, {"senders", "receivers"}},
    {"/proc/sysvipc/msg", "msg ", "msqid", "qnum", "messages", {NULL}, {"senders", "receivers"}},
    {"/proc/sysvipc/sem", "sem ", "semid", "nsems", "semaphores", {NULL}, {NULL}},
    {"/proc/sysvipc/shm", "shm ", "shmid", "size", "bytes", {NULL}, {NULL}},
};

/* What is looked for among the things that processes have. */
static char sought[400];
static struct stat found;
static char holders[400];

static void add_pid(char *list, size_t size, int pid)
{
    size_t n = strlen(list);

    if (!table_has(list, pid))
        snprintf(list + n, size - n, "%s%d", n != 0 ? "," : "", pid);
}

static void look_at(struct use *use)
{
    const char *end = use->path + strlen(use->path) - strlen(sought);

    if (end < use->path || strcmp(end, sought) != 0)
        return;
    found = use->status;
    add_pid(holders, sizeof holders, use->process->pid);
}

static void seek(const char *name)
{
    snprintf(sought, sizeof sought, "%s", name);
    memset(&found, 0, sizeof found);
    *holders = '\0';
    visit_all(look_at);
}

static void add_list(const char *list)
{
    char *end;

    for (int pid; (pid = (int)strtol(list, &end, 10)) != 0; list = end + (*end == ','))
        add_pid(holders, sizeof holders, pid);
}

/* Each with its reason. */
static void print_waiters(const char *list, const char **between)
{
    struct process process;
    char reason[40], *end;

    for (int pid; (pid = (int)strtol(list, &end, 10)) != 0; list = end + (*end == ',')) {
        if (!proc_read(pid, &process))
            continue;
        proc_wait_reason(&process, reason, sizeof reason);
        printf("%s%d %s", *between, pid, reason);
        *between = ", ";
    }
}

static void print_head(const char *name, uid_t uid, mode_t mode, const char *holds)
{
    char text[11];

    mode_string(mode, text);
    printf("%-20s %-8s %s %-20s %-12s ", name, names_user(uid), text, holds, *holders != '\0' ? holders : "-");
}

/* Who waits for a set's semaphores: "waits:PID" in its lines. */
static void print_set_waiters(const char *id, const char **between)
{
    char line[1000], *word;
    FILE *file = fopen("/proc/sysvipc/sem_values", "r");

    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        word = strtok(line, " \n");
        if (word == NULL || strcmp(word, id) != 0)
            continue;
        while ((word = strtok(NULL, " \n")) != NULL) {
            if (strncmp(word, "waits:", 6) == 0)
                print_waiters(word + 6, between);
        }
    }
    if (file != NULL)
        fclose(file);
}

/* The owner and the mode: from the table, from its path, or from a descriptor. */
static void find_status(const struct source *source, const struct table_row *row, const char *name)
{
    if (*source->prefix != '\0' || strcmp(source->unit, "messages") == 0) {
        found.st_uid = (uid_t)atoi(table_word(row, "uid"));
        found.st_mode = (mode_t)strtoul(table_word(row, "perms"), NULL, 8) & 0777;
    } else if (*name != '/' || stat(name, &found) != 0) {
        seek(name);
    }
}

static void list_row(const struct source *source, const struct table_row *row)
{
    const char *word = table_word(row, source->name), *between = "", *unit = source->unit;
    char name[400], holds[60];

    if (strcmp(word, "-") == 0)
        snprintf(name, sizeof name, "socket:[%s]", table_word(row, "inode"));
    else
        snprintf(name, sizeof name, "%s%s", source->prefix, word);
    if (strcmp(table_word(row, "state"), "listening") == 0)
        unit = "connections";
    snprintf(holds, sizeof holds, "%s %s", table_word(row, source->amount), unit);
    memset(&found, 0, sizeof found);
    *holders = '\0';
    find_status(source, row, name);
    for (int i = 0; i < 2 && source->holders[i] != NULL; i++)
        add_list(table_word(row, source->holders[i]));
    print_head(name, found.st_uid, found.st_mode, holds);
    for (int i = 0; i < 3 && source->waiters[i] != NULL; i++)
        print_waiters(table_word(row, source->waiters[i]), &between);
    if (strcmp(source->name, "semid") == 0)
        print_set_waiters(word, &between);
    printf("%s\n", *between != '\0' ? "" : "-");
}

/* Who waits in a futex of this file. */
static void print_futex_waiters(ino_t number, const char **between)
{
    struct table table;

    table_read(&table, "/proc/futex");
    for (size_t i = 0; i < table.count; i++) {
        const struct table_row *row = &table.rows[i];

        if (strcmp(table_word(row, "where"), "shared") == 0 &&
            strtoull(table_word(row, "object"), NULL, 10) == (unsigned long long)number)
            print_waiters(table_word(row, "pid"), between);
    }
    table_free(&table);
}

/* A named semaphore is a file whose first word is its value (user/lib/sem.h). */
static void list_shared(const char *path, const char *name, const struct stat *status)
{
    const char *between = "";
    char holds[60];
    int32_t value = 0;

    seek(path);
    snprintf(holds, sizeof holds, "%lld bytes", (long long)status->st_size);
    if (strncmp(name, "sem.", 4) == 0) {
        int fd = open(path, O_RDONLY);

        if (fd >= 0 && read(fd, &value, sizeof value) == sizeof value)
            snprintf(holds, sizeof holds, "value %d", value > 0 ? (int)value : 0);
        if (fd >= 0)
            close(fd);
    }
    print_head(path, status->st_uid, status->st_mode, holds);
    print_futex_waiters(status->st_ino, &between);
    printf("%s\n", *between != '\0' ? "" : "-");
}

int list_objects(void)
{
    DIR *dir = opendir("/dev/shm");
    struct dirent *entry;
    struct stat status;

    printf("%-20s %-8s %-10s %-20s %-12s %s\n", "OBJECT", "OWNER", "MODE", "HOLDS", "HOLDERS", "WAITERS");
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        struct table table;

        table_read(&table, sources[i].file);
        for (size_t k = 0; k < table.count; k++)
            list_row(&sources[i], &table.rows[k]);
        table_free(&table);
    }
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        char *path = util_join("/dev/shm", entry->d_name);

        if (*entry->d_name != '.' && lstat(path, &status) == 0)
            list_shared(path, entry->d_name, &status);
        free(path);
    }
    if (dir != NULL)
        closedir(dir);
    return 0;
}
