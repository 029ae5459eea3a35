/*
 * fold.c - breaks long lines: -w WIDTH (80), -b counts bytes, not columns, -s breaks behind the last blank.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/util.h"

static size_t width = 80;
static bool bytes, at_blanks;

/* The column behind `c` at `column`. */
static size_t advance(size_t column, char c)
{
    if (bytes)
        return column + 1;
    if (c == '\b')
        return column > 0 ? column - 1 : 0;
    if (c == '\r')
        return 0;
    return c == '\t' ? (column / 8 + 1) * 8 : column + 1;
}

/* How much of `text` stands on one line; always something. */
static size_t fit(const char *text, size_t length)
{
    size_t column = 0, blank = 0, i = 0;
    for (; i < length; i++) {
        column = advance(column, text[i]);
        if (column > width)
            break;
        if (isblank((unsigned char)text[i]))
            blank = i + 1;
    }
    if (i == length)
        return i;
    if (at_blanks && blank > 0)
        return blank;
    return i > 0 ? i : 1;
}

static int fold(FILE *file, const char *path)
{
    struct line line = {0};
    (void)path;
    while (line_read(file, &line)) {
        size_t at = 0;
        do {
            size_t n = fit(line.text + at, line.length - at);
            fwrite(line.text + at, 1, n, stdout);
            at += n;
            if (at < line.length || line.newline)
                putchar('\n');
        } while (at < line.length);
    }
    free(line.text);
    return 0;
}

int main(int argc, char **argv)
{
    util_start("fold", "[-bs] [-w WIDTH] [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "bsw:")) != -1;) {
        if (option == '?')
            util_usage();
        bytes |= option == 'b';
        at_blanks |= option == 's';
        if (option == 'w')
            width = util_number(optarg, 1, 0x7fffffff, "number of columns");
    }
    return util_finish(util_each_file(argc - optind, argv + optind, fold));
}
