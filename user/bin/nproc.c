/*
 * nproc.c - how many CPUs the machine has.
 */
#include "lib/util.h"

int main(int argc, char **argv)
{
    util_start("nproc", "", 1);
    util_no_options(argc, argv);
    if (optind < argc)
        util_errx("extra operand '%s'", argv[optind]);
    printf("%ld\n", sysconf(_SC_NPROCESSORS_ONLN));
    return util_finish(0);
}
