/*
 * table.c - reading a table of /proc.
 */
#include "table.h"

#include <stdlib.h>
#include <string.h>

#include "util.h"

/* The words point into the line; answers how many there are. */
static size_t split(char *line, char *words[])
{
    size_t count = 0;

    for (char *rest, *text = strtok_r(line, " ", &rest); text && count < table_words; text = strtok_r(NULL, " ", &rest))
        words[count++] = text;
    return count;
}

static void add_row(struct table *table, char *line, size_t *room)
{
    struct table_row row = {.table = table};
    size_t words = split(line, row.words);

    if (words < table->columns)
        return;
    memmove(row.words + 1, row.words + 1 + words - table->columns, (table->columns - 1) * sizeof row.words[0]);
    table->rows = util_grow(table->rows, table->count, room, sizeof *table->rows);
    table->rows[table->count++] = row;
}

void table_read(struct table *table, const char *path)
{
    size_t room = 0;
    char *rest;

    *table = (struct table){.text = util_read_file(path, NULL)};
    if (!table->text)
        return;
    for (char *line = strtok_r(table->text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
        if (table->columns == 0)
            table->columns = split(line, table->names);
        else
            add_row(table, line, &room);
}

void table_free(struct table *table)
{
    free(table->rows);
    free(table->text);
}

const char *table_word(const struct table_row *row, const char *name)
{
    for (size_t i = 0; i < row->table->columns; i++)
        if (strcmp(row->table->names[i], name) == 0)
            return row->words[i];
    return "0";
}

bool table_has(const char *list, int number)
{
    for (const char *at = list; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strtol(at, NULL, 10) == number)
            return true;
    }
    return false;
}
