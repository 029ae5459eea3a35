/*
 * command.c - commands that a test gives to the shell, and points about what they print (see command.h).
 */
#include "command.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tap.h"

char output[8192];

const char *output_of(const char *format, ...)
{
    char command[128];
    size_t n = 0;
    FILE *pipe;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    pipe = popen(command, "r");
    if (pipe != NULL) {
        n = fread(output, 1, sizeof output - 1, pipe);
        pclose(pipe);
    }
    output[n] = '\0';
    return output;
}

void has(const char *what, const char *format, ...)
{
    char text[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (!tap_ok(strstr(output, text) != NULL, "%s: %s", what, text))
        tap_note("%s", output);
}

void has_not(const char *what, const char *text)
{
    if (!tap_ok(strstr(output, text) == NULL, "%s: no %s", what, text))
        tap_note("%s", output);
}
