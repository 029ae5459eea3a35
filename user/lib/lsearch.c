/*
 * lsearch.c - searches in an array from its start.
 */
#include "libc.h"
#include <search.h>
#include <string.h>

void *lfind(const void *key, const void *base, size_t *count, size_t size, int (*compare)(const void *, const void *))
{
    const char *element = base;

    for (size_t i = 0; i < *count; i++, element += size) {
        if (compare(key, element) == 0)
            return (void *)element;
    }
    return NULL;
}

/* POSIX lsearch: what is not found is put behind the last, where the caller has room for it. */
void *lsearch(const void *key, void *base, size_t *count, size_t size, int (*compare)(const void *, const void *))
{
    void *found = lfind(key, base, count, size, compare);

    return found != NULL ? found : memcpy((char *)base + size * (*count)++, key, size);
}
