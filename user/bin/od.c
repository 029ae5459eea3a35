/*
 * od.c - shows bytes: as numbers of several kinds, with where they stand.
 *
 * -t TYPE: a names, c characters, d signed, u unsigned, o octal, x hexadecimal, each number with its size (1, 2, 4, 8)
 * behind, and z to show the characters at the end of the line; -b -c -d -o -s -x for o1 c u2 o2 d2 x2;
 * -A d, o, x, n: how places are written;
 * -j SKIP, -N COUNT, -w WIDTH, -v without "*" for lines that repeat.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

enum { line_max = 256, formats_max = 8 };

struct format {
    char kind; /* a c d u o x */
    int size, width;
    bool characters;
};

static struct format formats[formats_max];
static int format_count;
static char place_base = 'o';
static int line_size = 16;
static bool show_all;
static long long to_skip, most = -1;

/* Reading the types */

/* How many characters the largest number of that kind takes. */
static int number_width(char kind, int size)
{
    static const int octal[] = {[1] = 3, [2] = 6, [4] = 11, [8] = 22};
    static const int decimal[] = {[1] = 3, [2] = 5, [4] = 10, [8] = 20};
    if (kind == 'x')
        return 2 * size;
    if (kind == 'o')
        return octal[size];
    return kind == 'd' ? decimal[size] + (size < 8) : decimal[size];
}

static int parse_size(const char **text)
{
    static const struct {
        char letter;
        int size;
    } letters[] = {{'C', 1}, {'S', 2}, {'I', 4}, {'L', sizeof(long)}, {'1', 1}, {'2', 2}, {'4', 4}, {'8', 8}};
    for (size_t i = 0; i < UTIL_COUNT(letters); i++) {
        if (**text == letters[i].letter) {
            ++*text;
            return letters[i].size;
        }
    }
    return 4;
}

static void add_formats(const char *text)
{
    while (*text) {
        struct format format = {.kind = *text++, .size = 1, .width = 3};
        if (!strchr("acduox", format.kind) || format_count == formats_max)
            util_errx("invalid type string '%s'", text - 1);
        if (format.kind != 'a' && format.kind != 'c') {
            format.size = parse_size(&text);
            format.width = number_width(format.kind, format.size);
        }
        format.characters = *text == 'z';
        text += format.characters;
        formats[format_count++] = format;
    }
}

/* Printing */

static void print_name(unsigned char c)
{
    static const char names[][4] = {"nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs",  "ht",  "nl",
                                    "vt",  "ff",  "cr",  "so",  "si",  "dle", "dc1", "dc2", "dc3", "dc4", "nak",
                                    "syn", "etb", "can", "em",  "sub", "esc", "fs",  "gs",  "rs",  "us",  "sp"};
    c &= 0177;
    if (c <= ' ')
        printf("%3s", names[c]);
    else if (c == 0177)
        printf("del");
    else
        printf("%3c", c);
}

static void print_character(unsigned char c)
{
    static const char letters[] = "\a\b\f\n\r\t\v", names[] = "abfnrtv";
    const char *found = c ? strchr(letters, c) : NULL;
    if (found)
        printf(" \\%c", names[found - letters]);
    else if (c == '\0')
        printf(" \\0");
    else if (isprint(c))
        printf("  %c", c);
    else
        printf("%03o", c);
}

static void print_number(const struct format *format, const unsigned char *bytes)
{
    unsigned long long value = 0;
    for (int i = format->size - 1; i >= 0; i--)
        value = value << 8 | bytes[i];
    if (format->kind == 'd') {
        int unused = 64 - 8 * format->size;
        printf("%*lld", format->width, (long long)(value << unused) >> unused);
    } else if (format->kind == 'u') {
        printf("%*llu", format->width, value);
    } else {
        printf(format->kind == 'o' ? "%0*llo" : "%0*llx", format->width, value);
    }
}

static void print_item(const struct format *format, const unsigned char *bytes)
{
    if (format->kind == 'a')
        print_name(*bytes);
    else if (format->kind == 'c')
        print_character(*bytes);
    else
        print_number(format, bytes);
}

static void print_place(unsigned long long place)
{
    if (place_base == 'o')
        printf("%07llo", place);
    else if (place_base == 'd')
        printf("%07llu", place);
    else if (place_base == 'x')
        printf("%06llx", place);
}

/* The columns of several formats stand below each other: each is as wide as the widest for the same bytes. */
static int item_padding(const struct format *format)
{
    int widest = 0;
    for (int i = 0; i < format_count; i++) {
        int per_eight = (formats[i].width + 1) * 8 / formats[i].size;
        widest = per_eight > widest ? per_eight : widest;
    }
    return widest * format->size / 8 - format->width;
}

static void print_format(const struct format *format, const unsigned char *bytes, int count)
{
    int padding = item_padding(format), i = 0;
    for (; i < count; i += format->size) {
        printf("%*s", padding, "");
        print_item(format, bytes + i);
    }
    if (format->characters) {
        for (; i < line_size; i += format->size)
            printf("%*s", padding + format->width, "");
        printf("  >");
        for (int c = 0; c < count; c++)
            putchar(isprint(bytes[c]) ? bytes[c] : '.');
        putchar('<');
    }
    putchar('\n');
}

static void print_line(unsigned long long place, const unsigned char *bytes, int count)
{
    for (int i = 0; i < format_count; i++) {
        if (i == 0)
            print_place(place);
        else if (place_base != 'n')
            printf("%*s", place_base == 'x' ? 6 : 7, "");
        print_format(&formats[i], bytes, count);
    }
}

/* Input: all files as one */

static char **paths;
static FILE *file;
static int status;

static int next_byte(void)
{
    for (;;) {
        int c = file ? getc(file) : EOF;
        if (c != EOF)
            return c;
        if (file && !util_close(file, paths[-1]))
            status = 1;
        do {
            if (!*paths)
                return file = NULL, EOF;
            file = util_open(*paths++);
            status |= !file;
        } while (!file);
    }
}

static int read_line(unsigned char *bytes)
{
    int count = 0;
    for (int c; count < line_size && most != 0 && (c = next_byte()) != EOF; most -= most > 0)
        bytes[count++] = c;
    memset(bytes + count, 0, line_max - count);
    return count;
}

static void dump(void)
{
    unsigned char bytes[line_max], last[line_max];
    unsigned long long place = to_skip;
    bool repeating = false, first = true;
    for (int count; (count = read_line(bytes)) > 0; place += count, first = false) {
        bool same = !first && count == line_size && memcmp(bytes, last, count) == 0 && !show_all;
        if (!same)
            print_line(place, bytes, count);
        else if (!repeating)
            puts("*");
        repeating = same;
        memcpy(last, bytes, line_max);
    }
    print_place(place);
    if (place_base != 'n')
        putchar('\n');
}

static void set_option(int option)
{
    static const struct {
        char letter;
        const char *type;
    } types[] = {{'b', "o1"}, {'c', "c"}, {'d', "u2"}, {'o', "o2"}, {'s', "d2"}, {'x', "x2"}, {'a', "a"}};
    for (size_t i = 0; i < UTIL_COUNT(types); i++) {
        if (types[i].letter == option)
            add_formats(types[i].type);
    }
    if (option == 't')
        add_formats(optarg);
    else if (option == 'j')
        to_skip = util_size(optarg, "number of bytes");
    else if (option == 'N')
        most = util_size(optarg, "number of bytes");
    else if (option == 'w')
        line_size = util_number(optarg, 1, line_max, "width");
    else if (option == 'v')
        show_all = true;
    else if (option == '?')
        util_usage();
    if (option != 'A')
        return;
    if (!strchr("doxn", optarg[0]) || !optarg[0] || optarg[1])
        util_errx("invalid output address radix '%s'; it must be one character from [doxn]", optarg);
    place_base = optarg[0];
}

int main(int argc, char **argv)
{
    static char *standard_input[] = {"-", NULL};
    util_start("od", "[-abcdosvx] [-A BASE] [-j SKIP] [-N COUNT] [-t TYPE]... [-w WIDTH] [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "abcdosvxA:j:N:t:w:")) != -1;)
        set_option(option);
    if (format_count == 0)
        add_formats("o2");
    paths = optind < argc ? argv + optind : standard_input;
    for (long long i = 0; i < to_skip; i++) {
        if (next_byte() == EOF)
            util_errx("cannot skip past end of combined input");
    }
    dump();
    return util_finish(status);
}
