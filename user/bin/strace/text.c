/*
 * text.c - one line of output as it grows; and bytes in quotes, as C writes them.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/util.h"
#include "strace.h"

static char *line;
static size_t length, room, written;

static void reserve(size_t n)
{
    while (room < length + n + 1)
        line = util_grow(line, room + 1, &room, 1);
}

void say(const char *format, ...)
{
    va_list arguments;
    int n;

    reserve(128);
    va_start(arguments, format);
    n = vsnprintf(line + length, room - length, format, arguments);
    va_end(arguments);
    if ((size_t)n >= room - length) {
        reserve((size_t)n);
        va_start(arguments, format);
        vsnprintf(line + length, room - length, format, arguments);
        va_end(arguments);
    }
    length += (size_t)n;
}

static void say_byte(unsigned char c, bool digit_follows)
{
    static const char plain[] = "\"\\\n\t\r\v\f", letters[] = "\"\\ntrvf";
    const char *escape = c != '\0' ? strchr(plain, c) : NULL;

    if (escape)
        say("\\%c", letters[escape - plain]);
    else if (c >= ' ' && c < 127)
        say("%c", c);
    else
        say(digit_follows ? "\\%03o" : "\\%o", c);
}

void say_quoted(const void *bytes, size_t n, bool cut)
{
    const unsigned char *text = bytes;

    say("\"");
    for (size_t i = 0; i < n; i++)
        say_byte(text[i], i + 1 < n && text[i + 1] >= '0' && text[i + 1] <= '7');
    say(cut ? "\"..." : "\"");
}

size_t said(void)
{
    return length;
}

void unsay(size_t n)
{
    length = n;
}

void say_column(size_t n)
{
    do
        say(" ");
    while (length < n);
}

void say_out(FILE *output)
{
    if (length > written)
        fwrite(line + written, 1, length - written, output);
    written = length;
}

void say_end(FILE *output)
{
    say("\n");
    say_out(output);
    length = written = 0;
}
