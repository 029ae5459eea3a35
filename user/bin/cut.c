/*
 * cut.c - parts of each line: -b or -c LIST bytes, -f LIST fields, -d CHAR what parts the fields (a tab), -s no lines
 * without it, --complement is left out.
 *
 * A LIST is ranges N, N-M, N-, -M with commas between; it becomes one flag for each position up to the highest named,
 * and one for all beyond.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/util.h"

enum { position_max = 65536 };

static bool selected[position_max], selected_beyond;
static char mode, delimiter = '\t';
static bool only_delimited;

static bool is_selected(size_t position)
{
    return position < position_max ? selected[position] : selected_beyond;
}

static long read_position(const char **cursor, long otherwise)
{
    char *end;
    long value = strtol(*cursor, &end, 10);
    if (end == *cursor)
        return otherwise;
    if (value < 1)
        util_errx("%s are numbered from 1", mode == 'f' ? "fields" : "byte/character positions");
    *cursor = end;
    return value < position_max ? value : position_max - 1;
}

/* Marks one range; answers where it ends. */
static const char *parse_range(const char *cursor)
{
    const char *start = cursor;
    long first = *cursor == '-' ? 1 : read_position(&cursor, 0), last = first;
    if (*cursor == '-') {
        cursor++;
        last = read_position(&cursor, position_max);
        selected_beyond |= last == position_max;
    }
    if (first == 0 || (*cursor && !strchr(", \t", *cursor)) || (cursor - start == 1 && *start == '-'))
        util_errx("invalid %s range '%s'", mode == 'f' ? "field" : "byte or character", start);
    if (last < first)
        util_errx("invalid decreasing range");
    for (long i = first; i <= last && i < position_max; i++)
        selected[i] = true;
    return *cursor ? cursor + 1 : cursor;
}

static void parse_list(char which, const char *list)
{
    if (mode)
        util_errx("only one list may be specified");
    mode = which;
    do
        list = parse_range(list);
    while (*list);
}

static void cut_bytes(const struct line *line)
{
    for (size_t i = 0; i < line->length; i++) {
        if (is_selected(i + 1))
            putchar_unlocked(line->text[i]);
    }
    putchar_unlocked('\n');
}

static void cut_fields(const struct line *line)
{
    const char *field = line->text, *end = line->text + line->length;
    bool printed = false;
    if (!memchr(field, delimiter, line->length)) {
        if (!only_delimited)
            line_write(stdout, line);
        return;
    }
    for (size_t number = 1; field <= end; number++) {
        const char *stop = memchr(field, delimiter, end - field);
        if (!stop)
            stop = end;
        if (is_selected(number)) {
            if (printed)
                putchar_unlocked(delimiter);
            fwrite(field, 1, stop - field, stdout);
            printed = true;
        }
        field = stop + 1;
    }
    putchar_unlocked('\n');
}

static int cut(FILE *file, const char *path)
{
    struct line line = {0};
    (void)path;
    while (line_read(file, &line)) {
        if (mode == 'f')
            cut_fields(&line);
        else
            cut_bytes(&line);
    }
    free(line.text);
    return 0;
}

int main(int argc, char **argv)
{
    util_start("cut", "-b LIST | -c LIST | -f LIST [-d CHAR] [-s] [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "b:c:f:d:sn")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'd' && optarg[0] && optarg[1])
            util_errx("the delimiter must be a single character");
        if (option == 'd')
            delimiter = optarg[0];
        else if (option == 's')
            only_delimited = true;
        else if (option != 'n')
            parse_list(option, optarg);
    }
    if (!mode)
        util_errx("you must specify a list of bytes, characters, or fields");
    return util_finish(util_each_file(argc - optind, argv + optind, cut));
}
