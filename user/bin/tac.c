/*
 * tac.c - the lines of files, the last first.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/util.h"

static int reverse(FILE *file, const char *path)
{
    struct line *lines = NULL, line = {0};
    size_t count = 0, room = 0;
    (void)path;
    while (line_read(file, &line)) {
        lines = util_grow(lines, count, &room, sizeof(*lines));
        lines[count++] = line;
        line = (struct line){0};
    }
    while (count-- > 0) {
        line_write(stdout, &lines[count]);
        free(lines[count].text);
    }
    free(line.text);
    free(lines);
    return 0;
}

int main(int argc, char **argv)
{
    util_start("tac", "[FILE]...", 1);
    util_no_options(argc, argv);
    return util_finish(util_each_file(argc - optind, argv + optind, reverse));
}
