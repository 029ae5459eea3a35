/*
 * whoami.c - the name of the effective user.
 */
#include "lib/names.h"
#include "lib/util.h"

int main(int argc, char **argv)
{
    util_start("whoami", "", 1);
    util_no_options(argc, argv);
    if (optind < argc)
        util_errx("extra operand '%s'", argv[optind]);
    puts(names_user(geteuid()));
    return util_finish(0);
}
