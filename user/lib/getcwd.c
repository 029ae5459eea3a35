/*
 * getcwd.c - the path of the current directory.
 */
#include "libc.h"
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* POSIX getcwd: EINVAL, ERANGE, ENOENT.  Without a buffer the answer is allocated: `size` bytes, or as needed. */
char *getcwd(char *buffer, size_t size)
{
    char path[PATH_MAX];

    if (buffer != NULL) {
        if (size == 0) {
            errno = EINVAL;
            return NULL;
        }
        return __getcwd(buffer, size) == -1 ? NULL : buffer;
    }
    if (__getcwd(path, sizeof path) == -1)
        return NULL;
    if (size == 0)
        return strdup(path);
    if (size <= strlen(path)) {
        errno = ERANGE;
        return NULL;
    }
    buffer = malloc(size);
    return buffer == NULL ? NULL : strcpy(buffer, path);
}

char *get_current_dir_name(void)
{
    return getcwd(NULL, 0);
}
