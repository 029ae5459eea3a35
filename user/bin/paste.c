/*
 * paste.c - lines of several files side by side; -s the lines of each file in a row; -d LIST what stands between them,
 * one character after the other and again from the first (a tab; \n \t \\ are understood, and \0 for nothing).
 */
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/util.h"

static char *delimiters = "\t"; /* a 0 stands for nothing */
static size_t delimiter_count = 1;
static int status;

/* POSIX paste -d: the sequences that begin with a backslash. */
static char escaped(char letter)
{
    switch (letter) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case '0':
        return '\0';
    case '\0':
        util_errx("delimiter list ends with an unescaped backslash");
    default:
        return letter;
    }
}

static void set_delimiters(const char *list)
{
    delimiters = util_alloc(strlen(list) + 1);
    for (delimiter_count = 0; *list; list++)
        delimiters[delimiter_count++] = *list == '\\' ? escaped(*++list) : *list;
    if (delimiter_count == 0)
        delimiters[delimiter_count++] = '\0';
}

/* The delimiter behind column number `column`. */
static void put_delimiter(size_t column)
{
    char delimiter = delimiters[column % delimiter_count];
    if (delimiter)
        putchar_unlocked(delimiter);
}

static void put_line(const struct line *line)
{
    fwrite(line->text, 1, line->length, stdout);
}

/* -s: the lines of one file in a row. */
static int paste_serial(FILE *file, const char *path)
{
    struct line line = {0};
    (void)path;
    for (size_t column = 0; line_read(file, &line); column++) {
        if (column > 0)
            put_delimiter(column - 1);
        put_line(&line);
    }
    putchar_unlocked('\n');
    free(line.text);
    return 0;
}

/* A line of each file; those that have ended (NULL by then) count as empty.  False when no file had one. */
static bool paste_row(FILE **files, char **paths, size_t count)
{
    struct line line = {0};
    size_t behind = 0; /* columns whose delimiter is not yet printed: should no file follow, none is */
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        bool got = files[i] && line_read(files[i], &line);
        if (files[i] && !got) {
            status |= !util_close(files[i], paths[i]);
            files[i] = NULL;
        }
        any |= got;
        for (; got && behind < i; behind++)
            put_delimiter(behind);
        if (got)
            put_line(&line);
    }
    for (; any && behind + 1 < count; behind++)
        put_delimiter(behind);
    if (any)
        putchar_unlocked('\n');
    free(line.text);
    return any;
}

static int paste_parallel(char **paths, size_t count)
{
    FILE **files = util_alloc(count * sizeof(*files));
    for (size_t i = 0; i < count; i++) {
        files[i] = strcmp(paths[i], "-") == 0 ? stdin : util_open(paths[i]);
        if (!files[i])
            return 1;
    }
    while (paste_row(files, paths, count))
        continue;
    free(files);
    return status;
}

int main(int argc, char **argv)
{
    static char *only_input[] = {"-", NULL};
    bool serial = false;
    util_start("paste", "[-s] [-d LIST] [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "sd:")) != -1;) {
        if (option == '?')
            util_usage();
        serial |= option == 's';
        if (option == 'd')
            set_delimiters(optarg);
    }
    char **paths = optind < argc ? argv + optind : only_input;
    size_t count = optind < argc ? argc - optind : 1;
    return util_finish(serial ? util_each_file(count, paths, paste_serial) : paste_parallel(paths, count));
}
