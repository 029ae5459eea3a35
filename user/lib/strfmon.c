/*
 * strfmon.c - amounts of money as text.
 *
 * The only locale is C, which has no currency, no groups of digits, and a point where nothing says otherwise.  So of a
 * conversion there remain the fill character, the sign's form, the widths and the digits behind the point.
 *
 *      % [=fill] [^] [+ or (] [!] [-] [width] [#digits left] [.digits right] i, n or %
 */
#include "libc.h"
#include <ctype.h>
#include <monetary.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_MAX 400 /* the longest double has 309 digits in front of the point */
#define DIGITS_MAX 50

struct conversion {
    char fill;
    int brackets, left_aligned;
    int width, left, right; /* left: -1, not said */
};

/* Where what has been written ends, and what there is room for; `over` once it did not fit. */
struct output {
    char *at, *end;
    int over;
};

static void put(struct output *out, int c)
{
    if (out->at < out->end)
        *out->at++ = c;
    else
        out->over = 1;
}

static int number(const char **format, int otherwise)
{
    int value = 0;

    if (!isdigit((unsigned char)**format))
        return otherwise;
    while (isdigit((unsigned char)**format) && value < 100000)
        value = value * 10 + *(*format)++ - '0';
    return value;
}

/* *format is behind the '%' and moves to the conversion's letter.  -1: this is none. */
static int parse(const char **format, struct conversion *c)
{
    const char *f = *format;
    int signs = 0;

    *c = (struct conversion){.fill = ' ', .left = -1, .right = 2};
    for (; *f != '\0' && strchr("=^+(!-", *f) != NULL; f++) {
        if (*f == '=' && (c->fill = *++f) == '\0')
            return -1;
        signs += *f == '+' || *f == '(';
        c->brackets |= *f == '(';
        c->left_aligned |= *f == '-';
    }
    c->width = number(&f, 0);
    if (*f == '#') {
        f++;
        c->left = number(&f, -2);
    }
    if (*f == '.') {
        f++;
        c->right = number(&f, -2);
    }
    *format = f;
    if (signs > 1 || c->left == -2 || c->right == -2 || c->left > DIGITS_MAX || c->right > DIGITS_MAX)
        return -1;
    return *f == 'i' || *f == 'n' || *f == '%' ? 0 : -1;
}

/* With a number of digits on the left, a positive amount leaves the room that a sign takes: so columns stand. */
static void convert(struct output *out, const struct conversion *c, const char *digits)
{
    char text[NUMBER_MAX + DIGITS_MAX + 4], *t = text;
    int negative = *digits == '-', padding;

    digits += negative;
    if (negative)
        *t++ = c->brackets ? '(' : '-';
    else if (c->left >= 0)
        *t++ = ' ';
    padding = c->left - (int)strcspn(digits, ".");
    for (int i = 0; i < padding; i++)
        *t++ = c->fill;
    t = stpcpy(t, digits);
    if (c->brackets && (negative || c->left >= 0))
        *t++ = negative ? ')' : ' ';
    *t = '\0';
    padding = c->width - (int)(t - text);
    for (int i = 0; i < padding && !c->left_aligned; i++)
        put(out, ' ');
    for (t = text; *t != '\0'; t++)
        put(out, *t);
    for (int i = 0; i < padding && c->left_aligned; i++)
        put(out, ' ');
}

/* POSIX strfmon: E2BIG where it does not fit with its 0 byte; EINVAL for what is no format. */
static ssize_t format_all(char *text, size_t size, const char *format, va_list amounts)
{
    struct output out = {text, text + size, 0};
    struct conversion c;
    char digits[NUMBER_MAX];

    for (; *format != '\0' && !out.over; format++) {
        if (*format != '%') {
            put(&out, *format);
            continue;
        }
        format++;
        if (parse(&format, &c) == -1) {
            errno = EINVAL;
            return -1;
        }
        if (*format == '%') {
            put(&out, '%');
            continue;
        }
        snprintf(digits, sizeof digits, "%.*f", c.right, va_arg(amounts, double));
        convert(&out, &c, digits);
    }
    put(&out, '\0');
    if (out.over) {
        errno = E2BIG;
        return -1;
    }
    return out.at - text - 1;
}

ssize_t strfmon(char *restrict text, size_t size, const char *restrict format, ...)
{
    va_list amounts;
    ssize_t result;

    va_start(amounts, format);
    result = format_all(text, size, format, amounts);
    va_end(amounts);
    return result;
}

ssize_t strfmon_l(char *restrict text, size_t size, locale_t locale, const char *restrict format, ...)
{
    va_list amounts;
    ssize_t result;

    (void)locale;
    va_start(amounts, format);
    result = format_all(text, size, format, amounts);
    va_end(amounts);
    return result;
}
