/*
 * split.c - cuts a file into pieces: -l LINES (1000) or -b BYTES each, called PREFIXaa, PREFIXab ... (PREFIX being x);
 * -a N letters in place of two.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/util.h"

static const char *prefix = "x";
static int letters = 2;
static unsigned long piece_number;

/* The next piece, open; ends the program where the letters are used up. */
static FILE *next_piece(void)
{
    size_t length = strlen(prefix);
    char *path = util_alloc(length + letters + 1);
    unsigned long rest = piece_number++;
    strcpy(path, prefix);
    for (int i = letters; i-- > 0; rest /= 26)
        path[length + i] = 'a' + rest % 26;
    path[length + letters] = '\0';
    if (rest > 0)
        util_errx("output file suffixes exhausted");
    FILE *file = fopen(path, "w");
    if (!file)
        util_err("%s", path);
    free(path);
    return file;
}

static void end_piece(FILE *file)
{
    if (file && fclose(file) != 0)
        util_err("write error");
}

static void split_lines(FILE *from, long long lines)
{
    struct line line = {0};
    FILE *to = NULL;
    for (long long n = 0; line_read(from, &line); n++) {
        if (n % lines == 0) {
            end_piece(to);
            to = next_piece();
        }
        fwrite(line.text, 1, line.length, to);
        if (line.newline)
            putc('\n', to);
    }
    end_piece(to);
    free(line.text);
}

static void split_bytes(FILE *from, long long bytes)
{
    FILE *to = NULL;
    int c;
    for (long long n = 0; (c = getc(from)) != EOF; n++) {
        if (n % bytes == 0) {
            end_piece(to);
            to = next_piece();
        }
        putc(c, to);
    }
    end_piece(to);
}

int main(int argc, char **argv)
{
    long long lines = 1000, bytes = 0;
    util_start("split", "[-l LINES | -b BYTES] [-a LETTERS] [FILE [PREFIX]]", 1);
    for (int option; (option = getopt(argc, argv, "l:b:a:")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'l')
            lines = util_number(optarg, 1, 0x7fffffff, "number of lines");
        if (option == 'b' && (bytes = util_size(optarg, "number of bytes")) == 0)
            util_errx("invalid number of bytes: '%s'", optarg);
        if (option == 'a')
            letters = util_number(optarg, 1, 10, "suffix length");
    }
    if (argc - optind > 2)
        util_usage();
    if (argc - optind == 2)
        prefix = argv[optind + 1];
    FILE *from = optind < argc ? util_open(argv[optind]) : stdin;
    if (!from)
        return 1;
    if (bytes)
        split_bytes(from, bytes);
    else
        split_lines(from, lines);
    return util_finish(util_close(from, optind < argc ? argv[optind] : "-") ? 0 : 1);
}
