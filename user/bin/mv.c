/*
 * mv.c - renames files: FROM TO, or FROM... DIRECTORY.  -i asks before it overwrites, -n never does, -f does, -v tells.
 *
 * Between file systems it copies and removes.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "lib/copy.h"
#include "lib/remove.h"
#include "lib/targets.h"
#include "lib/util.h"

static bool ask, keep, verbose;

static bool move_across(const char *from, const char *to)
{
    static const struct copy_options all = {.recursive = true, .preserve = true, .force = true};
    return copy_tree(from, to, &all) && remove_tree(from);
}

static bool move(const char *from, const char *to)
{
    struct stat source, target;
    if (lstat(from, &source) < 0) {
        util_warn("cannot stat '%s'", from);
        return false;
    }
    bool exists = lstat(to, &target) == 0;
    if (exists && source.st_dev == target.st_dev && source.st_ino == target.st_ino) {
        util_warnx("'%s' and '%s' are the same file", from, to);
        return false;
    }
    if (exists && (keep || (ask && !util_confirm("mv: overwrite '%s'? ", to))))
        return true;
    if (exists && S_ISDIR(target.st_mode) && !S_ISDIR(source.st_mode)) {
        util_warnx("cannot overwrite directory '%s' with non-directory", to);
        return false;
    }
    if (exists && !S_ISDIR(target.st_mode) && S_ISDIR(source.st_mode)) {
        util_warnx("cannot overwrite non-directory '%s' with directory '%s'", to, from);
        return false;
    }
    if (rename(from, to) < 0 && (errno != EXDEV || !move_across(from, to))) {
        if (errno == EINVAL)
            util_warnx("cannot move '%s' to a subdirectory of itself, '%s'", from, to);
        else
            util_warn("cannot move '%s' to '%s'", from, to);
        return false;
    }
    if (verbose)
        printf("renamed '%s' -> '%s'\n", from, to);
    return true;
}

int main(int argc, char **argv)
{
    util_start("mv", "[-finv] FROM... TO", 1);
    for (int option; (option = getopt(argc, argv, "finv")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'v') {
            verbose = true;
            continue;
        }
        ask = option == 'i'; /* the last of -f, -i and -n holds */
        keep = option == 'n';
    }
    return util_finish(targets_each(argc - optind, argv + optind, true, move));
}
