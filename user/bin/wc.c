/*
 * wc.c - counts lines, words and bytes: -l, -w, -c (or -m, which is the same here); all three without an option.
 */
#include <ctype.h>
#include <sys/stat.h>

#include "lib/util.h"

enum { lines, words, bytes, kinds };

static unsigned long long total[kinds];
static bool wanted[kinds];
static int width = 1;

static void print_counts(const unsigned long long count[kinds], const char *path)
{
    const char *blank = "";
    for (int i = 0; i < kinds; i++) {
        if (wanted[i]) {
            printf("%s%*llu", blank, width, count[i]);
            blank = " ";
        }
    }
    printf("%s%s\n", path ? " " : "", path ? path : "");
}

static int count(FILE *file, const char *path)
{
    unsigned long long here[kinds] = {0};
    bool in_word = false;
    for (int c; (c = getc_unlocked(file)) != EOF;) {
        here[bytes]++;
        here[lines] += c == '\n';
        here[words] += !in_word && !isspace(c);
        in_word = !isspace(c);
    }
    if (ferror(file))
        util_warn("%s", path);
    clearerr(file);
    for (int i = 0; i < kinds; i++)
        total[i] += here[i];
    print_counts(here, path);
    return 0;
}

/* Columns as wide as the sum of the files' sizes, as GNU's wc has them; 7 when one is no regular file. */
static int column_width(int count_of_files, char **paths)
{
    unsigned long long sum = 0;
    int digits = 1, least = 1;
    struct stat status;
    for (int i = 0; i < count_of_files; i++) {
        if (stat(paths[i], &status) < 0)
            continue;
        if (S_ISREG(status.st_mode))
            sum += status.st_size;
        else
            least = 7;
    }
    for (; sum >= 10; sum /= 10)
        digits++;
    return digits > least ? digits : least;
}

int main(int argc, char **argv)
{
    util_start("wc", "[-lwcm] [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "lwcm")) != -1;) {
        if (option == '?')
            util_usage();
        wanted[option == 'l' ? lines : option == 'w' ? words : bytes] = true;
    }
    int columns = wanted[lines] + wanted[words] + wanted[bytes];
    if (columns == 0)
        wanted[lines] = wanted[words] = wanted[bytes] = true;
    if (optind == argc) {
        width = columns == 1 ? 1 : 7;
        count(stdin, NULL);
        return util_finish(0);
    }
    if (columns != 1 || argc - optind > 1)
        width = column_width(argc - optind, argv + optind);
    int status = util_each_file(argc - optind, argv + optind, count);
    if (argc - optind > 1)
        print_counts(total, "total");
    return util_finish(status);
}
