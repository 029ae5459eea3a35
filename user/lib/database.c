/*
 * database.c - reading /etc/passwd and /etc/group.
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

int __database_line(FILE *file, char *buffer, size_t size, char **fields, int count)
{
    while (fgets(buffer, size, file) != NULL) {
        size_t length = strlen(buffer);

        if (length > 0 && buffer[length - 1] == '\n') {
            buffer[length - 1] = '\0';
        } else if (!feof(file)) {
            errno = ERANGE;
            return -1;
        }
        if (cut(buffer, fields, count) == count)
            return 1;
    }
    return ferror(file) ? -1 : 0;
}

long long __database_number(const char *field)
{
    char *end;
    unsigned long value = strtoul(field, &end, 10);

    return *field == '\0' || *end != '\0' ? -1 : (long long)value;
}
