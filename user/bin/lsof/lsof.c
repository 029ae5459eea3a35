/*
 * lsof.c - who has what open: three views of what /proc tells of each process.
 *
 *      lsof [-p PID] [-u USER] [-c COMMAND] [-U] [NAME...]   a line for each thing that a process has
 *      lsof -o                                               a line for each object that processes share (objects.c)
 *      fuser [-k] [-SIGNAL] NAME...                          the processes that have a file; -k sends them a signal
 *      ss [-x] [-l | -a] [-p]                                sockets: connected ones, -l those that listen, -a all
 *
 * A process has its descriptors (/proc/PID/fd), its program, its working directory, and what it has mapped
 * (/proc/PID/maps).  So one sees the processes that one may look into; the superuser sees all.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "../lib/names.h"
#include "../lib/proc.h"
#include "../lib/signals.h"
#include "../lib/table.h"
#include "../lib/util.h"
#include "lsof.h"

static int wanted_pid, signal_number = SIGKILL;
static bool any_user = true, sockets_only, kills;
static uid_t wanted_user;
static const char *wanted_command;
static char **names;
static struct table sockets;

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

/* What the link /proc/PID/NAME leads to. */
static void visit_link(const struct process *process, const char *name, const char *how, void (*visit)(struct use *use))
{
    char link[80], path[400];
    struct use use = {.process = process, .path = path};
    struct stat self;
    ssize_t n;

    snprintf(link, sizeof link, "/proc/%d/%s", process->pid, name);
    n = readlink(link, path, sizeof path - 1);
    if (n < 0)
        return;
    path[n] = '\0';
    snprintf(use.how, sizeof use.how, "%s", how);
    if (lstat(link, &self) == 0 && strncmp(name, "fd/", 3) == 0)
        strcat(use.how, (self.st_mode & 0600) == 0600 ? "u" : self.st_mode & 0200 ? "w" : "r");
    if (stat(link, &use.status) != 0)
        memset(&use.status, 0, sizeof use.status);
    visit(&use);
}

void visit_descriptors(const struct process *process, void (*visit)(struct use *use))
{
    char folder[40], name[300];
    struct dirent *entry;
    DIR *dir;

    snprintf(folder, sizeof folder, "/proc/%d/fd", process->pid);
    dir = opendir(folder);
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        if (*entry->d_name == '.')
            continue;
        snprintf(name, sizeof name, "fd/%s", entry->d_name);
        visit_link(process, name, entry->d_name, visit);
    }
    if (dir != NULL)
        closedir(dir);
}

/* Files that are mapped, each once. */
static void visit_maps(const struct process *process, void (*visit)(struct use *use))
{
    char file[40], before[400] = "", *rest, *text;
    struct use use = {.process = process, .how = "mem"};
    struct stat program = {0};

    snprintf(file, sizeof file, "/proc/%d/exe", process->pid);
    stat(file, &program);
    snprintf(file, sizeof file, "/proc/%d/maps", process->pid);
    text = util_read_file(file, NULL);
    for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) {
        use.path = strchr(line, '/');
        if (use.path == NULL || strcmp(use.path, before) == 0 || stat(use.path, &use.status) != 0 ||
            is_same(&use.status, &program))
            continue;
        snprintf(before, sizeof before, "%s", use.path);
        visit(&use);
    }
    free(text);
}

static bool is_wanted(const struct process *process)
{
    return (wanted_pid == 0 || process->pid == wanted_pid) && (any_user || process->uid == wanted_user) &&
           (wanted_command == NULL || strncmp(process->name, wanted_command, strlen(wanted_command)) == 0);
}

void visit_all(void (*visit)(struct use *use))
{
    struct process *list;
    size_t count = proc_list(&list);

    for (size_t i = 0; i < count; i++) {
        if (!is_wanted(&list[i]))
            continue;
        visit_link(&list[i], "cwd", "cwd", visit);
        visit_link(&list[i], "exe", "txt", visit);
        visit_maps(&list[i], visit);
        visit_descriptors(&list[i], visit);
    }
    free(list);
}

static const char *type_word(mode_t mode)
{
    return S_ISREG(mode)    ? "REG"
           : S_ISDIR(mode)  ? "DIR"
           : S_ISCHR(mode)  ? "CHR"
           : S_ISFIFO(mode) ? "FIFO"
           : S_ISSOCK(mode) ? "unix"
                            : "?";
}

static const struct table_row *socket_row(const char *inode)
{
    for (size_t i = 0; i < sockets.count; i++) {
        if (strcmp(table_word(&sockets.rows[i], "inode"), inode) == 0)
            return &sockets.rows[i];
    }
    return NULL;
}

static const struct table_row *socket_of(const struct stat *status)
{
    char inode[24];

    snprintf(inode, sizeof inode, "%llu", (unsigned long long)status->st_ino);
    return S_ISSOCK(status->st_mode) ? socket_row(inode) : NULL;
}

static bool is_named(const struct use *use)
{
    struct stat status;
    const struct table_row *row = socket_of(&use->status);

    for (char **name = names; *name; name++) {
        if (strcmp(*name, use->path) == 0 || (row != NULL && strcmp(*name, row->words[0]) == 0) ||
            (stat(*name, &status) == 0 && is_same(&status, &use->status)))
            return true;
    }
    return *names == NULL;
}

static void list_use(struct use *use)
{
    const struct table_row *row = socket_of(&use->status);

    if (!is_named(use) || (sockets_only && row == NULL))
        return;
    printf("%-12.12s %5d %-8s %5s %-4s %6llu %s", use->process->name, use->process->pid, names_user(use->process->uid),
           use->how, type_word(use->status.st_mode), (unsigned long long)use->status.st_ino,
           row != NULL && strcmp(row->words[0], "-") != 0 ? row->words[0] : use->path);
    if (row != NULL)
        printf(" (%s, %s)", table_word(row, "type"), table_word(row, "state"));
    printf("\n");
}

static int be_lsof(int argc, char **argv)
{
    int option;

    util_start("lsof", "[-U] [-p PID] [-u USER] [-c COMMAND] [NAME...] | -o", 1);
    while ((option = getopt(argc, argv, "p:u:c:Uo")) != -1) {
        if (option == 'o')
            return list_objects();
        if (option == 'p')
            wanted_pid = (int)util_number(optarg, 1, 1 << 30, "pid");
        else if (option == 'u' && names_find_user(optarg, &wanted_user))
            any_user = false;
        else if (option == 'c')
            wanted_command = optarg;
        else if (option == 'U')
            sockets_only = true;
        else
            util_usage();
    }
    names = argv + optind;
    printf("%-12s %5s %-8s %5s %-4s %6s %s\n", "COMMAND", "PID", "USER", "FD", "TYPE", "NODE", "NAME");
    visit_all(list_use);
    return 0;
}

static int last_pid, found;
static char last_letter;

/* "12c": it is its working directory; e: its program; m: mapped; nothing: a descriptor. */
static void tell_user(struct use *use)
{
    char letter = *use->how == 'c' ? 'c' : *use->how == 't' ? 'e' : *use->how == 'm' ? 'm' : '\0';

    if (!is_named(use) || (use->process->pid == last_pid && letter == last_letter))
        return;
    if (use->process->pid != last_pid && kills && use->process->pid != getpid())
        kill(use->process->pid, signal_number);
    printf(" %d%.1s", use->process->pid, &letter);
    last_pid = use->process->pid;
    last_letter = letter;
    found++;
}

static int be_fuser(int argc, char **argv)
{
    int i = 1, status = 0;
    char *one[2] = {NULL, NULL};

    util_start("fuser", "[-k] [-SIGNAL] NAME...", 1);
    for (; i < argc && *argv[i] == '-'; i++) {
        if (strcmp(argv[i], "-k") == 0)
            kills = true;
        else if (!signals_find(argv[i] + 1, &signal_number))
            util_errx("%s: unknown signal", argv[i] + 1);
    }
    if (i == argc)
        util_usage();
    for (names = one; i < argc; i++) {
        one[0] = argv[i];
        last_pid = found = 0;
        printf("%s:", argv[i]);
        visit_all(tell_user);
        printf("\n");
        status |= found == 0;
    }
    return status;
}

static void print_peer(const struct table_row *row)
{
    const char *number = table_word(row, "peer");
    const struct table_row *peer = strcmp(number, "0") != 0 ? socket_row(number) : NULL;

    if (peer != NULL && strcmp(peer->words[0], "-") != 0)
        printf("%-24s", peer->words[0]);
    else
        printf("%-24s", number);
}

static int be_ss(int argc, char **argv)
{
    bool listening = false, all = false, holders = false;
    int option;

    util_start("ss", "[-x] [-l | -a] [-p]", 1);
    while ((option = getopt(argc, argv, "xlap")) != -1) {
        if (option == 'l')
            listening = true;
        else if (option == 'a')
            all = true;
        else if (option == 'p')
            holders = true;
        else if (option != 'x')
            util_usage();
    }
    printf("%-9s %-9s %8s %8s %6s %-24s %-24s%s\n", "TYPE", "STATE", "QUEUED", "LIMIT", "NODE", "NAME", "PEER",
           holders ? " HOLDERS" : "");
    for (const struct table_row *row = sockets.rows; row < sockets.rows + sockets.count; row++) {
        const char *state = table_word(row, "state");

        if (!all && listening != (strcmp(state, "listening") == 0))
            continue;
        printf("%-9s %-9s %8s %8s %6s %-24s ", table_word(row, "type"), state, table_word(row, "queued"),
               table_word(row, "limit"), table_word(row, "inode"), row->words[0]);
        print_peer(row);
        printf("%s%s\n", holders ? " " : "", holders ? table_word(row, "holders") : "");
    }
    return 0;
}

int main(int argc, char **argv)
{
    const char *name = util_basename(argv[0]);

    table_read(&sockets, "/proc/net/unix");
    if (strcmp(name, "fuser") == 0)
        return util_finish(be_fuser(argc, argv));
    return util_finish(strcmp(name, "ss") == 0 ? be_ss(argc, argv) : be_lsof(argc, argv));
}
