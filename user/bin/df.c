/*
 * df.c - how much room file systems have: those that hold the files named, or all mounted ones that have any.
 *
 * In KiB; -h sizes for people, -i counts of inodes; -k and -P (as always), -a those without room too.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "lib/util.h"

static bool human, inodes, all;

static void print_amount(unsigned long long amount, unsigned long long unit)
{
    char text[32];
    if (human && !inodes)
        util_human(amount * unit, text, sizeof(text));
    else
        snprintf(text, sizeof(text), "%llu", inodes ? amount : amount * unit / 1024);
    printf(" %10s", text);
}

/* One line; false with errno. */
static bool print_space(const char *device, const char *place)
{
    struct statvfs space;
    if (statvfs(place, &space) < 0)
        return false;
    unsigned long long size = inodes ? space.f_files : space.f_blocks;
    unsigned long long unused = inodes ? space.f_ffree : space.f_bfree;
    unsigned long long available = inodes ? space.f_favail : space.f_bavail, used = size - unused;
    if (size == 0 && !all)
        return true;
    printf("%-15s", device);
    print_amount(size, space.f_frsize);
    print_amount(used, space.f_frsize);
    print_amount(available, space.f_frsize);
    if (used + available)
        printf(" %4llu%% %s\n", (used * 100 + used + available - 1) / (used + available), place);
    else
        printf("     - %s\n", place);
    return true;
}

/* Calls print_space for each line of /proc/mounts, or only for the one that `path` is in (NULL: all). */
static bool print_mounts(const char *path)
{
    struct stat wanted, here;
    bool found = false;
    char *mounts = util_read_file("/proc/mounts", NULL), *rest = mounts;
    if (!mounts)
        util_err("/proc/mounts");
    if (path && stat(path, &wanted) < 0) {
        free(mounts);
        return false;
    }
    for (char *line; (line = strsep(&rest, "\n"));) {
        char *device = strsep(&line, " "), *place = strsep(&line, " ");
        if (!place || found || (path && (stat(place, &here) < 0 || here.st_dev != wanted.st_dev)))
            continue;
        print_space(device, place);
        found = path != NULL;
    }
    free(mounts);
    return !path || found || print_space("-", path);
}

int main(int argc, char **argv)
{
    int status = 0;
    util_start("df", "[-ahikP] [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "ahikP")) != -1;) {
        if (option == '?')
            util_usage();
        all |= option == 'a';
        human |= option == 'h';
        inodes |= option == 'i';
    }
    const char *size = inodes ? "Inodes" : human ? "Size" : "1K-blocks";
    printf("%-15s %10s %10s %10s %5s %s\n", "Filesystem", size, inodes ? "IUsed" : "Used",
           inodes ? "IFree" : "Available", inodes ? "IUse%" : "Use%", "Mounted on");
    if (optind == argc)
        print_mounts(NULL);
    all = true;
    for (int i = optind; i < argc; i++) {
        if (!print_mounts(argv[i])) {
            util_warn("%s", argv[i]);
            status = 1;
        }
    }
    return util_finish(status);
}
