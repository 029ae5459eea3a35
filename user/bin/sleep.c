/*
 * sleep.c - waits for the sum of its arguments: seconds, with a fraction if wanted, or with s, m, h, d behind.
 */
#include <errno.h>
#include <time.h>

#include "lib/util.h"

int main(int argc, char **argv)
{
    double sum = 0, seconds;
    util_start("sleep", "NUMBER[smhd]...", 1);
    util_no_options(argc, argv);
    if (optind == argc)
        util_errx("missing operand");
    for (int i = optind; i < argc; i++) {
        if (!util_duration(argv[i], &seconds))
            util_errx("invalid time interval '%s'", argv[i]);
        sum += seconds;
    }
    struct timespec left = {.tv_sec = sum < 1e9 ? (time_t)sum : 1000000000};
    left.tv_nsec = sum < 1e9 ? (long)((sum - left.tv_sec) * 1e9) : 0;
    while (nanosleep(&left, &left) < 0) {
        if (errno != EINTR)
            util_err("cannot sleep");
    }
    return 0;
}
