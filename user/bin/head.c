/*
 * head.c - the first part of files: -n LINES (10), -n -LINES for all but the last, -c BYTES; -LINES as people type it.
 *
 * With several files each has a heading; -q leaves the headings out, -v always prints them.
 */
#include <stdlib.h>

#include "lib/lines.h"
#include "lib/util.h"

static long long limit = 10;
static bool count_bytes, headings;

static void head_bytes(FILE *file)
{
    int c;
    for (long long left = limit; left > 0 && (c = getc_unlocked(file)) != EOF; left--)
        putchar_unlocked(c);
}

static void head_lines(FILE *file)
{
    int c = 0;
    for (long long left = limit; left > 0 && c != EOF;) {
        if ((c = getc_unlocked(file)) != EOF)
            putchar_unlocked(c);
        left -= c == '\n';
    }
}

/* All but the last -limit units: those are held back in a ring until later ones come. */
static void head_but_last(FILE *file)
{
    size_t held = -limit, next = 0;
    struct line *ring = util_alloc(held * sizeof(*ring)), line = {0};
    while (line_read(file, &line)) {
        struct line *slot = &ring[next++ % held];
        struct line oldest = *slot;
        *slot = line;
        line = oldest;
        if (next > held)
            line_write(stdout, &line);
    }
    for (size_t i = 0; i < held; i++)
        free(ring[i].text);
    free(ring);
    free(line.text);
}

static int head(FILE *file, const char *path)
{
    static bool later;
    if (headings)
        printf("%s==> %s <==\n", later ? "\n" : "", file == stdin ? "standard input" : path);
    later = true;
    if (count_bytes)
        head_bytes(file);
    else if (limit >= 0)
        head_lines(file);
    else
        head_but_last(file);
    return 0;
}

/* Turns a first argument -5 into -n 5. */
static void old_form(int *argc, char ***argv)
{
    char *first = *argc > 1 ? (*argv)[1] : "";
    if (first[0] != '-' || first[1] < '0' || first[1] > '9')
        return;
    limit = util_number(first + 1, 0, 0x7fffffff, "number of lines");
    (*argv)[1] = (*argv)[0];
    ++*argv;
    --*argc;
}

int main(int argc, char **argv)
{
    int quiet = -1;
    util_start("head", "[-qv] [-n LINES | -c BYTES] [FILE]...", 1);
    old_form(&argc, &argv);
    for (int option; (option = getopt(argc, argv, "n:c:qv")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'q' || option == 'v')
            quiet = option == 'q';
        else
            limit = util_size(optarg, option == 'c' ? "number of bytes" : "number of lines");
        if (option == 'n' || option == 'c')
            count_bytes = option == 'c';
    }
    if (count_bytes && limit < 0)
        util_errx("invalid number of bytes: '%lld'", limit);
    headings = quiet < 0 ? argc - optind > 1 : !quiet;
    return util_finish(util_each_file(argc - optind, argv + optind, head));
}
