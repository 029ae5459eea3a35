/*
 * getcwd.c - the path of the current directory.
 */
#include "libc.h"
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* In memory of its own; NULL with errno. */
static char *allocated(size_t size)
{
    char *path = malloc(size);
    int error;

    if (path == NULL || __getcwd(path, size) != -1)
        return path;
    error = errno;
    free(path);
    errno = error;
    return NULL;
}

/* POSIX getcwd: EINVAL, ERANGE, ENOENT.  Without a buffer the answer is allocated: `size` bytes, or as needed; a path
 * from the root on may be longer than PATH_MAX. */
char *getcwd(char *buffer, size_t size)
{
    char *path = NULL;

    if (buffer != NULL)
        return __getcwd(buffer, size) == -1 ? NULL : buffer;
    if (size != 0)
        return allocated(size);
    for (size = PATH_MAX; path == NULL; size *= 2) {
        path = allocated(size);
        if (path == NULL && errno != ERANGE)
            return NULL;
    }
    buffer = realloc(path, strlen(path) + 1);
    return buffer != NULL ? buffer : path;
}

char *get_current_dir_name(void)
{
    return getcwd(NULL, 0);
}
