/*
 * basename.c - the last part of a path, without a suffix when one is given (POSIX basename).
 */
#include <string.h>

#include "lib/util.h"

int main(int argc, char **argv)
{
    util_start("basename", "PATH [SUFFIX]", 1);
    util_no_options(argc, argv);
    if (optind == argc)
        util_errx("missing operand");
    if (argc - optind > 2)
        util_errx("extra operand '%s'", argv[optind + 2]);
    const char *name = util_basename(argv[optind]);
    size_t length = strlen(name);
    while (length > 1 && name[length - 1] == '/')
        length--;
    if (argc - optind == 2) {
        size_t suffix = strlen(argv[optind + 1]);
        if (suffix < length && strncmp(name + length - suffix, argv[optind + 1], suffix) == 0)
            length -= suffix;
    }
    printf("%.*s\n", (int)length, name);
    return util_finish(0);
}
