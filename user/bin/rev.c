/*
 * rev.c - each line with its bytes in reverse.
 */
#include <stdlib.h>

#include "lib/lines.h"
#include "lib/util.h"

static int reverse(FILE *file, const char *path)
{
    struct line line = {0};
    (void)path;
    while (line_read(file, &line)) {
        for (size_t i = line.length; i-- > 0;)
            putchar(line.text[i]);
        putchar('\n');
    }
    free(line.text);
    return 0;
}

int main(int argc, char **argv)
{
    util_start("rev", "[FILE]...", 1);
    util_no_options(argc, argv);
    return util_finish(util_each_file(argc - optind, argv + optind, reverse));
}
