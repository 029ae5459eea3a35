/*
 * targets.c - the two forms that cp, mv and ln have: FROM TO, and FROM... DIRECTORY.
 */
#include "targets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util.h"

/* Where in `directory` the file called `path` elsewhere goes; the caller's to free. */
char *targets_join(const char *directory, const char *path)
{
    char *name = util_strdup(util_basename(path));
    size_t length = strlen(name);
    while (length > 1 && name[length - 1] == '/')
        name[--length] = '\0';
    char *target = util_join(directory, name);
    free(name);
    return target;
}

/*
 * Calls `visit` for each pair that the operands name; answers the exit status.  When `into_directory` is false, the TO
 * of one FROM is taken as it is, even if it is a directory.
 */
int targets_each(int count, char **operands, bool into_directory, bool (*visit)(const char *from, const char *to))
{
    if (count == 0)
        util_errx("missing file operand");
    if (count == 1)
        util_errx("missing destination file operand after '%s'", operands[0]);
    const char *last = operands[count - 1];
    bool is_directory = util_is_directory(last);
    if (count == 2 && !(is_directory && into_directory))
        return visit(operands[0], last) ? 0 : 1;
    if (!is_directory) {
        struct stat status;
        if (stat(last, &status) == 0)
            errno = ENOTDIR;
        util_err("target '%s'", last);
    }
    int status = 0;
    for (int i = 0; i < count - 1; i++) {
        char *to = targets_join(last, operands[i]);
        if (!visit(operands[i], to))
            status = 1;
        free(to);
    }
    return status;
}
