/*
 * confirm.c - a question on the terminal, for rm -i, cp -i, mv -i.
 */
#include "util.h"

#include <stdarg.h>

/* Asks on standard error; true when the line that answers begins with y or Y. */
bool util_confirm(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fflush(stdout);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    int first = getchar();
    for (int c = first; c != '\n' && c != EOF;)
        c = getchar();
    return first == 'y' || first == 'Y';
}
