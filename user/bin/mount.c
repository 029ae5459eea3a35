/*
 * mount.c - shows what file systems there are and where.
 *
 * With operands it fails: the kernel mounts its own file systems, and no more.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

int main(int argc, char **argv)
{
    util_start("mount", "", 1);
    util_no_options(argc, argv);
    if (optind < argc)
        util_errx("%s: file systems cannot be added", argv[optind]);
    char *mounts = util_read_file("/proc/mounts", NULL), *rest = mounts;
    if (!mounts)
        util_err("/proc/mounts");
    for (char *line; (line = strsep(&rest, "\n"));) {
        char *device = strsep(&line, " "), *place = strsep(&line, " ");
        char *type = strsep(&line, " "), *how = strsep(&line, " ");
        if (how)
            printf("%s on %s type %s (%s)\n", device, place, type, how);
    }
    free(mounts);
    return util_finish(0);
}
