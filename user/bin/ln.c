/*
 * ln.c - makes links: FROM TO, FROM... DIRECTORY, or FROM alone for one of that name here.
 *
 * -s symbolic ones, -f replaces what is there, -n takes a link to a directory for a link, -v tells.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/targets.h"
#include "lib/util.h"

static bool symbolic, force, verbose;

static bool make_link(const char *from, const char *to)
{
    struct stat source, target;
    if (!symbolic && lstat(from, &source) < 0) {
        util_warn("failed to access '%s'", from);
        return false;
    }
    if (!symbolic && S_ISDIR(source.st_mode)) {
        util_warnx("%s: hard link not allowed for directory", from);
        return false;
    }
    bool same =
        !symbolic && lstat(to, &target) == 0 && source.st_ino == target.st_ino && source.st_dev == target.st_dev;
    if (force && same && strcmp(from, to) == 0) {
        util_warnx("'%s' and '%s' are the same file", from, to);
        return false;
    }
    if (force && !same)
        unlink(to);
    if (!(force && same) && (symbolic ? symlink(from, to) : link(from, to)) < 0) {
        if (symbolic || errno == EEXIST)
            util_warn("failed to create %s link '%s'", symbolic ? "symbolic" : "hard", to);
        else
            util_warn("failed to create hard link '%s' => '%s'", to, from);
        return false;
    }
    if (verbose)
        printf("'%s' %s '%s'\n", to, symbolic ? "->" : "=>", from);
    return true;
}

int main(int argc, char **argv)
{
    bool no_dereference = false;
    struct stat status;
    util_start("ln", "[-fnsv] FROM... [TO]", 1);
    for (int option; (option = getopt(argc, argv, "fnsv")) != -1;) {
        if (option == '?')
            util_usage();
        force |= option == 'f';
        no_dereference |= option == 'n';
        symbolic |= option == 's';
        verbose |= option == 'v';
    }
    int count = argc - optind;
    if (count == 1) {
        char *operands[] = {argv[optind], "."};
        return util_finish(targets_each(2, operands, true, make_link));
    }
    bool to_link = no_dereference && count == 2 && lstat(argv[argc - 1], &status) == 0 && S_ISLNK(status.st_mode);
    return util_finish(targets_each(count, argv + optind, !to_link, make_link));
}
