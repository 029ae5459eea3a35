/*
 * cp.c - copies files: FROM TO, or FROM... DIRECTORY.
 *
 * -r, -R directories with all in them, -p owner, mode and times too, -a both, -f replaces what cannot be written,
 * -i asks, -n never overwrites, -v tells.
 */
#include "lib/copy.h"
#include "lib/targets.h"
#include "lib/util.h"

static struct copy_options options;

static bool copy(const char *from, const char *to)
{
    return copy_tree(from, to, &options);
}

int main(int argc, char **argv)
{
    util_start("cp", "[-afinprRv] FROM... TO", 1);
    for (int option; (option = getopt(argc, argv, "afinprRdv")) != -1;) {
        if (option == '?')
            util_usage();
        options.recursive |= option == 'r' || option == 'R' || option == 'a';
        options.preserve |= option == 'p' || option == 'a';
        options.force |= option == 'f';
        options.interactive |= option == 'i';
        options.keep |= option == 'n';
        options.verbose |= option == 'v';
    }
    return util_finish(targets_each(argc - optind, argv + optind, true, copy));
}
