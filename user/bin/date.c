/*
 * date.c - prints the time, as +FORMAT says (strftime's directives and %N, nanoseconds), or sets it.
 *
 * -d DATE that time, -r FILE that file's, -s DATE sets the clock, -u in UTC, -I as 2024-05-01, -R for mail.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/dates.h"
#include "lib/util.h"

static struct timespec parse(const char *text)
{
    struct timespec when;
    if (!dates_parse(text, &when))
        util_errx("invalid date '%s'", text);
    return when;
}

static struct timespec time_of(const char *path)
{
    struct stat status;
    if (stat(path, &status) < 0)
        util_err("%s", path);
    return status.st_mtim;
}

/* Writes `format` to `out`, which has room, with %N replaced by the nanoseconds. */
static void expand_nanoseconds(const char *format, long nanoseconds, char *out)
{
    while (*format) {
        if (format[0] == '%' && format[1] == 'N') {
            out += sprintf(out, "%09ld", nanoseconds);
            format += 2;
            continue;
        }
        if (*format == '%' && format[1])
            *out++ = *format++;
        *out++ = *format++;
    }
    *out = '\0';
}

static void print(const char *format, const struct timespec *when)
{
    time_t seconds = when->tv_sec;
    size_t size = 64 * (strlen(format) + 1);
    char *text = util_alloc(size), *full = util_alloc(size);
    expand_nanoseconds(format, when->tv_nsec, full);
    strftime(text, size, full, localtime(&seconds));
    puts(text);
    free(full);
    free(text);
}

int main(int argc, char **argv)
{
    const char *format = "%a %b %e %H:%M:%S %Z %Y", *shown = NULL, *set = NULL, *file = NULL;
    struct timespec when;
    util_start("date", "[-uIR] [-d DATE | -r FILE | -s DATE] [+FORMAT]", 1);
    for (int option; (option = getopt(argc, argv, "uIRd:r:s:")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'u')
            setenv("TZ", "UTC0", 1);
        else if (option == 'I')
            format = "%Y-%m-%d";
        else if (option == 'R')
            format = "%a, %d %b %Y %H:%M:%S %z";
        else
            *(option == 'd' ? &shown : option == 'r' ? &file : &set) = optarg;
    }
    tzset();
    if (optind < argc && argv[optind][0] == '+')
        format = argv[optind++] + 1;
    if (optind < argc)
        util_errx("extra operand '%s'", argv[optind]);
    clock_gettime(CLOCK_REALTIME, &when);
    if (file)
        when = time_of(file);
    else if (set || shown)
        when = parse(set ? set : shown);
    if (set && clock_settime(CLOCK_REALTIME, &when) < 0)
        util_err("cannot set date");
    print(format, &when);
    return util_finish(0);
}
