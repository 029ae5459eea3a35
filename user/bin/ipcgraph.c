/*
 * ipcgraph.c - draws processes and what connects them: pipes and FIFOs, sockets, message queues, shared memory.
 *
 *      ipcgraph            a line for each object:    4 yes --> pipe:[126] --> 5 head
 *      ipcgraph -d         the same as a graph for Graphviz:  ipcgraph -d | dot -Tsvg
 *      -a                  objects of a single process, too (a socket that listens is always shown)
 *
 * The tables of /proc say who has which object; what is mapped is found in each process's /proc/PID/maps.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/proc.h"
#include "lib/table.h"
#include "lib/util.h"

static bool as_dot, all;
static struct process *processes;
static size_t process_count;

static const char *process_name(int pid)
{
    for (size_t i = 0; i < process_count; i++) {
        if (processes[i].pid == pid)
            return processes[i].name;
    }
    return "?";
}

/* The next number of a list with commas between them, or 0 at its end. */
static int next_pid(const char **list)
{
    char *end;
    int pid = (int)strtol(*list, &end, 10);

    *list = *end == ',' ? end + 1 : end;
    return pid;
}

/* Of how many processes do the lists tell?  (Counts to two.) */
static int count_processes(const char *a, const char *b)
{
    int first = next_pid(&a), pid;

    if (first == 0)
        first = next_pid(&b);
    while ((pid = next_pid(&a)) != 0 || (pid = next_pid(&b)) != 0) {
        if (pid != first)
            return 2;
    }
    return first != 0;
}

static void print_processes(const char *list)
{
    int pid = next_pid(&list);

    if (pid == 0)
        printf("nobody");
    for (; pid != 0; pid = next_pid(&list))
        printf("%d %s%s", pid, process_name(pid), *list >= '0' && *list <= '9' ? ", " : "");
}

/* Those who put in, the object, those who take out; `both`: all do both. */
static void draw_text(const char *object, const char *note, const char *from, const char *to, bool both)
{
    print_processes(from);
    printf(both ? " <--> %s%s" : " --> %s%s", object, note);
    if (to != NULL) {
        printf(both ? " <--> " : " --> ");
        print_processes(to);
    }
    printf("\n");
}

/* A name as dot takes it, in quotes. */
static void print_quoted(const char *name, const char *note)
{
    putchar('"');
    for (; *name; name++)
        printf(*name == '"' || *name == '\\' ? "\\%c" : "%c", *name);
    printf("%s\"", note);
}

/* Who puts in stands to the left of the object, who takes out to its right. */
static void draw_edges(const char *object, const char *list, bool puts, const char *style)
{
    char label[100];
    int pid;

    while ((pid = next_pid(&list)) != 0) {
        snprintf(label, sizeof label, "%d %s", pid, process_name(pid));
        printf("    p%d [label=", pid);
        print_quoted(label, "");
        printf("];\n    ");
        if (puts)
            printf("p%d -> ", pid);
        print_quoted(object, "");
        if (!puts)
            printf(" -> p%d", pid);
        printf("%s;\n", style);
    }
}

static void draw_dot(const char *object, const char *note, const char *from, const char *to, bool both)
{
    const char *style = both ? " [dir=both]" : "";

    printf("    ");
    print_quoted(object, "");
    printf(" [shape=box, label=");
    print_quoted(object, note);
    printf("];\n");
    draw_edges(object, from, true, style);
    if (to != NULL)
        draw_edges(object, to, false, style);
}

/* `to` NULL: they are all in `from`. */
static void draw_always(const char *object, const char *note, const char *from, const char *to, bool both)
{
    if (as_dot)
        draw_dot(object, note, from, to, both);
    else
        draw_text(object, note, from, to, both);
}

static void draw(const char *object, const char *note, const char *from, const char *to, bool both)
{
    if (all || count_processes(from, to != NULL ? to : "-") >= 2)
        draw_always(object, note, from, to, both);
}

static void draw_pipes(void)
{
    struct table table;

    table_read(&table, "/proc/pipes");
    for (struct table_row *row = table.rows; row < table.rows + table.count; row++)
        draw(row->words[0], "", table_word(row, "writers"), table_word(row, "readers"), false);
    table_free(&table);
}

static void draw_queues(void)
{
    char note[60];
    struct table table;

    table_read(&table, "/proc/mqueues");
    for (struct table_row *row = table.rows; row < table.rows + table.count; row++) {
        snprintf(note, sizeof note, " (%s messages)", table_word(row, "messages"));
        draw(row->words[0], note, table_word(row, "holders"), NULL, true);
    }
    table_free(&table);
}

static const struct table_row *socket_row(const struct table *table, const char *inode)
{
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table_word(&table->rows[i], "inode"), inode) == 0)
            return &table->rows[i];
    }
    return NULL;
}

/* A connection is drawn once, as what is between its two sockets. */
static void draw_socket(const struct table *table, const struct table_row *row)
{
    const struct table_row *peer = socket_row(table, table_word(row, "peer"));
    const char *state = table_word(row, "state");
    bool mutual = peer != NULL && strcmp(table_word(peer, "peer"), table_word(row, "inode")) == 0;
    char object[400], note[60] = "";

    if (mutual && peer < row)
        return;
    if (mutual) {
        const char *name = strcmp(peer->words[0], "-") != 0 ? peer->words[0] : row->words[0];

        snprintf(object, sizeof object, "socket:[%s,%s]%s%s", table_word(row, "inode"), table_word(peer, "inode"),
                 strcmp(name, "-") != 0 ? " " : "", strcmp(name, "-") != 0 ? name : "");
        if (strcmp(table_word(peer, "state"), "waiting") == 0 || strcmp(state, "waiting") == 0)
            snprintf(note, sizeof note, " (not accepted)");
        draw(object, note, table_word(row, "holders"), table_word(peer, "holders"), true);
        return;
    }
    snprintf(object, sizeof object, "socket:[%s] %s", table_word(row, "inode"), row->words[0]);
    snprintf(note, sizeof note, " (%s %s)", table_word(row, "type"), state);
    if (strcmp(state, "listening") == 0)
        draw_always(object, note, table_word(row, "holders"), NULL, true);
    else
        draw(object, note, table_word(row, "holders"), peer != NULL ? table_word(peer, "holders") : NULL, true);
}

static void draw_sockets(void)
{
    struct table table;

    table_read(&table, "/proc/net/unix");
    for (struct table_row *row = table.rows; row < table.rows + table.count; row++)
        draw_socket(&table, row);
    table_free(&table);
}

/* A piece of shared memory, by its name in the maps, and the processes that have mapped it. */
struct segment {
    char name[100], *pids;
    size_t room;
};

static struct segment *segments;
static size_t segment_count, segment_room;

static void add_segment(const char *name, int pid)
{
    struct segment *segment = segments;

    while (segment < segments + segment_count && strcmp(segment->name, name) != 0)
        segment++;
    if (segment == segments + segment_count) {
        segments = util_grow(segments, segment_count, &segment_room, sizeof *segments);
        segment = &segments[segment_count++];
        *segment = (struct segment){.pids = util_strdup(""), .room = 1};
        snprintf(segment->name, sizeof segment->name, "%s", name);
    }
    size_t n = strlen(segment->pids);
    if (table_has(segment->pids, pid))
        return;
    while (segment->room < n + 12)
        segment->pids = util_grow(segment->pids, segment->room, &segment->room, 1);
    snprintf(segment->pids + n, segment->room - n, "%s%d", n != 0 ? "," : "", pid);
}

static void find_segments(int pid)
{
    char file[40], *rest, *text;

    snprintf(file, sizeof file, "/proc/%d/maps", pid);
    text = util_read_file(file, NULL);
    for (char *line = text ? strtok_r(text, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest)) {
        const char *name = strstr(line, "/dev/shm/");

        if (name == NULL)
            name = strstr(line, "/SYSV");
        if (name != NULL)
            add_segment(name, pid);
    }
    free(text);
}

int main(int argc, char **argv)
{
    int option;

    util_start("ipcgraph", "[-a] [-d]", 1);
    while ((option = getopt(argc, argv, "ad")) != -1) {
        if (option == 'a')
            all = true;
        else if (option == 'd')
            as_dot = true;
        else
            util_usage();
    }
    process_count = proc_list(&processes);
    if (as_dot)
        printf("digraph ipc {\n    rankdir=LR;\n");
    for (size_t i = 0; i < process_count; i++)
        find_segments(processes[i].pid);
    draw_pipes();
    draw_sockets();
    draw_queues();
    for (size_t i = 0; i < segment_count; i++)
        draw(segments[i].name, strstr(segments[i].name, "/sem.") != NULL ? " (semaphore)" : " (shared memory)",
             segments[i].pids, NULL, true);
    if (as_dot)
        printf("}\n");
    return util_finish(0);
}
