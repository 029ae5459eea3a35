/*
 * dirname.c - a path without its last part (POSIX dirname).
 */
#include <string.h>

#include "lib/util.h"

static void print_dirname(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length > 0 && path[length - 1] != '/')
        length--;
    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length == 0)
        puts(".");
    else
        printf("%.*s\n", (int)length, path);
}

int main(int argc, char **argv)
{
    util_start("dirname", "PATH...", 1);
    util_no_options(argc, argv);
    if (optind == argc)
        util_errx("missing operand");
    for (int i = optind; i < argc; i++)
        print_dirname(argv[i]);
    return util_finish(0);
}
