/*
 * uname.c - the system's names: -s its own (without options), -n the machine's on a network, -r release, -v version,
 * -m hardware, -a all.
 */
#include <string.h>
#include <sys/utsname.h>

#include "lib/util.h"

int main(int argc, char **argv)
{
    static const char letters[] = "snrvm";
    bool wanted[sizeof(letters)] = {false}, any = false, printed = false;
    struct utsname names;
    util_start("uname", "[-amnrsv]", 1);
    for (int option; (option = getopt(argc, argv, "asnrvm")) != -1;) {
        if (option == '?')
            util_usage();
        any = true;
        for (size_t i = 0; letters[i]; i++)
            wanted[i] |= option == 'a' || option == letters[i];
    }
    if (optind < argc)
        util_errx("extra operand '%s'", argv[optind]);
    if (uname(&names) < 0)
        util_err("cannot get system name");
    wanted[0] |= !any;
    const char *values[] = {names.sysname, names.nodename, names.release, names.version, names.machine};
    for (size_t i = 0; letters[i]; i++) {
        if (wanted[i])
            printf("%s%s", printed ? " " : "", values[i]);
        printed |= wanted[i];
    }
    putchar('\n');
    return util_finish(0);
}
