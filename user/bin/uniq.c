/*
 * uniq.c - passes on one of each run of equal lines: -c with counts, -d only repeated ones, -u only single ones,
 * -i without regard to case, -f N and -s N pass over fields and bytes before comparing.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/lines.h"
#include "lib/util.h"

static bool counts, repeated_only, single_only, fold_case;
static long long skip_fields, skip_bytes;

/* Where the part of a line begins that is compared. */
static const char *key(const struct line *line)
{
    const char *text = line->text;
    for (long long i = 0; i < skip_fields; i++) {
        while (*text && isblank((unsigned char)*text))
            text++;
        while (*text && !isblank((unsigned char)*text))
            text++;
    }
    for (long long i = 0; i < skip_bytes && *text; i++)
        text++;
    return text;
}

static bool same(const struct line *a, const struct line *b)
{
    return (fold_case ? strcasecmp : strcmp)(key(a), key(b)) == 0;
}

static void print_run(const struct line *line, unsigned long count)
{
    if (count == 0 || (repeated_only && count == 1) || (single_only && count > 1))
        return;
    if (counts)
        printf("%7lu ", count);
    line_write(stdout, line);
}

static void uniq(FILE *file)
{
    struct line first = {0}, next = {0};
    unsigned long count = 0;
    while (line_read(file, &next)) {
        if (count && same(&first, &next)) {
            count++;
            continue;
        }
        print_run(&first, count);
        struct line old = first;
        first = next;
        next = old;
        count = 1;
    }
    print_run(&first, count);
    free(first.text);
    free(next.text);
}

int main(int argc, char **argv)
{
    util_start("uniq", "[-cdiu] [-f FIELDS] [-s BYTES] [INPUT [OUTPUT]]", 1);
    for (int option; (option = getopt(argc, argv, "cdiuf:s:")) != -1;) {
        if (option == '?')
            util_usage();
        counts |= option == 'c';
        repeated_only |= option == 'd';
        single_only |= option == 'u';
        fold_case |= option == 'i';
        if (option == 'f')
            skip_fields = util_number(optarg, 0, 0x7fffffff, "number of fields to skip");
        if (option == 's')
            skip_bytes = util_number(optarg, 0, 0x7fffffff, "number of bytes to skip");
    }
    if (argc - optind > 2)
        util_usage();
    FILE *file = optind < argc ? util_open(argv[optind]) : stdin;
    if (!file)
        return 1;
    if (argc - optind == 2 && strcmp(argv[optind + 1], "-") != 0 && !freopen(argv[optind + 1], "w", stdout))
        util_err("%s", argv[optind + 1]);
    uniq(file);
    return util_finish(util_close(file, argv[optind]) ? 0 : 1);
}
