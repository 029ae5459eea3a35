/*
 * which.c - where in PATH the shell finds commands; -a all places.  Status 1 when one is found nowhere.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/util.h"

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

/* Prints where `name` is; false when nowhere. */
static bool which(const char *name, bool everywhere)
{
    const char *path = getenv("PATH");
    bool found = false;
    if (strchr(name, '/')) {
        found = is_program(name);
        if (found)
            puts(name);
        return found;
    }
    char *list = util_strdup(path ? path : "/bin"), *rest = list;
    for (char *directory; (directory = strsep(&rest, ":")) && (!found || everywhere);) {
        char *file = util_join(*directory ? directory : ".", name);
        if (is_program(file)) {
            puts(file);
            found = true;
        }
        free(file);
    }
    free(list);
    return found;
}

int main(int argc, char **argv)
{
    bool everywhere = false;
    int status = 0;
    util_start("which", "[-a] NAME...", 2);
    for (int option; (option = getopt(argc, argv, "a")) != -1;) {
        if (option == '?')
            util_usage();
        everywhere = true;
    }
    for (int i = optind; i < argc; i++)
        status |= !which(argv[i], everywhere);
    return util_finish(optind == argc ? 1 : status);
}
