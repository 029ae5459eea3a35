/*
 * nproc.c - on how many CPUs this process may run; --all: how many the machine has.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <string.h>

#include "lib/util.h"

int main(int argc, char **argv)
{
    cpu_set_t set;
    util_start("nproc", "[--all]", 1);
    bool all = argc > 1 && strcmp(argv[1], "--all") == 0;
    util_no_options(argc - all, argv + all);
    if (optind + all < argc)
        util_errx("extra operand '%s'", argv[optind + all]);
    if (all || sched_getaffinity(0, sizeof(set), &set) < 0)
        printf("%ld\n", sysconf(_SC_NPROCESSORS_ONLN));
    else
        printf("%d\n", CPU_COUNT(&set));
    return util_finish(0);
}
