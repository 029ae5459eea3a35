/*
 * dmesg.c - prints what the kernel has logged, without the levels (<6>) that lines may begin with.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "lib/util.h"

static void print_line(const char *line, const char *end)
{
    if (*line == '<' && line[1] >= '0' && line[1] <= '9' && line[2] == '>')
        line += 3;
    fwrite(line, 1, end - line, stdout);
}

int main(int argc, char **argv)
{
    size_t length = 0, room = 0;
    ssize_t got = 1;
    char *text = NULL;
    util_start("dmesg", "", 1);
    util_no_options(argc, argv);
    int fd = open("/proc/kmsg", O_RDONLY | O_NONBLOCK);
    if (fd < 0)
        util_err("/proc/kmsg");
    while (got > 0) {
        text = util_grow(text, length + 4096, &room, 1);
        got = read(fd, text + length, room - length);
        length += got > 0 ? got : 0;
    }
    if (got < 0 && errno != EAGAIN)
        util_err("/proc/kmsg");
    for (char *line = text, *end; line < text + length; line = end) {
        end = line;
        while (end < text + length && *end++ != '\n')
            continue;
        print_line(line, end);
    }
    free(text);
    return util_finish(0);
}
