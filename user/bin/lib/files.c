/*
 * files.c - the files that a filter is given: "-" is standard input, one that fails is named and passed over.
 */
#include "util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens `path` for reading; NULL after a message. */
FILE *util_open(const char *path)
{
    if (strcmp(path, "-") == 0)
        return stdin;
    FILE *file = fopen(path, "r");
    if (!file)
        util_warn("%s", path);
    return file;
}

/* Closes what util_open answered; false, after a message, when reading it had failed. */
bool util_close(FILE *file, const char *path)
{
    bool good = !ferror(file);
    if (!good)
        util_warn("%s", path);
    if (file == stdin)
        clearerr(file);
    else
        fclose(file);
    return good;
}

/* Calls `visit` for each path, or for standard input if there is none; answers the statuses or-ed, 1 for a failure. */
int util_each_file(int count, char **paths, int (*visit)(FILE *file, const char *path))
{
    static char *standard_input[] = {"-"};
    int status = 0;
    if (count == 0) {
        count = 1;
        paths = standard_input;
    }
    for (int i = 0; i < count; i++) {
        FILE *file = util_open(paths[i]);
        if (!file) {
            status = 1;
            continue;
        }
        status |= visit(file, paths[i]);
        status |= !util_close(file, paths[i]);
    }
    return status;
}

/* Writes all of it, however many calls that takes; false, with errno, when it cannot. */
bool util_write_all(int fd, const void *data, size_t size)
{
    const char *from = data;
    while (size > 0) {
        ssize_t done = write(fd, from, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        from += done;
        size -= done;
    }
    return true;
}

/* The whole of a file, with a 0 byte behind it (the caller's to free), and its size; NULL with errno. */
char *util_read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return NULL;
    char *text = NULL;
    size_t length = 0, room = 0;
    for (int c; (c = getc_unlocked(file)) != EOF;) {
        text = util_grow(text, length, &room, 1);
        text[length++] = c;
    }
    text = util_grow(text, length, &room, 1);
    text[length] = '\0';
    fclose(file);
    if (size)
        *size = length;
    return text;
}

/* Is `path`, symbolic links followed, a directory? */
bool util_is_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}
