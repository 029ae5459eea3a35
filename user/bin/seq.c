/*
 * seq.c - numbers from FIRST by STEP to LAST, one to a line; -s TEXT between them, -w with zeros to equal width.
 *
 * Numbers may have decimals: all are counted as integers of the smallest decimal place that was written, so that
 * 0.1 adds up exactly.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

static int decimals;
static long long scale = 1;

static int count_decimals(const char *text)
{
    const char *point = strchr(text, '.');
    return point ? (int)strlen(point + 1) : 0;
}

/* The number in `text`, in units of the smallest decimal place. */
static long long read_number(const char *text)
{
    char digits[32];
    long long value;
    int places = count_decimals(text);
    int length = snprintf(digits, sizeof(digits), "%.*s%s", (int)strcspn(text, "."), text,
                          places ? text + strcspn(text, ".") + 1 : "");
    if (length >= (int)sizeof(digits) || !util_parse(digits, 10, &value))
        util_errx("invalid floating point argument: '%s'", text);
    for (; places < decimals; places++)
        value *= 10;
    return value;
}

static int format_number(long long value, char *text, size_t size, int width)
{
    unsigned long long positive = value < 0 ? -(unsigned long long)value : (unsigned long long)value;
    const char *sign = value < 0 ? "-" : "";
    int whole_width = width - (value < 0) - (decimals ? decimals + 1 : 0);
    if (whole_width < 1)
        whole_width = 1;
    if (!decimals)
        return snprintf(text, size, "%s%0*llu", sign, whole_width, positive);
    return snprintf(text, size, "%s%0*llu.%0*llu", sign, whole_width, positive / scale, decimals, positive % scale);
}

static void count(long long first, long long step, long long last, const char *separator, bool equal_width)
{
    char text[64];
    int width = 0;
    if (equal_width) {
        int a = format_number(first, text, sizeof(text), 0);
        int b = format_number(first + (last - first) / step * step, text, sizeof(text), 0);
        width = a > b ? a : b;
    }
    for (long long value = first; step > 0 ? value <= last : value >= last; value += step) {
        format_number(value, text, sizeof(text), width);
        printf("%s%s", value == first ? "" : separator, text);
    }
    if (step > 0 ? first <= last : first >= last)
        putchar('\n');
}

/* getopt would take -5 for an option; so what begins with a sign and a digit ends the options. */
static int parse_options(int argc, char **argv, const char **separator, bool *equal_width)
{
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1] && !strchr("0123456789.", argv[i][1]); i++) {
        if (strcmp(argv[i], "--") == 0)
            return i + 1;
        if (strcmp(argv[i], "-w") == 0)
            *equal_width = true;
        else if (argv[i][1] == 's' && argv[i][2])
            *separator = argv[i] + 2;
        else if (argv[i][1] == 's' && i + 1 < argc)
            *separator = argv[++i];
        else
            util_usage();
    }
    return i;
}

int main(int argc, char **argv)
{
    const char *separator = "\n";
    bool equal_width = false;
    util_start("seq", "[-w] [-s TEXT] [FIRST [STEP]] LAST", 1);
    int i = parse_options(argc, argv, &separator, &equal_width), numbers = argc - i;
    if (numbers < 1 || numbers > 3)
        util_usage();
    for (int n = i; n < argc; n++)
        decimals = count_decimals(argv[n]) > decimals ? count_decimals(argv[n]) : decimals;
    for (int n = 0; n < decimals; n++)
        scale *= 10;
    long long first = numbers > 1 ? read_number(argv[i]) : scale;
    long long step = numbers > 2 ? read_number(argv[i + 1]) : scale;
    if (step == 0)
        util_errx("invalid Zero increment value: '%s'", argv[i + 1]);
    count(first, step, read_number(argv[argc - 1]), separator, equal_width);
    return util_finish(0);
}
