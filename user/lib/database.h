/*
 * database.h - lines of fields with colons between them: /etc/passwd, /etc/group, /etc/shadow.
 *
 * The first field is a name, and the third, in the first two files, a number.
 */
#pragma once

#include "libc.h"
#include <stdio.h>

#define DATABASE_FIELDS_MAX 9
#define DATABASE_LINE 2048

enum database_fill { DATABASE_FILLED, DATABASE_SKIP, DATABASE_TOO_LONG };

struct database {
    const char *path;
    int fields;
    /* Fill in an entry from a line's fields; from `room` to `end` is what the line has left of the buffer. */
    enum database_fill (*fill)(void *entry, char **fields, char *room, char *end);
    void *entry;              /* what the functions without _r fill in */
    FILE *file;               /* of __database_next() */
    char line[DATABASE_LINE]; /* beside `entry` */
};

/* A field as a number; -1 where it is none. */
long long __database_number(const char *field);

/* Look for a name, or for a number where that is NULL.  0, with *result the entry or NULL (there is none), or an error:
 * ERANGE where a line does not fit the buffer. */
int __database_find(const struct database *database, const char *name, unsigned number, void *entry, char *buffer,
                    size_t size, void **result);
/* The same into database->entry: it, or NULL. */
void *__database_find_static(struct database *database, const char *name, unsigned number);
/* The next line's entry in database->entry, or NULL. */
void *__database_next(struct database *database);
void __database_end(struct database *database);
