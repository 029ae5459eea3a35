/*
 * tail.c - the last part of files: -n LINES (10), -n +LINE to begin at a line, -c the same in bytes, -f to go on as
 * the file grows; -LINES and +LINE as people type them.
 *
 * The last units of a stream are held in a ring while it is read; a file is not read backwards, as the RAM that holds
 * it is as fast either way.  -f looks once in a while, for files that shrink as well.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/lines.h"
#include "lib/util.h"

static long long amount = 10;
static bool count_bytes, from_start, follow, headings;

/* Passes over the first amount - 1 units, then copies. */
static void tail_from(FILE *file)
{
    long long skip = amount > 0 ? amount - 1 : 0;
    for (int c; (c = getc_unlocked(file)) != EOF;) {
        if (skip == 0)
            putchar_unlocked(c);
        else
            skip -= count_bytes || c == '\n';
    }
}

static void tail_bytes(FILE *file)
{
    size_t held = amount, next = 0;
    char *ring = util_alloc(held);
    for (int c; (c = getc_unlocked(file)) != EOF && held;)
        ring[next++ % held] = c;
    for (size_t i = next > held ? next - held : 0; i < next; i++)
        putchar_unlocked(ring[i % held]);
    free(ring);
}

static void print_as_read(const struct line *line)
{
    fwrite(line->text, 1, line->length, stdout);
    if (line->newline)
        putchar_unlocked('\n');
}

static void tail_lines(FILE *file)
{
    size_t held = amount, next = 0;
    struct line *ring = util_alloc(held * sizeof(*ring));
    while (held && line_read(file, &ring[next % held]))
        next++;
    size_t first = next > held ? next - held : 0;
    for (size_t i = first; i < next; i++)
        print_as_read(&ring[i % held]);
    for (size_t i = 0; i < held; i++)
        free(ring[i].text);
    free(ring);
}

/* Copies what is added to the file, for ever. */
static void tail_follow(FILE *file)
{
    const struct timespec pause = {.tv_nsec = 200 * 1000 * 1000};
    struct stat status;
    for (;;) {
        clearerr(file);
        for (int c; (c = getc_unlocked(file)) != EOF;)
            putchar_unlocked(c);
        if (fflush(stdout) != 0)
            util_err("write error");
        nanosleep(&pause, NULL);
        if (fstat(fileno(file), &status) == 0 && S_ISREG(status.st_mode) && status.st_size < ftell(file))
            rewind(file);
    }
}

static int tail(FILE *file, const char *path)
{
    static bool later;
    if (headings)
        printf("%s==> %s <==\n", later ? "\n" : "", file == stdin ? "standard input" : path);
    later = true;
    if (from_start)
        tail_from(file);
    else if (count_bytes)
        tail_bytes(file);
    else
        tail_lines(file);
    if (follow && !ferror(file))
        tail_follow(file);
    return 0;
}

static void set_amount(const char *text, bool bytes)
{
    count_bytes = bytes;
    from_start = *text == '+';
    amount = util_size(*text == '-' ? text + 1 : text, bytes ? "number of bytes" : "number of lines");
    if (amount < 0)
        util_errx("invalid number: '%s'", text);
}

int main(int argc, char **argv)
{
    int quiet = -1;
    util_start("tail", "[-fqv] [-n [+]LINES | -c [+]BYTES] [FILE]...", 1);
    if (argc > 1 && (argv[1][0] == '-' || argv[1][0] == '+') && argv[1][1] >= '0' && argv[1][1] <= '9') {
        set_amount(argv[1], false);
        argv[1] = argv[0];
        argv++, argc--;
    }
    for (int option; (option = getopt(argc, argv, "n:c:fqv")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'n' || option == 'c')
            set_amount(optarg, option == 'c');
        else if (option == 'f')
            follow = true;
        else
            quiet = option == 'q';
    }
    headings = quiet < 0 ? argc - optind > 1 : !quiet;
    return util_finish(util_each_file(argc - optind, argv + optind, tail));
}
