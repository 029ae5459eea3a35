/*
 * realpath.c - the path of each file from the root on, without links, "." and ".."; its last part need not be there,
 * but with -e it must.
 */
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

/* The path of what is not there, in a directory that is.  NULL with errno where that is not there either. */
static char *resolve_new(const char *path, char *room)
{
    char *copy = util_strdup(path), *name = util_strdup(path);
    char *folder = realpath(dirname(copy), room);
    char *result = folder ? util_join(folder, basename(name)) : NULL;
    free(copy);
    free(name);
    return result;
}

int main(int argc, char **argv)
{
    char room[PATH_MAX];
    bool must_exist = false;
    int status = 0;
    util_start("realpath", "[-e] FILE...", 1);
    for (int option; (option = getopt(argc, argv, "e")) != -1;) {
        if (option == '?')
            util_usage();
        must_exist = true;
    }
    if (optind == argc)
        util_usage();
    for (; optind < argc; optind++) {
        char *found = realpath(argv[optind], room), *made = NULL;
        if (!found && errno == ENOENT && !must_exist && *argv[optind])
            found = made = resolve_new(argv[optind], room);
        if (found) {
            puts(found);
        } else {
            util_warn("%s", argv[optind]);
            status = 1;
        }
        free(made);
    }
    return util_finish(status);
}
