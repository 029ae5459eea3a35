/*
 * logname.c - the name that one logged in with.
 */
#include "lib/util.h"

int main(int argc, char **argv)
{
    util_start("logname", "", 1);
    util_no_options(argc, argv);
    if (optind < argc)
        util_errx("extra operand '%s'", argv[optind]);
    const char *name = getlogin();
    if (!name)
        util_errx("no login name");
    puts(name);
    return util_finish(0);
}
