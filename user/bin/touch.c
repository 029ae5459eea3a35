/*
 * touch.c - sets files' times to now, making the files: -c makes none, -a and -m one time alone, -r FILE the times of
 * another, -t [[CC]YY]MMDDhhmm[.SS] or -d DATE a time given.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "lib/dates.h"
#include "lib/util.h"

static struct timespec times[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
static bool never_create;

static void take_times_of(const char *path)
{
    struct stat status;
    if (stat(path, &status) < 0)
        util_err("failed to get attributes of '%s'", path);
    times[0] = status.st_atim;
    times[1] = status.st_mtim;
}

static void take_date(int option, const char *text)
{
    bool good = option == 't' ? dates_parse_stamp(text, &times[0]) : dates_parse(text, &times[0]);
    if (!good)
        util_errx("invalid date format '%s'", text);
    times[1] = times[0];
}

static bool touch(const char *path)
{
    if (utimensat(AT_FDCWD, path, times, 0) == 0)
        return true;
    if (errno == ENOENT && never_create)
        return true;
    int fd = errno == ENOENT ? open(path, O_WRONLY | O_CREAT, 0666) : -1;
    if (fd < 0) {
        util_warn("cannot touch '%s'", path);
        return false;
    }
    bool good = futimens(fd, times) == 0;
    if (!good)
        util_warn("setting times of '%s'", path);
    close(fd);
    return good;
}

int main(int argc, char **argv)
{
    bool access_only = false, change_only = false;
    int status = 0;
    util_start("touch", "[-acm] [-r FILE | -t STAMP | -d DATE] FILE...", 1);
    for (int option; (option = getopt(argc, argv, "acmr:t:d:")) != -1;) {
        if (option == '?')
            util_usage();
        access_only |= option == 'a';
        change_only |= option == 'm';
        never_create |= option == 'c';
        if (option == 'r')
            take_times_of(optarg);
        else if (option == 't' || option == 'd')
            take_date(option, optarg);
    }
    if (optind == argc)
        util_errx("missing file operand");
    if (access_only != change_only)
        times[access_only].tv_nsec = UTIME_OMIT;
    for (int i = optind; i < argc; i++)
        status |= !touch(argv[i]);
    return util_finish(status);
}
