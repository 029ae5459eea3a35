/*
 * util.c - messages and exits of the utilities.
 *
 * A message is "NAME: text" or "NAME: text: why", on standard error, after what standard output holds back, so that
 * both come in the order in which they were made.
 */
#include "util.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char *program_name = "?";
static const char *program_synopsis = "";
static int program_failure = 1;

/* To be called first.  `synopsis` is what follows the name in the usage line; `failure` the status of fatal errors. */
void util_start(const char *name, const char *synopsis, int failure)
{
    program_name = name;
    program_synopsis = synopsis;
    program_failure = failure;
}

static void message(const char *format, va_list arguments, const char *why)
{
    fflush(stdout);
    fprintf(stderr, "%s: ", program_name);
    vfprintf(stderr, format, arguments);
    if (why)
        fprintf(stderr, ": %s", why);
    putc('\n', stderr);
}

/* Prints the message and what errno stands for. */
void util_warn(const char *format, ...)
{
    const char *why = strerror(errno);
    va_list arguments;
    va_start(arguments, format);
    message(format, arguments, why);
    va_end(arguments);
}

/* Prints the message. */
void util_warnx(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    message(format, arguments, NULL);
    va_end(arguments);
}

/* util_warn, then the end. */
void util_err(const char *format, ...)
{
    const char *why = strerror(errno);
    va_list arguments;
    va_start(arguments, format);
    message(format, arguments, why);
    va_end(arguments);
    exit(program_failure);
}

/* util_warnx, then the end. */
void util_errx(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    message(format, arguments, NULL);
    va_end(arguments);
    exit(program_failure);
}

/* Says how the program is called, and ends it. */
void util_usage(void)
{
    fprintf(stderr, "usage: %s %s\n", program_name, program_synopsis);
    exit(program_failure);
}

/* For programs without options: steps over "--", refuses all else; the operands start at optind. */
void util_no_options(int argc, char **argv)
{
    if (getopt(argc, argv, "+") != -1)
        util_usage();
}

/* The program's last statement: `status`, unless standard output could not be written. */
int util_finish(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    util_warn("write error");
    return program_failure;
}
