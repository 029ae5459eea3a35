/*
 * escape.c - backslash sequences, as echo -e and printf read them.
 */
#include "util.h"

#include <string.h>

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 99;
}

/* Reads up to `limit` digits; false when there is none. */
static bool read_digits(const char **cursor, int base, int limit, char *out)
{
    const char *start = *cursor;
    int value = 0;
    for (; *cursor - start < limit && digit_value(**cursor) < base; (*cursor)++)
        value = value * base + digit_value(**cursor);
    *out = value;
    return *cursor != start;
}

/*
 * `*cursor` stands behind a backslash.  Puts what the sequence means at `out` (room for 2), moves the cursor past it
 * and answers how many bytes that gave; what is no sequence stands for itself, backslash included.  With `echo_style`
 * octal numbers are written \0ooo, and \c sets `*stop`; otherwise \ooo.
 */
size_t util_escape(const char **cursor, char *out, bool echo_style, bool *stop)
{
    static const char letters[] = "abefnrtv\\\"", values[] = "\a\b\033\f\n\r\t\v\\\"";
    char c = **cursor;
    const char *found = c && !(echo_style && c == '"') ? strchr(letters, c) : NULL;
    if (found) {
        ++*cursor;
        out[0] = values[found - letters];
        return 1;
    }
    if (echo_style && c == 'c') {
        ++*cursor;
        *stop = true;
        return 0;
    }
    if (echo_style && c == '0') {
        ++*cursor;
        read_digits(cursor, 8, 3, out);
        return 1;
    }
    if (read_digits(cursor, 8, 3, out))
        return 1;
    const char *hex = *cursor + 1;
    if (c == 'x' && read_digits(&hex, 16, 2, out)) {
        *cursor = hex;
        return 1;
    }
    out[0] = '\\';
    out[1] = c;
    *cursor += c != '\0';
    return c ? 2 : 1;
}
