/*
 * path_search.c - a program's file along PATH.
 */
#include "libc.h"
#include "path_search.h"
#include <limits.h>
#include <paths.h>
#include <string.h>

/* `file` in the directory of PATH that begins at `dir`, `length` bytes long; an empty one is the current. */
static int try_in(const char *dir, size_t length, const char *file, int (*attempt)(const char *, void *), void *context)
{
    char path[PATH_MAX];
    size_t file_length = strlen(file);

    if (length + 1 + file_length >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(path, dir, length);
    if (length > 0)
        path[length++] = '/';
    memcpy(path + length, file, file_length + 1);
    return attempt(path, context);
}

static int is_search_error(int error)
{
    return error == ENOENT || error == ENOTDIR || error == EACCES || error == ENAMETOOLONG;
}

int __path_search(const char *file, int (*attempt)(const char *path, void *context), void *context)
{
    const char *dir = getenv("PATH");
    int denied = 0;

    if (*file == '\0') {
        errno = ENOENT; /* POSIX exec: ENOENT */
        return -1;
    }
    if (strchr(file, '/') != NULL)
        return attempt(file, context);
    if (dir == NULL)
        dir = _PATH_DEFPATH;
    for (;;) {
        size_t length = strcspn(dir, ":");

        if (try_in(dir, length, file, attempt, context) == 0)
            return 0;
        if (!is_search_error(errno))
            return -1;
        denied |= errno == EACCES;
        if (dir[length] == '\0')
            break;
        dir += length + 1;
    }
    errno = denied ? EACCES : ENOENT; /* POSIX exec: EACCES when one was found that may not be run */
    return -1;
}
