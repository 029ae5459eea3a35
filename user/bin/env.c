/*
 * env.c - prints the environment, or runs a command in a changed one.
 *
 * env [-i] [-u NAME]... [NAME=VALUE]... [COMMAND...]: -i begins with nothing, -u leaves NAME out, -0 ends lines with 0.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

extern char **environ;

int main(int argc, char **argv)
{
    static char *nothing[] = {NULL};
    char end = '\n';
    util_start("env", "[-i0] [-u NAME]... [NAME=VALUE]... [COMMAND [ARGUMENT]...]", 125);
    for (int option; (option = getopt(argc, argv, "+i0u:")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'i')
            environ = nothing;
        else if (option == '0')
            end = '\0';
        else if (unsetenv(optarg) < 0)
            util_err("cannot unset '%s'", optarg);
    }
    if (optind < argc && strcmp(argv[optind], "-") == 0) {
        environ = nothing;
        optind++;
    }
    for (char *equals; optind < argc && (equals = strchr(argv[optind], '=')); optind++) {
        *equals = '\0';
        if (setenv(argv[optind], equals + 1, 1) < 0)
            util_err("cannot set '%s'", argv[optind]);
    }
    if (optind < argc)
        util_exec(argv + optind);
    for (char **variable = environ; *variable; variable++)
        printf("%s%c", *variable, end);
    return util_finish(0);
}
