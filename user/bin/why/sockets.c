/*
 * sockets.c - what a thread waits for at a socket: /proc/net/unix says in whose queue, and who has the other end.
 */
#include <stdlib.h>
#include <string.h>

#include "../lib/proc.h"
#include "../lib/util.h"
#include "why.h"

/* The row whose column has that word, or where the process stands in the list; behind `row`, or NULL: from the first
 * on. NULL: there is none. */
static const struct table_row *next_row(const struct table *table, const struct table_row *row, const char *column,
                                        const char *word, int pid)
{
    for (row = row != NULL ? row + 1 : table->rows; row < table->rows + table->count; row++) {
        const char *has = table_word(row, column);

        if (word != NULL ? strcmp(has, word) == 0 : table_has(has, pid))
            return row;
    }
    return NULL;
}

/* The queue where the thread waits; of a reader's the descriptor tells which it is. */
static const struct table_row *find_queue(const struct table *table, const struct thread *thread, const char *column)
{
    bool reads = strcmp(column, "reading") == 0;
    unsigned long long inode = thread->open && reads ? thread_file_number(thread, argument(thread, 0)) : 0;
    const struct table_row *row = NULL;

    while ((row = next_row(table, row, column, NULL, thread->pid)) != NULL) {
        if (inode == 0 || strtoull(table_word(row, "inode"), NULL, 10) == inode)
            return row;
    }
    return NULL;
}

/* Who listens at the name of that row. */
static void held_by_server(struct thread *thread, const struct table *table, const struct table_row *named)
{
    const struct table_row *row = NULL;

    while ((row = next_row(table, row, "name", named->words[0], 0)) != NULL) {
        if (strcmp(table_word(row, "state"), "listening") == 0)
            held_by_list(thread, "listened to by", table_word(row, "holders"), false);
    }
}

static void explain_reader(struct thread *thread, const struct table *table, const struct table_row *row)
{
    const char *number = table_word(row, "peer");
    const struct table_row *peer = strcmp(number, "0") != 0 ? next_row(table, NULL, "inode", number, 0) : NULL;

    say(thread, "data in socket:[%s]", table_word(row, "inode"));
    if (strcmp(table_word(row, "type"), "dgram") == 0 && strcmp(row->words[0], "-") != 0) {
        say(thread, ", which has the name %s", row->words[0]);
    } else if (peer != NULL && strcmp(table_word(peer, "state"), "waiting") == 0) {
        say(thread, ", not yet accepted at %s", peer->words[0]);
        held_by_server(thread, table, peer);
    } else if (peer != NULL) {
        held_by_list(thread, "sent by", table_word(peer, "holders"), false);
    }
}

void socket_explain(struct thread *thread)
{
    bool writes = strcmp(thread->reason, "socket-write") == 0, connects = strcmp(thread->reason, "socket-connect") == 0;
    const struct table_row *row;
    struct table table;

    table_read(&table, "/proc/net/unix");
    row = find_queue(&table, thread, writes || connects ? "writing" : "reading");
    if (row == NULL) {
        say(thread, "a socket");
    } else if (writes) {
        say(thread, "room in socket:[%s], which has %s bytes", table_word(row, "inode"), table_word(row, "queued"));
        held_by_list(thread, "read by", table_word(row, "holders"), false);
    } else if (connects) {
        say(thread, "a place in the queue of %s, which has %s", row->words[0], table_word(row, "queued"));
        held_by_server(thread, &table, row);
    } else if (strcmp(thread->reason, "socket-accept") == 0) {
        say(thread, "somebody to connect to %s", row->words[0]);
    } else {
        explain_reader(thread, &table, row);
    }
    table_free(&table);
}
