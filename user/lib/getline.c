/*
 * getline.c - reading a whole line, or up to another character; newlib has both under names of its own.
 */
#include "libc.h"
#include <stdio.h>

ssize_t getdelim(char **restrict line, size_t *restrict size, int delimiter, FILE *restrict stream)
{
    if (line == NULL || size == NULL) {
        errno = EINVAL; /* POSIX getdelim: EINVAL */
        return -1;
    }
    return __getdelim(line, size, delimiter, stream);
}

ssize_t getline(char **restrict line, size_t *restrict size, FILE *restrict stream)
{
    return getdelim(line, size, '\n', stream);
}
