/*
 * readdir.c - the entries of a directory, one by one; the kernel gives them by the bufferful.
 */
#include "dir.h"
#include <string.h>

struct dirent *__dir_next(DIR *dir)
{
    struct dirent *entry;

    if (dir->next == dir->filled) {
        int n = __getdents(dir->fd, dir->buffer, sizeof dir->buffer);

        if (n <= 0)
            return NULL;
        dir->filled = n;
        dir->next = 0;
    }
    entry = (struct dirent *)(dir->buffer + dir->next);
    dir->next += entry->d_reclen;
    dir->location = entry->d_off;
    return entry;
}

/* The entry stays until the next call for the same directory. */
struct dirent *readdir(DIR *dir)
{
    struct dirent *entry;

    lock_acquire(&dir->lock);
    entry = __dir_next(dir);
    lock_release(&dir->lock);
    return entry;
}

/* Answers an error's number; at the end 0, and NULL in *result. */
int readdir_r(DIR *restrict dir, struct dirent *restrict copy, struct dirent **restrict result)
{
    int saved = errno, error;
    struct dirent *entry;

    lock_acquire(&dir->lock);
    errno = 0;
    entry = __dir_next(dir);
    error = errno;
    errno = saved;
    *result = NULL;
    if (entry != NULL) {
        memcpy(copy, entry, entry->d_reclen < sizeof *copy ? entry->d_reclen : sizeof *copy);
        *result = copy;
        error = 0;
    }
    lock_release(&dir->lock);
    return error;
}
