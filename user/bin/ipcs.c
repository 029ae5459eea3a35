/*
 * ipcs.c - shows what processes share and talk through: System V's objects (-q queues, -m memory, -s semaphores; all
 * without any) and, with -P or -a, POSIX's: message queues and what stands in /dev/shm.  -t times, -p processes, -c
 * creators, -l limits, -u in sum.
 *
 * System V's come from /proc/sysvipc.  A POSIX semaphore is a file that holds it: its first word is the count, its
 * second the thread that took a unit last (user/lib/sem.h).
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
#include "lib/util.h"

enum { columns_max = 20 };

/* One line of a file of /proc/sysvipc: numbers, named by the file's first line. */
struct row {
    size_t count;
    char names[columns_max][16];
    long long numbers[columns_max];
};

/* One kind of System V objects. */
struct kind {
    const char *file, *title, *id;
    void (*print)(const struct row *row);
    const char *heading;
    const char *first_process, *second_process;
    const char *times[3], *time_names[3];
    const char *amount, *amount_name;
};

enum view { objects, times, processes, creators, limits, sums };

static long long column(const struct row *row, const char *name)
{
    for (size_t i = 0; i < row->count; i++)
        if (strcmp(row->names[i], name) == 0)
            return row->numbers[i];
    return 0;
}

/* The key, the identifier, the owner and the mode begin each line. */
static void print_head(const struct row *row, const char *id)
{
    printf("0x%08x %-10lld %-10s %-10llo ", (unsigned)column(row, "key"), column(row, id),
           names_user((uid_t)column(row, "uid")), column(row, "perms") & 0777);
}

static void print_queue(const struct row *row)
{
    print_head(row, "msqid");
    printf("%-12lld %-12lld\n", column(row, "cbytes"), column(row, "qnum"));
}

static void print_segment(const struct row *row)
{
    long long mode = column(row, "perms");

    print_head(row, "shmid");
    printf("%-10lld %-10lld %-6s %-6s\n", column(row, "size"), column(row, "nattch"), mode & 01000 ? "dest" : "",
           mode & 02000 ? "locked" : "");
}

static void print_set(const struct row *row)
{
    print_head(row, "semid");
    printf("%-10lld\n", column(row, "nsems"));
}

static const struct kind kinds[] = {
    {"/proc/sysvipc/msg",
     "Message Queues",
     "msqid",
     print_queue,
     "key        msqid      owner      perms      used-bytes   messages",
     "lspid",
     "lrpid",
     {"stime", "rtime", "ctime"},
     {"send", "recv", "change"},
     "cbytes",
     "used bytes"},
    {"/proc/sysvipc/shm",
     "Shared Memory Segments",
     "shmid",
     print_segment,
     "key        shmid      owner      perms      bytes      nattch     status",
     "cpid",
     "lpid",
     {"atime", "dtime", "ctime"},
     {"attached", "detached", "changed"},
     "size",
     "bytes"},
    {"/proc/sysvipc/sem",
     "Semaphore Arrays",
     "semid",
     print_set,
     "key        semid      owner      perms      nsems",
     NULL,
     NULL,
     {"otime", "ctime", NULL},
     {"last-op", "last-changed", NULL},
     "nsems",
     "semaphores"},
};

static void read_names(const char *line, struct row *row)
{
    char *copy = util_strdup(line);

    row->count = 0;
    for (char *word = strtok(copy, " \n"); word && row->count < columns_max; word = strtok(NULL, " \n"))
        snprintf(row->names[row->count++], sizeof row->names[0], "%s", word);
    free(copy);
}

static void read_numbers(char *line, struct row *row)
{
    char *end = line;

    for (size_t i = 0; i < row->count; i++)
        row->numbers[i] = strtoll(end, &end, strcmp(row->names[i], "perms") == 0 ? 8 : 10);
}

/* Calls visit() for each object.  False: there is no such file. */
static bool each_row(const struct kind *kind, void (*visit)(const struct kind *kind, const struct row *row))
{
    char line[512];
    struct row row;
    FILE *file = fopen(kind->file, "r");

    if (!file)
        return false;
    if (fgets(line, sizeof line, file))
        read_names(line, &row);
    while (fgets(line, sizeof line, file)) {
        read_numbers(line, &row);
        visit(kind, &row);
    }
    fclose(file);
    return true;
}

static void visit_object(const struct kind *kind, const struct row *row)
{
    kind->print(row);
}

static void print_time(long long seconds)
{
    char text[32] = "Not set";
    time_t when = seconds;

    if (seconds != 0)
        strftime(text, sizeof text, "%b %e %H:%M:%S", localtime(&when));
    printf(" %-20s", text);
}

static void visit_times(const struct kind *kind, const struct row *row)
{
    printf("%-10lld %-10s", column(row, kind->id), names_user((uid_t)column(row, "uid")));
    for (int i = 0; i < 3 && kind->times[i]; i++)
        print_time(column(row, kind->times[i]));
    putchar('\n');
}

static void visit_processes(const struct kind *kind, const struct row *row)
{
    printf("%-10lld %-10s %-10lld %-10lld\n", column(row, kind->id), names_user((uid_t)column(row, "uid")),
           column(row, kind->first_process), column(row, kind->second_process));
}

static void visit_creators(const struct kind *kind, const struct row *row)
{
    printf("%-10lld %-10llo", column(row, kind->id), column(row, "perms") & 0777);
    printf(" %-10s", names_user((uid_t)column(row, "cuid")));
    printf(" %-10s", names_group((gid_t)column(row, "cgid")));
    printf(" %-10s", names_user((uid_t)column(row, "uid")));
    printf(" %-10s\n", names_group((gid_t)column(row, "gid")));
}

static long long sum_objects, sum_amount;

static void visit_sum(const struct kind *kind, const struct row *row)
{
    sum_objects++;
    sum_amount += column(row, kind->amount);
}

static void show_limit(const char *name, const char *words)
{
    char path[64];
    long long value;
    FILE *file;

    snprintf(path, sizeof path, "/proc/sys/kernel/%s", name);
    file = fopen(path, "r");
    if (!file)
        return;
    if (fscanf(file, "%lld", &value) == 1)
        printf("%s = %lld\n", words, value);
    fclose(file);
}

static void show_limits(const struct kind *kind)
{
    static const char *const all[3][3][2] = {
        {{"msgmni", "max queues system wide"},
         {"msgmax", "max size of message (bytes)"},
         {"msgmnb", "default max size of queue (bytes)"}},
        {{"shmmni", "max number of segments"},
         {"shmmax", "max seg size (bytes)"},
         {"shmall", "max total shared memory (pages)"}},
        {{"semmni", "max number of arrays"}, {"semmns", "max semaphores system wide"}, {NULL, NULL}},
    };

    printf("\n------ %s Limits --------\n", kind->title);
    for (int i = 0; i < 3 && all[kind - kinds][i][0]; i++)
        show_limit(all[kind - kinds][i][0], all[kind - kinds][i][1]);
}

static void print_heading(const struct kind *kind, enum view view)
{
    static const char *const words[] = {[times] = " Times", [processes] = " PIDs", [creators] = " Creators/Owners"};

    printf("\n------ %s%s --------\n", kind->title, words[view] ? words[view] : "");
    if (view == objects)
        puts(kind->heading);
    if (view == creators)
        printf("%-10s %-10s %-10s %-10s %-10s %-10s\n", kind->id, "perms", "cuid", "cgid", "uid", "gid");
    if (view == processes)
        printf("%-10s %-10s %-10s %-10s\n", kind->id, "owner", kind->first_process, kind->second_process);
    if (view != times)
        return;
    printf("%-10s %-10s", kind->id, "owner");
    for (int i = 0; i < 3 && kind->times[i]; i++)
        printf(" %-20s", kind->time_names[i]);
    putchar('\n');
}

static void show_kind(const struct kind *kind, enum view view)
{
    static void (*const visits[])(const struct kind *, const struct row *) = {
        [objects] = visit_object, [times] = visit_times, [processes] = visit_processes, [creators] = visit_creators};

    if (view == limits) {
        show_limits(kind);
    } else if (view == sums) {
        sum_objects = sum_amount = 0;
        each_row(kind, visit_sum);
        printf("\n------ %s Status --------\nallocated = %lld\n%s = %lld\n", kind->title, sum_objects,
               kind->amount_name, sum_amount);
    } else if (view != processes || kind->first_process) {
        print_heading(kind, view);
        each_row(kind, visits[view]);
    }
}

/* A queue's or a semaphore's own numbers, behind what ls would show. */
static void print_contents(const char *path, const char *name, const struct stat *status)
{
    char text[256] = "";
    uint32_t words[2] = {0};
    int fd = open(path, O_RDONLY);
    ssize_t n = 0;

    if (fd >= 0 && strncmp(path, "/dev/mqueue", 11) == 0) {
        n = read(fd, text, sizeof text - 1);
        text[n > 0 ? n : 0] = '\0';
        text[strcspn(text, "\n")] = '\0';
    } else if (fd >= 0 && strncmp(name, "sem.", 4) == 0) {
        n = read(fd, words, sizeof words);
        snprintf(text, sizeof text, "value %d%s, last taken by %u", (int)words[0] > 0 ? (int)words[0] : 0,
                 (int)words[0] < 0 ? ", waited for" : "", (unsigned)words[1]);
    } else {
        snprintf(text, sizeof text, "%lld bytes", (long long)status->st_size);
    }
    if (fd >= 0)
        close(fd);
    puts(text);
}

static void show_folder(const char *folder, const char *title)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;
    struct stat status;
    char mode[11];

    printf("\n------ %s --------\n%-10s %-10s %-20s %s\n", title, "owner", "perms", "name", "contents");
    while (dir && (entry = readdir(dir))) {
        char *path = util_join(folder, entry->d_name);

        if (entry->d_name[0] != '.' && lstat(path, &status) == 0) {
            mode_string(status.st_mode, mode);
            printf("%-10s %-10s %-20s ", names_user(status.st_uid), mode, entry->d_name);
            print_contents(path, entry->d_name, &status);
        }
        free(path);
    }
    if (dir)
        closedir(dir);
}

int main(int argc, char **argv)
{
    bool wanted[3] = {false, false, false}, any = false, posix = false;
    enum view view = objects;

    util_start("ipcs", "[-qmsaP] [-tpclu]", 1);
    for (int option; (option = getopt(argc, argv, "qmsaPtpclu")) != -1;) {
        static const char kind_letters[] = "qms", view_letters[] = "tpclu";
        const char *kind = strchr(kind_letters, option), *chosen = strchr(view_letters, option);

        if (option == '?')
            util_usage();
        if (kind)
            any = wanted[kind - kind_letters] = true;
        if (chosen)
            view = times + (enum view)(chosen - view_letters);
        posix |= option == 'a' || option == 'P';
        any |= option == 'P';
    }
    for (int i = 0; i < 3; i++)
        if (wanted[i] || !any)
            show_kind(&kinds[i], view);
    if (posix) {
        show_folder("/dev/mqueue", "POSIX Message Queues");
        show_folder("/dev/shm", "POSIX Shared Memory and Semaphores");
    }
    putchar('\n');
    return util_finish(0);
}
