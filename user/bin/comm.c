/*
 * comm.c - lines of two sorted files, in three columns: only in the first, only in the second, in both.  -1, -2, -3
 * leave a column out.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/util.h"

static bool hidden[3];

static void print(const struct line *line, int column)
{
    if (hidden[column])
        return;
    for (int i = 0; i < column; i++) {
        if (!hidden[i])
            putchar('\t');
    }
    line_write(stdout, line);
}

static void compare(FILE *first, FILE *second)
{
    struct line a = {0}, b = {0};
    bool have_a = line_read(first, &a), have_b = line_read(second, &b);
    while (have_a || have_b) {
        int order = !have_a ? 1 : !have_b ? -1 : strcoll(a.text, b.text);
        print(order > 0 ? &b : &a, order < 0 ? 0 : order > 0 ? 1 : 2);
        if (order <= 0)
            have_a = line_read(first, &a);
        if (order >= 0)
            have_b = line_read(second, &b);
    }
    free(a.text);
    free(b.text);
}

int main(int argc, char **argv)
{
    util_start("comm", "[-123] FILE1 FILE2", 1);
    for (int option; (option = getopt(argc, argv, "123")) != -1;) {
        if (option == '?')
            util_usage();
        hidden[option - '1'] = true;
    }
    if (argc - optind != 2)
        util_usage();
    FILE *first = util_open(argv[optind]), *second = first ? util_open(argv[optind + 1]) : NULL;
    if (!second)
        return 1;
    compare(first, second);
    bool good = util_close(first, argv[optind]);
    return util_finish(util_close(second, argv[optind + 1]) && good ? 0 : 1);
}
