/*
 * printf.c - formatted output (POSIX printf): the format is used again until the arguments are used up.
 *
 * Conversions d i o u x X c s b f e g F E G a A and %%, with flags, width and precision ("*" too).  A number may be
 * written in C's bases, or as 'c for a character's code.  A bad number is printed as far as it goes, with status 1.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

static char **arguments;
static int status;

static const char *next_argument(void)
{
    return *arguments ? *arguments++ : NULL;
}

/* The part of a number that strto... left tells whether it was one. */
static void check_number(const char *text, const char *end)
{
    if (errno == ERANGE)
        util_warn("%s", text);
    else if (end == text)
        util_warnx("'%s': expected a numeric value", text);
    else if (*end)
        util_warnx("'%s': value not completely converted", text);
    else
        return;
    status = 1;
}

static long long integer_argument(bool is_signed)
{
    const char *text = next_argument();
    char *end;
    if (!text)
        return 0;
    if (*text == '\'' || *text == '"')
        return (unsigned char)text[1];
    errno = 0;
    long long value = is_signed ? strtoll(text, &end, 0) : (long long)strtoull(text, &end, 0);
    check_number(text, end);
    return value;
}

static double float_argument(void)
{
    const char *text = next_argument();
    char *end;
    if (!text)
        return 0;
    if (*text == '\'' || *text == '"')
        return (unsigned char)text[1];
    errno = 0;
    double value = strtod(text, &end);
    check_number(text, end);
    return value;
}

/* %b: the argument with its backslash sequences; \c ends everything. */
static void print_b(const char *directive, int width, int precision)
{
    const char *text = next_argument();
    char *out = util_alloc(text ? 2 * strlen(text) + 1 : 1);
    size_t length = 0;
    bool stop = false;
    while (text && *text && !stop) {
        if (*text == '\\')
            text++, length += util_escape(&text, out + length, true, &stop);
        else
            out[length++] = *text++;
    }
    if (width == 0 && precision < 0)
        fwrite(out, 1, length, stdout); /* 0 bytes included */
    else
        printf(directive, width, precision, out);
    free(out);
    if (stop)
        exit(util_finish(status));
}

static void print_c(int width, bool left)
{
    const char *text = next_argument();
    int length = text && *text;
    for (int i = length; i < width && !left; i++)
        putchar(' ');
    if (length)
        putchar(*text);
    for (int i = length; i < width && left; i++)
        putchar(' ');
}

/* A width or precision: digits, or "*" for the next argument. */
static int read_count(const char **cursor)
{
    if (**cursor == '*') {
        ++*cursor;
        return integer_argument(true);
    }
    int value = 0;
    for (; **cursor >= '0' && **cursor <= '9'; ++*cursor)
        value = value * 10 + (**cursor - '0');
    return value;
}

/* Builds "%FLAGS*.*LENGTH CONVERSION" in `directive` and prints one argument with it. */
static void print_converted(char *directive, size_t flags, char conversion, int width, int precision)
{
    char *tail = directive + 1 + flags;
    bool is_integer = strchr("diouxX", conversion) != NULL;
    sprintf(tail, "*.*%s%c", is_integer ? "ll" : "", conversion == 'b' ? 's' : conversion);
    if (conversion == 'c')
        print_c(abs(width), width < 0 || memchr(directive, '-', 1 + flags));
    else if (conversion == 'b')
        print_b(directive, width, precision);
    else if (conversion == 's')
        printf(directive, width, precision, *arguments ? next_argument() : "");
    else if (is_integer)
        printf(directive, width, precision, integer_argument(conversion == 'd' || conversion == 'i'));
    else
        printf(directive, width, precision, float_argument());
}

/* One directive, from behind its %; answers where it ends. */
static const char *print_directive(const char *cursor)
{
    const char *start = cursor;
    if (*cursor == '%') {
        putchar('%');
        return cursor + 1;
    }
    size_t flags = strspn(cursor, "-+ #0");
    char directive[64] = "%";
    if (flags > 16)
        util_errx("%%%s: invalid conversion specification", start);
    memcpy(directive + 1, cursor, flags);
    cursor += flags;
    int width = read_count(&cursor), precision = -1;
    if (*cursor == '.') {
        cursor++;
        precision = read_count(&cursor);
    }
    if (!*cursor || !strchr("diouxXcsbfFeEgGaA", *cursor))
        util_errx("%%%.*s: invalid conversion specification", (int)(cursor - start) + (*cursor != 0), start);
    print_converted(directive, flags, *cursor, width, precision);
    return cursor + 1;
}

static void print_format(const char *format)
{
    bool stop = false;
    while (*format) {
        char bytes[2] = {*format++};
        size_t count = 1;
        if (bytes[0] == '%') {
            format = print_directive(format);
            continue;
        }
        if (bytes[0] == '\\')
            count = util_escape(&format, bytes, false, &stop);
        fwrite(bytes, 1, count, stdout);
    }
}

int main(int argc, char **argv)
{
    util_start("printf", "FORMAT [ARGUMENT]...", 1);
    util_no_options(argc, argv);
    if (optind == argc)
        util_usage();
    const char *format = argv[optind];
    arguments = argv + optind + 1;
    char **before;
    do {
        before = arguments;
        print_format(format);
    } while (*arguments && arguments != before);
    return util_finish(status);
}
