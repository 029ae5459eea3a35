/*
 * nice.c - runs a command that yields more to others: -n N (10) is added to its niceness; alone prints this one's.
 */
#include <errno.h>
#include <string.h>
#include <sys/resource.h>

#include "lib/util.h"

int main(int argc, char **argv)
{
    int adjustment = 10;
    util_start("nice", "[-n ADJUSTMENT] [COMMAND [ARGUMENT]...]", 125);
    bool old_form = argc > 1 && argv[1][0] == '-' && strspn(argv[1] + 1, "-0123456789") == strlen(argv[1] + 1) &&
                    argv[1][1] && strcmp(argv[1], "--") != 0;
    if (old_form) {
        adjustment = util_number(argv[1] + 1, -1000, 1000, "adjustment");
        optind = 2;
    }
    for (int option; !old_form && (option = getopt(argc, argv, "+n:")) != -1;) {
        if (option == '?')
            util_usage();
        adjustment = util_number(optarg, -1000, 1000, "adjustment");
    }
    errno = 0;
    int nice = getpriority(PRIO_PROCESS, 0);
    if (nice == -1 && errno)
        util_err("cannot get niceness");
    if (optind == argc) {
        printf("%d\n", nice);
        return util_finish(0);
    }
    if (setpriority(PRIO_PROCESS, 0, nice + adjustment) < 0)
        util_warn("cannot set niceness"); /* POSIX nice: the command runs all the same */
    util_exec(argv + optind);
}
