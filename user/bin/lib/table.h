/*
 * table.h - the files of /proc that are tables: words in columns, which the first line names.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { table_words = 24 };

struct table {
    char *text;
    size_t columns, count;
    char *names[table_words];
    struct table_row *rows;
};

struct table_row {
    const struct table *table;
    char *words[table_words];
};

/* Reads the file; a table without rows where that cannot be.  Only the first word of a row can have blanks in it, which
 * is then cut short. */
void table_read(struct table *table, const char *path);
void table_free(struct table *table);
/* The row's word below that name; "0" if there is no such column. */
const char *table_word(const struct table_row *row, const char *name);
/* Does the list of numbers, with commas between them, have this one? */
bool table_has(const char *list, int number);
