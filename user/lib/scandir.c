/*
 * scandir.c - a directory as a sorted list.
 */
#include "libc.h"
#include <dirent.h>
#include <string.h>

int alphasort(const struct dirent **a, const struct dirent **b)
{
    return strcoll((*a)->d_name, (*b)->d_name);
}

/* Puts a copy of the entry at names[n], making room; 0, or -1 when memory is short. */
static int add(struct dirent ***names, size_t n, const struct dirent *entry)
{
    struct dirent *copy = malloc(entry->d_reclen);

    if ((n & (n - 1)) == 0) {
        struct dirent **larger = realloc(*names, (n == 0 ? 1 : 2 * n) * sizeof *larger);

        if (larger == NULL) {
            free(copy);
            return -1;
        }
        *names = larger;
    }
    if (copy == NULL)
        return -1;
    (*names)[n] = memcpy(copy, entry, entry->d_reclen);
    return 0;
}

/* Answers how many entries *result has; each and the list are the caller's to free. */
int scandir(const char *path, struct dirent ***result, int (*select)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **))
{
    struct dirent **names = NULL, *entry;
    DIR *dir = opendir(path);
    size_t n = 0;

    if (dir == NULL)
        return -1;
    errno = 0;
    while ((entry = readdir(dir)) != NULL) {
        if (select != NULL && !select(entry))
            continue;
        if (add(&names, n, entry) == -1)
            break;
        n++;
        errno = 0;
    }
    if (errno != 0) {
        int error = errno;

        while (n > 0)
            free(names[--n]);
        free(names);
        closedir(dir);
        errno = error;
        return -1;
    }
    closedir(dir);
    if (compare != NULL && n > 1)
        qsort(names, n, sizeof *names, (int (*)(const void *, const void *))compare);
    *result = names;
    return n;
}
