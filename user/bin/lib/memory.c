/*
 * memory.c - memory that is there or ends the program, and the strings made in it.
 */
#include "util.h"

#include <stdlib.h>
#include <string.h>

/* `size` bytes, zeroed; never NULL. */
void *util_alloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory)
        util_errx("memory exhausted");
    return memory;
}

/* Makes room for one more than `count` items in the array `old` of `*room`; answers the array, perhaps moved. */
void *util_grow(void *old, size_t count, size_t *room, size_t item)
{
    if (count < *room)
        return old;
    *room = *room ? 2 * *room : 16;
    void *memory = realloc(old, *room * item);
    if (!memory)
        util_errx("memory exhausted");
    return memory;
}

/* A copy of `text`; the caller's to free. */
char *util_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(util_alloc(size), text, size);
}

/* "directory/name"; the caller's to free. */
char *util_join(const char *directory, const char *name)
{
    size_t length = strlen(directory);
    const char *slash = length && directory[length - 1] != '/' ? "/" : "";
    size_t size = length + strlen(name) + 2;
    char *path = util_alloc(size);
    snprintf(path, size, "%s%s%s", directory, slash, name);
    return path;
}

/* What stands behind the last slash; slashes at the end stay. */
const char *util_basename(const char *path)
{
    const char *base = path;
    for (const char *c = path; *c; c++) {
        if (c[0] == '/' && c[1] && c[1] != '/')
            base = c + 1;
    }
    return base;
}
