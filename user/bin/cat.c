/*
 * cat.c - copies files to standard output.
 *
 * -n numbers the lines, through all files; -u is accepted: bytes are passed on as they come in any case.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/util.h"

static bool numbering;

/* Writes the bytes with a number before each line; what it counts lasts from file to file. */
static void write_numbered(const char *bytes, size_t count)
{
    static unsigned long number = 0;
    static bool at_start = true;
    for (size_t i = 0; i < count; i++) {
        if (at_start)
            printf("%6lu\t", ++number);
        putchar(bytes[i]);
        at_start = bytes[i] == '\n';
    }
    fflush(stdout);
}

/* Copies all that `fd` gives; false, with errno, when reading failed. */
static bool copy(int fd)
{
    static char buffer[65536];
    for (;;) {
        ssize_t got = read(fd, buffer, sizeof(buffer));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0;
        if (numbering)
            write_numbered(buffer, got);
        else if (!util_write_all(1, buffer, got))
            util_err("write error");
    }
}

/* Would the file be copied to itself without end? */
static bool is_output(int fd)
{
    struct stat in, out;
    return fstat(fd, &in) == 0 && fstat(1, &out) == 0 && S_ISREG(in.st_mode) && in.st_dev == out.st_dev &&
           in.st_ino == out.st_ino && lseek(fd, 0, SEEK_CUR) < lseek(1, 0, SEEK_END);
}

/* Copies one file; answers 0 or 1. */
static int cat(const char *path)
{
    bool standard_input = strcmp(path, "-") == 0, good = false;
    int fd = standard_input ? 0 : open(path, O_RDONLY);
    if (fd < 0)
        util_warn("%s", path);
    else if (is_output(fd))
        util_warnx("%s: input file is output file", path);
    else if (!(good = copy(fd)))
        util_warn("%s", path);
    if (fd > 0)
        close(fd);
    return good ? 0 : 1;
}

int main(int argc, char **argv)
{
    int status = 0;
    util_start("cat", "[-nu] [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "nu")) != -1;) {
        if (option == '?')
            util_usage();
        numbering |= option == 'n';
    }
    if (optind == argc)
        status = cat("-");
    for (int i = optind; i < argc; i++)
        status |= cat(argv[i]);
    return util_finish(status);
}
