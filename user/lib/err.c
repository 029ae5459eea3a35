/*
 * err.c - messages with the program's name in front: "name: text: reason".
 */
#include "libc.h"
#include <err.h>
#include <stdio.h>
#include <string.h>

/* The message is put together first, so that it leaves in one piece; what is longer than the buffer is cut. */
static void message(const char *reason, const char *format, va_list args)
{
    char text[1024] = "";

    if (format != NULL)
        vsnprintf(text, sizeof text, format, args);
    fflush(stdout);
    fprintf(stderr, "%s: %s%s%s\n", __program_name(), text, format != NULL && reason != NULL ? ": " : "",
            reason != NULL ? reason : "");
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
