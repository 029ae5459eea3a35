/*
 * cmp.c - compares two files byte by byte: 0 the same, 1 different, 2 trouble.
 *
 * -l lists every difference, -s says nothing, -n N compares at most N bytes.
 */
#include "lib/util.h"

static bool list, silent;
static long long limit = -1;

static void report_end(const char *path, unsigned long long place)
{
    if (!silent && place == 0)
        util_warnx("EOF on %s which is empty", path);
    else if (!silent)
        util_warnx("EOF on %s after byte %llu", path, place);
}

static int compare(FILE *a, FILE *b, char **paths)
{
    unsigned long long place = 0, line = 1;
    int status = 0;
    while (limit < 0 || place < (unsigned long long)limit) {
        int x = getc_unlocked(a), y = getc_unlocked(b);
        if (x == EOF && y == EOF)
            return status;
        if (x == EOF || y == EOF) {
            report_end(paths[y == EOF], place);
            return 1;
        }
        place++;
        if (x != y) {
            status = 1;
            if (list)
                printf("%llu %3o %3o\n", place, x, y);
            else if (!silent)
                printf("%s %s differ: byte %llu, line %llu\n", paths[0], paths[1], place, line);
            if (!list)
                return status;
        }
        line += x == '\n';
    }
    return status;
}

int main(int argc, char **argv)
{
    util_start("cmp", "[-ls] [-n BYTES] FILE1 [FILE2]", 2);
    for (int option; (option = getopt(argc, argv, "lsn:")) != -1;) {
        if (option == '?')
            util_usage();
        list |= option == 'l';
        silent |= option == 's';
        if (option == 'n')
            limit = util_size(optarg, "number of bytes");
    }
    char *paths[2] = {argv[optind], argc - optind > 1 ? argv[optind + 1] : "-"};
    if (argc - optind < 1 || argc - optind > 2)
        util_usage();
    FILE *files[2] = {util_open(paths[0]), util_open(paths[1])};
    if (!files[0] || !files[1])
        return 2;
    int status = compare(files[0], files[1], paths);
    if (!util_close(files[0], paths[0]) | !util_close(files[1], paths[1]))
        status = 2;
    return util_finish(status);
}
