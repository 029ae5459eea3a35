/*
 * printenv.c - prints the environment, or the values of the variables named; status 1 when one is not set.
 */
#include <stdlib.h>

#include "lib/util.h"

extern char **environ;

int main(int argc, char **argv)
{
    int status = 0;
    util_start("printenv", "[NAME]...", 2);
    util_no_options(argc, argv);
    for (char **variable = environ; *variable && optind == argc; variable++)
        puts(*variable);
    for (int i = optind; i < argc; i++) {
        const char *value = getenv(argv[i]);
        if (value)
            puts(value);
        else
            status = 1;
    }
    return util_finish(status);
}
