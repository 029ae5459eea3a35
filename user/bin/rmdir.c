/*
 * rmdir.c - removes empty directories; -p those above them as well, from the lowest up.
 */
#include <string.h>

#include "lib/util.h"

static bool remove_directory(const char *path)
{
    if (rmdir(path) == 0)
        return true;
    util_warn("failed to remove '%s'", path);
    return false;
}

/* Cuts the last part off; false when there is none before it. */
static bool cut_last(char *path)
{
    size_t length = strlen(path);
    while (length > 0 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    while (length > 0 && path[length - 1] == '/')
        length--;
    path[length] = '\0';
    return length > 0;
}

int main(int argc, char **argv)
{
    bool parents = false;
    int status = 0;
    util_start("rmdir", "[-p] DIRECTORY...", 1);
    for (int option; (option = getopt(argc, argv, "p")) != -1;) {
        if (option == '?')
            util_usage();
        parents = true;
    }
    if (optind == argc)
        util_errx("missing operand");
    for (int i = optind; i < argc; i++) {
        bool good = remove_directory(argv[i]);
        while (good && parents && cut_last(argv[i]))
            good = remove_directory(argv[i]);
        status |= !good;
    }
    return util_finish(status);
}
