/*
 * hexdump.c - shows bytes in hexadecimal and as characters, 16 to a line (hexdump -C, the only form there is).
 *
 * -n COUNT bytes at most, -s SKIP the first, -v without "*" for lines that repeat.
 */
#include <ctype.h>
#include <string.h>

#include "lib/util.h"

enum { line_size = 16 };

static long long most = -1, to_skip, place;
static bool show_all;

/* A line that may go on in the next file. */
static unsigned char bytes[line_size], last[line_size];
static int count;
static bool repeating, any;

static void print_line(void)
{
    printf("%08llx ", place);
    for (int i = 0; i < line_size; i++) {
        fputs(i == line_size / 2 ? " " : "", stdout);
        if (i < count)
            printf(" %02x", bytes[i]);
        else
            printf("   ");
    }
    printf("  |");
    for (int i = 0; i < count; i++)
        putchar(isprint(bytes[i]) ? bytes[i] : '.');
    puts("|");
}

static void end_line(void)
{
    bool same = any && count == line_size && memcmp(bytes, last, line_size) == 0 && !show_all;
    if (!same)
        print_line();
    else if (!repeating)
        puts("*");
    repeating = same;
    any = true;
    memcpy(last, bytes, line_size);
    place += count;
    count = 0;
}

static int dump(FILE *file, const char *path)
{
    (void)path;
    for (int c; most != 0 && (c = getc(file)) != EOF;) {
        if (to_skip > 0) {
            to_skip--;
            place++;
            continue;
        }
        bytes[count++] = c;
        most -= most > 0;
        if (count == line_size)
            end_line();
    }
    return 0;
}

int main(int argc, char **argv)
{
    util_start("hexdump", "[-Cv] [-n COUNT] [-s SKIP] [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "Cvn:s:")) != -1;) {
        if (option == '?')
            util_usage();
        show_all |= option == 'v';
        if (option == 'n')
            most = util_size(optarg, "number of bytes");
        if (option == 's')
            to_skip = util_size(optarg, "number of bytes");
    }
    int status = util_each_file(argc - optind, argv + optind, dump);
    if (count > 0)
        end_line();
    if (place > 0)
        printf("%08llx\n", place);
    return util_finish(status);
}
