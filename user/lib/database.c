/*
 * database.c - reading lines of fields: /etc/passwd, /etc/group, /etc/shadow.
 */
#include "database.h"
#include <string.h>

/* Answers how many fields there are, at most `count` + 1. */
static int cut(char *line, char **fields, int count)
{
    int n = 0;

    for (char *field = line; field != NULL && n <= count; n++) {
        char *colon = strchr(field, ':');

        if (n < count)
            fields[n] = field;
        if (colon != NULL)
            *colon++ = '\0';
        field = colon;
    }
    return n;
}

long long __database_number(const char *field)
{
    char *end;
    unsigned long value = strtoul(field, &end, 10);

    return *field == '\0' || *end != '\0' ? -1 : (long long)value;
}

/* Read a line, without its end.  1, 0: the file ends, -1: errno says (ERANGE: the buffer is too small). */
static int read_line(FILE *file, char *buffer, size_t size)
{
    size_t length;

    if (fgets(buffer, size, file) == NULL)
        return ferror(file) ? -1 : 0;
    length = strlen(buffer);
    if (length > 0 && buffer[length - 1] == '\n') {
        buffer[length - 1] = '\0';
    } else if (!feof(file)) {
        errno = ERANGE; /* POSIX getpwnam_r: ERANGE */
        return -1;
    }
    return 1;
}

static int is_wanted(char **fields, const char *name, unsigned number)
{
    return name != NULL ? strcmp(fields[0], name) == 0 : __database_number(fields[2]) == number;
}

/* The next entry: any, or the one that is wanted.  As read_line(). */
static int next(const struct database *database, FILE *file, int any, const char *name, unsigned number, void *entry,
                char *buffer, size_t size)
{
    char *fields[DATABASE_FIELDS_MAX];
    enum database_fill filled;
    size_t length;
    int result;

    while ((result = read_line(file, buffer, size)) == 1) {
        length = strlen(buffer);
        if (cut(buffer, fields, database->fields) != database->fields || !(any || is_wanted(fields, name, number)))
            continue;
        filled = database->fill(entry, fields, buffer + length + 1, buffer + size);
        if (filled == DATABASE_FILLED)
            return 1;
        if (filled == DATABASE_TOO_LONG) {
            errno = ERANGE; /* POSIX getgrgid_r: ERANGE */
            return -1;
        }
    }
    return result;
}

int __database_find(const struct database *database, const char *name, unsigned number, void *entry, char *buffer,
                    size_t size, void **result)
{
    int saved = errno, found = 0, error = 0;
    FILE *file = fopen(database->path, "re");

    if (file != NULL)
        found = next(database, file, 0, name, number, entry, buffer, size);
    else if (errno != ENOENT)
        found = -1;
    *result = found == 1 ? entry : NULL;
    if (found == -1)
        error = errno;
    if (file != NULL)
        fclose(file);
    errno = saved;
    return error;
}

void *__database_find_static(struct database *database, const char *name, unsigned number)
{
    void *result;
    int error = __database_find(database, name, number, database->entry, database->line, DATABASE_LINE, &result);

    if (error != 0)
        errno = error;
    return result;
}

void *__database_next(struct database *database)
{
    if (database->file == NULL && (database->file = fopen(database->path, "re")) == NULL)
        return NULL;
    return next(database, database->file, 1, NULL, 0, database->entry, database->line, DATABASE_LINE) == 1
               ? database->entry
               : NULL;
}

void __database_end(struct database *database)
{
    if (database->file != NULL)
        fclose(database->file);
    database->file = NULL;
}
