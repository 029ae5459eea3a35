/*
 * truncate.c - gives files a size: truncate [-c] -s SIZE FILE..., or -r FILE as another has; SIZE with + or - in front
 * is added or taken away, K, M, G behind it multiply.  Files that are not there are made, but with -c.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "lib/util.h"

struct wanted {
    char sign; /* '+', '-' or 0 */
    long long size;
};

static bool resize(const char *path, const struct wanted *wanted, bool make)
{
    struct stat status;
    int fd = open(path, O_WRONLY | O_NONBLOCK | (make ? O_CREAT : 0), 0666);
    bool good = fd >= 0 && fstat(fd, &status) == 0;
    if (fd < 0 && !make && access(path, F_OK) < 0)
        return true; /* -c: it is not made, and that is no failure */
    if (good) {
        long long size = wanted->size;
        if (wanted->sign == '+')
            size = status.st_size + size;
        else if (wanted->sign == '-')
            size = size < status.st_size ? status.st_size - size : 0;
        good = ftruncate(fd, size) == 0;
    }
    if (!good)
        util_warn(fd < 0 ? "cannot open '%s' for writing" : "failed to truncate '%s'", path);
    if (fd >= 0)
        close(fd);
    return good;
}

int main(int argc, char **argv)
{
    struct wanted wanted = {0, -1};
    struct stat other;
    bool make = true;
    int status = 0;
    util_start("truncate", "[-c] -s SIZE | -r FILE FILE...", 1);
    for (int option; (option = getopt(argc, argv, "cs:r:")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'c')
            make = false;
        if (option == 's') {
            wanted.sign = *optarg == '+' || *optarg == '-' ? *optarg++ : 0;
            wanted.size = util_size(optarg, "size");
        }
        if (option == 'r') {
            if (stat(optarg, &other) < 0)
                util_err("cannot stat '%s'", optarg);
            wanted.size = other.st_size;
        }
    }
    if (wanted.size < 0 || optind == argc)
        util_usage();
    for (; optind < argc; optind++)
        status |= !resize(argv[optind], &wanted, make);
    return util_finish(status);
}
