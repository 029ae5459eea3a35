/*
 * tty.c - the name of the terminal on standard input; status 1 when it is none; -s says nothing.
 */
#include "lib/util.h"

int main(int argc, char **argv)
{
    bool silent = false;
    util_start("tty", "[-s]", 2);
    for (int option; (option = getopt(argc, argv, "s")) != -1;) {
        if (option == '?')
            util_usage();
        silent = true;
    }
    if (optind < argc)
        util_errx("extra operand '%s'", argv[optind]);
    const char *name = isatty(0) ? ttyname(0) : NULL;
    if (!silent)
        puts(name ? name : "not a tty");
    return util_finish(isatty(0) ? 0 : 1);
}
