/*
 * hostname.c - the machine's name; -s up to its first dot.  The name is the kernel's own and cannot be set.
 */
#include <string.h>
#include <sys/utsname.h>

#include "lib/util.h"

int main(int argc, char **argv)
{
    struct utsname names;
    bool is_short = false;
    util_start("hostname", "[-s]", 1);
    for (int option; (option = getopt(argc, argv, "s")) != -1;) {
        if (option == '?')
            util_usage();
        is_short = true;
    }
    if (optind < argc)
        util_errx("cannot set the name to '%s'", argv[optind]);
    if (uname(&names) < 0)
        util_err("cannot get the name");
    if (is_short)
        names.nodename[strcspn(names.nodename, ".")] = '\0';
    puts(names.nodename);
    return util_finish(0);
}
