/*
 * sha256sum.c - SHA-256 sums of files (FIPS 180-4); -c checks those that a file lists.
 */
#include <stdlib.h>
#include <string.h>

#include "../lib/sha256.h"
#include "lib/lines.h"
#include "lib/util.h"

enum { digest_text = 2 * SHA256_SIZE };

/* Writes the sum of all that the file gives, in hexadecimal. */
static void sum_file(FILE *file, char text[digest_text + 1])
{
    struct sha256 hash;
    unsigned char bytes[4096], digest[SHA256_SIZE];
    __sha256_begin(&hash);
    for (size_t n; (n = fread(bytes, 1, sizeof(bytes), file)) > 0;)
        __sha256_add(&hash, bytes, n);
    __sha256_end(&hash, digest);
    for (int i = 0; i < SHA256_SIZE; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

static int print_sum(FILE *file, const char *path)
{
    char text[digest_text + 1];
    sum_file(file, text);
    if (!ferror(file))
        printf("%s  %s\n", text, path);
    return 0;
}

/* One line of a list: "SUM  NAME"; false when the file is not as it says. */
static bool check_line(char *line)
{
    char text[digest_text + 1], *name = line + digest_text;
    if (strlen(line) < digest_text + 3 || name[0] != ' ') {
        util_warnx("improperly formatted line: %s", line);
        return false;
    }
    *name = '\0';
    name += 2;
    FILE *file = util_open(name);
    if (!file) {
        printf("%s: FAILED open or read\n", name);
        return false;
    }
    sum_file(file, text);
    bool good = util_close(file, name) && strcmp(text, line) == 0;
    printf("%s: %s\n", name, good ? "OK" : "FAILED");
    return good;
}

static int check_list(FILE *file, const char *path)
{
    struct line line = {0};
    int status = 0;
    (void)path;
    while (line_read(file, &line))
        status |= !check_line(line.text);
    free(line.text);
    if (status)
        util_warnx("WARNING: not all sums did match");
    return status;
}

int main(int argc, char **argv)
{
    bool check = false;
    util_start("sha256sum", "[-c] [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "cb")) != -1;) {
        if (option == '?')
            util_usage();
        check |= option == 'c';
    }
    return util_finish(util_each_file(argc - optind, argv + optind, check ? check_list : print_sum));
}
