/*
 * nl.c - numbers lines: -b a all of them, -b t (unless said otherwise) those that are not empty, -b n none; -w WIDTH,
 * -s TEXT between number and line, -v START, -i STEP, -n ln|rn|rz how the number stands in its column.
 *
 * Left out on purpose: logical pages.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/util.h"

static char style = 't';
static const char *separator = "\t", *format = "rn";
static int width = 6;
static long long number = 1, step = 1;

static void print_number(void)
{
    if (strcmp(format, "ln") == 0)
        printf("%-*lld", width, number);
    else if (strcmp(format, "rz") == 0)
        printf("%0*lld", width, number);
    else
        printf("%*lld", width, number);
    fputs(separator, stdout);
    number += step;
}

static int number_lines(FILE *file, const char *path)
{
    struct line line = {0};
    (void)path;
    while (line_read(file, &line)) {
        if (style == 'a' || (style == 't' && line.length > 0))
            print_number();
        else
            printf("%*s", width + (int)strlen(separator), "");
        line_write(stdout, &line);
    }
    free(line.text);
    return 0;
}

int main(int argc, char **argv)
{
    util_start("nl", "[-b STYLE] [-i STEP] [-n FORMAT] [-s TEXT] [-v START] [-w WIDTH] [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "b:i:n:s:v:w:")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'b')
            style = strcmp(optarg, "a") == 0 || strcmp(optarg, "n") == 0 || strcmp(optarg, "t") == 0 ? *optarg : 0;
        if (option == 'i')
            step = util_number(optarg, -0x7fffffff, 0x7fffffff, "line number increment");
        if (option == 'n')
            format = optarg;
        if (option == 's')
            separator = optarg;
        if (option == 'v')
            number = util_number(optarg, -0x7fffffff, 0x7fffffff, "starting line number");
        if (option == 'w')
            width = util_number(optarg, 1, 100, "line number field width");
    }
    if (!style)
        util_errx("invalid body numbering style");
    if (strcmp(format, "ln") != 0 && strcmp(format, "rn") != 0 && strcmp(format, "rz") != 0)
        util_errx("invalid line number format: '%s'", format);
    return util_finish(util_each_file(argc - optind, argv + optind, number_lines));
}
