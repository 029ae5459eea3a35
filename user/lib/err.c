/*
 * err.c - messages with the program's name in front: "name: text: reason".
 */
#include "libc.h"
#include <err.h>
#include <stdio.h>
#include <string.h>

static const char *program_name(void)
{
    const char *name = __exec_words[0] > 0 ? (const char *)__exec_words[1] : "", *slash = strrchr(name, '/');

    return slash != NULL ? slash + 1 : name;
}

static void message(const char *reason, const char *format, va_list args)
{
    fflush(stdout);
    fprintf(stderr, "%s: ", program_name());
    if (format != NULL)
        vfprintf(stderr, format, args);
    if (reason != NULL)
        fprintf(stderr, "%s%s", format != NULL ? ": " : "", reason);
    fputc('\n', stderr);
}

void vwarn(const char *format, va_list args)
{
    message(strerror(errno), format, args);
}

void vwarnx(const char *format, va_list args)
{
    message(NULL, format, args);
}

void verr(int status, const char *format, va_list args)
{
    vwarn(format, args);
    exit(status);
}

void verrx(int status, const char *format, va_list args)
{
    vwarnx(format, args);
    exit(status);
}

void warn(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vwarn(format, args);
    va_end(args);
}

void warnx(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vwarnx(format, args);
    va_end(args);
}

void err(int status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    verr(status, format, args);
}

void errx(int status, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    verrx(status, format, args);
}
