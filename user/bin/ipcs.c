/*
 * ipcs.c - shows what processes share and talk through: System V's objects (-q queues, -m memory, -s semaphores; all
 * three without any), with -F pipes and FIFOs, with -P POSIX's message queues and what stands in /dev/shm, with -a all
 * of these.  -t times, -p processes, -c creators, -l limits, -u in sum.
 *
 * System V's come from /proc/sysvipc, pipes from /proc/pipes.  A POSIX semaphore is a file that holds it: its first
 * word is the count, its second the thread that took a unit last (user/lib/sem.h); /proc/futex shows who waits for it.
 * Who has an object is found in each process's own files: /proc/PID/maps names what it has mapped, /proc/PID/fd what it
 * has open.  So one sees the processes that one may look into; the superuser sees all.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/mode.h"
#include "lib/names.h"
#include "lib/proc.h"
#include "lib/table.h"
#include "lib/util.h"

enum view { objects, times, processes, creators, limits, sums };
enum { listed_views = creators + 1 };

struct column {
    const char *title, *word; /* of the row */
    int width;
    void (*print)(const struct table_row *row, const struct column *column);
};

static void print_word(const struct table_row *row, const struct column *column)
{
    printf("%-*s", column->width, table_word(row, column->word));
}

static void print_key(const struct table_row *row, const struct column *column)
{
    printf("0x%08x", (unsigned)strtol(table_word(row, column->word), NULL, 10));
}

static void print_mode(const struct table_row *row, const struct column *column)
{
    printf("%-*lo", column->width, strtoul(table_word(row, column->word), NULL, 8) & 0777);
}

static void print_status(const struct table_row *row, const struct column *column)
{
    unsigned long mode = strtoul(table_word(row, column->word), NULL, 8);

    printf("%-6s %-6s", mode & 01000 ? "dest" : "", mode & 02000 ? "locked" : "");
}

static void print_user(const struct table_row *row, const struct column *column)
{
    printf("%-*s", column->width, names_user((uid_t)strtoul(table_word(row, column->word), NULL, 10)));
}

static void print_group(const struct table_row *row, const struct column *column)
{
    printf("%-*s", column->width, names_group((gid_t)strtoul(table_word(row, column->word), NULL, 10)));
}

static void print_time(const struct table_row *row, const struct column *column)
{
    time_t when = strtoll(table_word(row, column->word), NULL, 10);
    char text[32] = "Not set";

    if (when != 0)
        strftime(text, sizeof text, "%b %e %H:%M:%S", localtime(&when));
    printf("%-*s", column->width, text);
}

/* Does a line of the process's file hold the text? */
static bool file_mentions(const char *path, const char *text)
{
    char line[512];
    bool found = false;
    FILE *file = fopen(path, "r");

    while (file && !found && fgets(line, sizeof line, file))
        found = strstr(line, text) != NULL;
    if (file)
        fclose(file);
    return found;
}

/* Has the process mapped or opened something whose name ends so? */
static bool has_mapped(int pid, const char *name)
{
    char path[32], text[300];

    snprintf(path, sizeof path, "/proc/%d/maps", pid);
    snprintf(text, sizeof text, "%s\n", name);
    return file_mentions(path, text);
}

static bool has_open(int pid, const char *name)
{
    char folder[32], target[300];
    struct dirent *entry;
    bool found = false;
    DIR *dir;

    snprintf(folder, sizeof folder, "/proc/%d/fd", pid);
    dir = opendir(folder);
    while (dir && !found && (entry = readdir(dir))) {
        ssize_t n = readlinkat(dirfd(dir), entry->d_name, target, sizeof target - 1);

        target[n > 0 ? n : 0] = '\0';
        found = strcmp(target, name) == 0;
    }
    if (dir)
        closedir(dir);
    return found;
}

/* The pids of all that have it, with commas between them, or "-". */
static void print_holders(const char *name)
{
    struct process *list;
    size_t count = proc_list(&list);
    const char *between = "";

    for (size_t i = 0; i < count; i++)
        if (has_mapped(list[i].pid, name) || has_open(list[i].pid, name)) {
            printf("%s%d", between, list[i].pid);
            between = ",";
        }
    printf("%s", *between ? "" : "-");
    free(list);
}

static void print_attached(const struct table_row *row, const struct column *column)
{
    char name[32];

    snprintf(name, sizeof name, "(%s)", table_word(row, column->word));
    print_holders(name);
}

/* Who waits for one of a set's semaphores ("waits:PID"), or whose end will change one ("undo:PID:N"). */
static void print_semaphore_users(const struct table_row *row, const struct column *column)
{
    const char *title = column->title, *between = "";
    char *line = NULL;
    size_t size = 0;
    FILE *file = fopen("/proc/sysvipc/sem_values", "r");

    while (file && getline(&line, &size, file) != -1) {
        char *text = strtok(line, " \n");

        if (!text || strcmp(text, table_word(row, column->word)) != 0)
            continue;
        while ((text = strtok(NULL, " \n")))
            if (strncmp(text, title, strlen(title)) == 0 && text[strlen(title)] == ':') {
                printf("%s%ld", between, strtol(strchr(text, ':') + 1, NULL, 10));
                between = ",";
            }
    }
    if (file)
        fclose(file);
    free(line);
    printf("%-*s", *between ? 1 : column->width, *between ? "" : "-");
}

#define ID(name)                   \
    {                              \
        name, name, 10, print_word \
    }
#define OWNER                          \
    {                                  \
        "owner", "uid", 10, print_user \
    }
#define PERMS                            \
    {                                    \
        "perms", "perms", 10, print_mode \
    }
#define PIPE                           \
    {                                  \
        "name", "name", 20, print_word \
    }
#define HEAD(name) {"key", "key", 10, print_key}, ID(name), OWNER, PERMS
#define CREATORS(name)                                                                        \
    {                                                                                         \
        ID(name), PERMS, {"cuid", "cuid", 10, print_user}, {"cgid", "cgid", 10, print_group}, \
            {"uid", "uid", 10, print_user}, {"gid", "gid", 10, print_group},                  \
    }

/* One kind of System V objects. */
static const struct kind {
    const char *file, *title;
    struct column columns[listed_views][8];
    const char *amount, *amount_name; /* for -u */
    const char *limits[3][2];         /* files of /proc/sys/kernel or fs, and what they are */
} kinds[] = {
    {"/proc/sysvipc/msg",
     "Message Queues",
     {[objects] = {HEAD("msqid"), {"used-bytes", "cbytes", 12, print_word}, {"messages", "qnum", 12, print_word}},
      [times] = {ID("msqid"),
                 OWNER,
                 {"send", "stime", 20, print_time},
                 {"recv", "rtime", 20, print_time},
                 {"change", "ctime", 20, print_time}},
      [processes] = {ID("msqid"),
                     OWNER,
                     {"lspid", "lspid", 10, print_word},
                     {"lrpid", "lrpid", 10, print_word},
                     {"senders", "senders", 10, print_word},
                     {"receivers", "receivers", 10, print_word}},
      [creators] = CREATORS("msqid")},
     "cbytes",
     "used bytes",
     {{"msgmni", "max queues system wide"},
      {"msgmax", "max size of message (bytes)"},
      {"msgmnb", "default max size of queue (bytes)"}}},
    {"/proc/sysvipc/shm",
     "Shared Memory Segments",
     {[objects] = {HEAD("shmid"),
                   {"bytes", "size", 10, print_word},
                   {"nattch", "nattch", 10, print_word},
                   {"status", "perms", 10, print_status}},
      [times] = {ID("shmid"),
                 OWNER,
                 {"attached", "atime", 20, print_time},
                 {"detached", "dtime", 20, print_time},
                 {"changed", "ctime", 20, print_time}},
      [processes] = {ID("shmid"),
                     OWNER,
                     {"cpid", "cpid", 10, print_word},
                     {"lpid", "lpid", 10, print_word},
                     {"attached", "shmid", 10, print_attached}},
      [creators] = CREATORS("shmid")},
     "size",
     "bytes",
     {{"shmmni", "max number of segments"},
      {"shmmax", "max seg size (bytes)"},
      {"shmall", "max total shared memory (pages)"}}},
    {"/proc/sysvipc/sem",
     "Semaphore Arrays",
     {[objects] = {HEAD("semid"), {"nsems", "nsems", 10, print_word}},
      [times] = {ID("semid"), OWNER, {"last-op", "otime", 20, print_time}, {"last-changed", "ctime", 20, print_time}},
      [processes] = {ID("semid"),
                     OWNER,
                     {"waits", "semid", 10, print_semaphore_users},
                     {"undo", "semid", 10, print_semaphore_users}},
      [creators] = CREATORS("semid")},
     "nsems",
     "semaphores",
     {{"semmni", "max number of arrays"}, {"semmns", "max semaphores system wide"}}},
    {"/proc/pipes",
     "Pipes and FIFOs",
     {[objects] = {PIPE, {"used-bytes", "bytes", 12, print_word}, {"capacity", "capacity", 10, print_word}},
      [processes] = {PIPE,
                     {"readers", "readers", 10, print_word},
                     {"writers", "writers", 10, print_word},
                     {"reading", "reading", 10, print_word},
                     {"writing", "writing", 10, print_word},
                     {"watching", "watching", 10, print_word}}},
     "bytes",
     "used bytes",
     {{"pipe-max-size", "max size of pipe (bytes)"},
      {"pipe-user-pages-soft", "max pages of a user's large pipes"},
      {"pipe-user-pages-hard", "max pages of a user's pipes"}}},
};

/* Calls visit() for each object. */
static void each_row(const struct kind *kind, void (*visit)(const struct kind *kind, const struct table_row *row))
{
    struct table table;

    table_read(&table, kind->file);
    for (size_t i = 0; i < table.count; i++)
        visit(kind, &table.rows[i]);
    table_free(&table);
}

static enum view view = objects;

static void visit_listed(const struct kind *kind, const struct table_row *row)
{
    for (const struct column *column = kind->columns[view]; column->title; column++) {
        if (column != kind->columns[view])
            putchar(' ');
        column->print(row, column);
    }
    putchar('\n');
}

static long long sum_objects, sum_amount;

static void visit_sum(const struct kind *kind, const struct table_row *row)
{
    sum_objects++;
    sum_amount += strtoll(table_word(row, kind->amount), NULL, 10);
}

static void show_limit(const char *name, const char *words)
{
    char path[64];
    long long value;
    FILE *file;

    snprintf(path, sizeof path, "/proc/sys/%s/%s", strncmp(name, "pipe", 4) == 0 ? "fs" : "kernel", name);
    file = fopen(path, "r");
    if (!file)
        return;
    if (fscanf(file, "%lld", &value) == 1)
        printf("%s = %lld\n", words, value);
    fclose(file);
}

static void show_kind(const struct kind *kind)
{
    static const char *const words[] = {
        [objects] = "",       [times] = " Times", [processes] = " PIDs", [creators] = " Creators/Owners",
        [limits] = " Limits", [sums] = " Status"};

    if (view < limits && !kind->columns[view][0].title)
        return;
    printf("\n------ %s%s --------\n", kind->title, words[view]);
    if (view == limits) {
        for (int i = 0; i < 3 && kind->limits[i][0]; i++)
            show_limit(kind->limits[i][0], kind->limits[i][1]);
    } else if (view == sums) {
        sum_objects = sum_amount = 0;
        each_row(kind, visit_sum);
        printf("allocated = %lld\n%s = %lld\n", sum_objects, kind->amount_name, sum_amount);
    } else {
        for (const struct column *column = kind->columns[view]; column->title; column++)
            printf("%s%-*s", column == kind->columns[view] ? "" : " ", column->width, column->title);
        putchar('\n');
        each_row(kind, visit_listed);
    }
}

/* Who waits for the semaphore that is all of this file. */
static void print_semaphore_waiters(const struct stat *status)
{
    const char *between = ", waited for by ";
    FILE *file = fopen("/proc/futex", "r");
    char line[128], where[16];
    unsigned long long object;
    int pid;

    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "%d %*d %*s %15s %llu", &pid, where, &object) == 3 && strcmp(where, "shared") == 0 &&
            object == status->st_ino) {
            printf("%s%d", between, pid);
            between = ",";
        }
    if (file)
        fclose(file);
}

/* A queue's or a semaphore's own numbers, behind what ls would show. */
static void print_contents(const char *path, const char *name, const struct stat *status)
{
    char text[256] = "";
    uint32_t words[2] = {0};
    int fd = open(path, O_RDONLY);
    ssize_t n;

    if (fd >= 0 && strncmp(path, "/dev/mqueue", 11) == 0) {
        n = read(fd, text, sizeof text - 1);
        text[n > 0 ? n : 0] = '\0';
        printf("%.*s", (int)strcspn(text, "\n"), text);
    } else if (fd >= 0 && strncmp(name, "sem.", 4) == 0) {
        read(fd, words, sizeof words);
        printf("value %d, last taken by %u", (int)words[0] > 0 ? (int)words[0] : 0, (unsigned)words[1]);
        print_semaphore_waiters(status);
    } else {
        printf("%lld bytes", (long long)status->st_size);
    }
    if (fd >= 0)
        close(fd);
}

static void show_folder(const char *folder, const char *title)
{
    const char *last = view == processes ? "pids" : "contents";
    DIR *dir = opendir(folder);
    struct dirent *entry;
    struct stat status;
    char mode[11];

    printf("\n------ %s --------\n%-10s %-10s %-20s %s\n", title, "owner", "perms", "name", last);
    while (dir && (entry = readdir(dir))) {
        char *path = util_join(folder, entry->d_name);

        if (entry->d_name[0] != '.' && lstat(path, &status) == 0) {
            mode_string(status.st_mode, mode);
            printf("%-10s %-10s %-20s ", names_user(status.st_uid), mode, entry->d_name);
            if (view == processes)
                print_holders(path);
            else
                print_contents(path, entry->d_name, &status);
            putchar('\n');
        }
        free(path);
    }
    if (dir)
        closedir(dir);
}

int main(int argc, char **argv)
{
    bool wanted[4] = {false}, any = false, all = false, posix = false;

    util_start("ipcs", "[-qmsFPa] [-tpclu]", 1);
    for (int option; (option = getopt(argc, argv, "qmsFPatpclu")) != -1;) {
        static const char kind_letters[] = "qmsF", view_letters[] = "tpclu";
        const char *kind = strchr(kind_letters, option), *chosen = strchr(view_letters, option);

        if (option == '?')
            util_usage();
        if (kind)
            any = wanted[kind - kind_letters] = true;
        if (chosen)
            view = times + (enum view)(chosen - view_letters);
        all |= option == 'a';
        posix |= option == 'P';
    }
    for (int i = 0; i < 4; i++)
        if (wanted[i] || all || (i < 3 && !any && !posix))
            show_kind(&kinds[i]);
    if (posix || all) {
        show_folder("/dev/mqueue", "POSIX Message Queues");
        show_folder("/dev/shm", "POSIX Shared Memory and Semaphores");
    }
    putchar('\n');
    return util_finish(0);
}
