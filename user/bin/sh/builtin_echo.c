/*
 * builtin_echo.c - echo and printf.
 *
 * echo is that of POSIX's XSI option, which reads escapes, with -n added.  printf has all that POSIX asks for; what
 * has conversions of floating numbers, which are not among it, is left to the utility.
 */
#include <string.h>

#include "sh.h"

static int octal(const char **text, int digits)
{
    int value = 0;
    for (; digits-- > 0 && **text >= '0' && **text <= '7'; ++*text)
        value = value * 8 + **text - '0';
    return value;
}

/*
 * Appends what an escape stands for; *text is behind the backslash and is moved on.  In an argument an octal number
 * begins with 0 and \c ends all output: then it answers false.
 */
bool escape_put(struct buffer *b, const char **text, bool in_argument)
{
    static const char letters[] = "abfnrtv\\", values[] = "\a\b\f\n\r\t\v\\";
    char c = **text;
    const char *found = c ? strchr(letters, c) : NULL;
    if (found) {
        ++*text;
        buffer_add(b, values[found - letters]);
    } else if (c == 'c' && in_argument) {
        return false;
    } else if (in_argument ? c == '0' : c >= '0' && c <= '7') {
        *text += in_argument;
        buffer_add(b, octal(text, 3));
    } else {
        buffer_add(b, '\\');
    }
    return true;
}

/* Appends text with its escapes; false when \c ended the output. */
static bool put_escaped(struct buffer *b, const char *text)
{
    while (*text) {
        char c = *text++;
        if (c != '\\')
            buffer_add(b, c);
        else if (!escape_put(b, &text, true))
            return false;
    }
    return true;
}

static void out_buffer(struct buffer *b)
{
    for (size_t i = 0; i < b->length; i++)
        out_char(b->data[i]);
    b->length = 0;
}

int builtin_echo(int argc, char **argv)
{
    struct buffer text = {0};
    int first = 1;
    bool newline = !(argc > 1 && strcmp(argv[1], "-n") == 0);
    first += !newline;
    for (int i = first; i < argc; i++) {
        if (!put_escaped(&text, argv[i])) {
            newline = false;
            break;
        }
        if (i + 1 < argc)
            buffer_add(&text, ' ');
    }
    if (newline)
        buffer_add(&text, '\n');
    out_buffer(&text);
    buffer_free(&text);
    return 0;
}

/* A conversion of printf, as in %-5.3d. */
struct conversion {
    bool left, sign, space, alternate, zero;
    int width, precision; /* -1: none */
    char kind;
};

struct printer {
    char **arguments; /* those left */
    int status;
    bool stopped; /* by \c */
};

static const char *printer_next(struct printer *p, const char *otherwise)
{
    return *p->arguments ? *p->arguments++ : otherwise;
}

/* POSIX printf: a number may also be a quote and a character, which stands for its code. */
static intmax_t printer_number(struct printer *p)
{
    intmax_t number = 0;
    const char *text = printer_next(p, "0");
    if (*text == '\'' || *text == '"')
        return (unsigned char)text[1];
    if (!number_parse(text, &number)) {
        error_say("printf: %s: bad number", text);
        p->status = 1;
    }
    return number;
}

static void put_padded(struct conversion *c, const char *prefix, const char *text, size_t length)
{
    int pad = c->width - (int)(strlen(prefix) + length);
    for (int i = 0; !c->left && !c->zero && i < pad; i++)
        out_char(' ');
    out_string(prefix);
    for (int i = 0; !c->left && c->zero && i < pad; i++)
        out_char('0');
    for (size_t i = 0; i < length; i++)
        out_char(text[i]);
    for (int i = 0; c->left && i < pad; i++)
        out_char(' ');
}

static void put_number(struct conversion *c, intmax_t number)
{
    char digits[24], *at = digits + sizeof digits;
    bool is_signed = c->kind == 'd' || c->kind == 'i', negative = is_signed && number < 0;
    uintmax_t rest = negative ? 0 - (uintmax_t)number : (uintmax_t)number;
    unsigned base = c->kind == 'o' ? 8 : (c->kind | 0x20) == 'x' ? 16 : 10;
    const char *letters = c->kind == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    const char *prefix = negative ? "-" : !is_signed ? "" : c->sign ? "+" : c->space ? " " : "";
    if (c->alternate && base == 16 && rest)
        prefix = c->kind == 'X' ? "0X" : "0x";
    for (; rest; rest /= base)
        *--at = letters[rest % base];
    if (at == digits + sizeof digits && c->precision != 0)
        *--at = '0';
    if (c->alternate && base == 8 && *at != '0')
        *--at = '0';
    struct buffer text = {0};
    size_t length = (size_t)(digits + sizeof digits - at);
    for (size_t i = length; c->precision > 0 && i < (size_t)c->precision; i++)
        buffer_add(&text, '0');
    buffer_append(&text, at, length);
    c->zero &= c->precision < 0;
    put_padded(c, prefix, text.data, text.length);
    buffer_free(&text);
}

static void put_text(struct conversion *c, const char *text, size_t length)
{
    if (c->precision >= 0 && (size_t)c->precision < length)
        length = (size_t)c->precision;
    c->zero = false;
    put_padded(c, "", text, length);
}

static int conversion_number(struct printer *p, const char **format)
{
    int number = 0;
    if (**format == '*') {
        ++*format;
        return (int)printer_number(p);
    }
    for (; **format >= '0' && **format <= '9' && number < 100000; ++*format)
        number = number * 10 + **format - '0';
    return number;
}

static void conversion_parse(struct printer *p, struct conversion *c, const char **format)
{
    *c = (struct conversion){.precision = -1};
    for (; **format && strchr("-+ #0", **format); ++*format) {
        c->left |= **format == '-';
        c->sign |= **format == '+';
        c->space |= **format == ' ';
        c->alternate |= **format == '#';
        c->zero |= **format == '0';
    }
    c->width = conversion_number(p, format);
    if (c->width < 0) {
        c->left = true;
        c->width = -c->width;
    }
    if (**format == '.') {
        ++*format;
        c->precision = conversion_number(p, format);
    }
    c->kind = **format;
    *format += **format != '\0';
}

static void put_conversion(struct printer *p, struct conversion *c)
{
    struct buffer text = {0};
    const char *argument;
    switch (c->kind) {
    case '%':
        out_char('%');
        break;
    case 'c':
        argument = printer_next(p, "");
        put_text(c, argument, *argument != '\0');
        break;
    case 's':
        argument = printer_next(p, "");
        put_text(c, argument, strlen(argument));
        break;
    case 'b':
        buffer_string(&text, "");
        p->stopped = !put_escaped(&text, printer_next(p, ""));
        put_text(c, text.data, text.length);
        buffer_free(&text);
        break;
    default:
        if (c->kind && strchr("diouxX", c->kind)) {
            put_number(c, printer_number(p));
            break;
        }
        error_say("printf: %%%s: bad conversion", (char[]){c->kind, '\0'});
        p->status = 1;
        p->stopped = true;
    }
}

static void put_format(struct printer *p, const char *format)
{
    struct buffer text = {0};
    struct conversion c;
    while (*format && !p->stopped) {
        char next = *format++;
        if (next == '%') {
            conversion_parse(p, &c, &format);
            put_conversion(p, &c);
        } else if (next == '\\') {
            escape_put(&text, &format, false);
            out_buffer(&text);
        } else {
            out_char(next);
        }
    }
    buffer_free(&text);
}

/* Has the format, if these are the words of a printf, conversions of floating numbers? */
bool printf_is_floating(int argc, char **argv)
{
    int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
    const char *at = argc > first && strcmp(argv[0], "printf") == 0 ? argv[first] : "";
    while ((at = strchr(at, '%'))) {
        at += 1 + strspn(at + 1, "-+ #0123456789.*");
        if (*at && strchr("aAeEfFgG", *at))
            return true;
        at += *at != '\0';
    }
    return false;
}

int builtin_printf(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--") == 0)
        argc--, argv++;
    if (argc < 2) {
        error_say("usage: printf format [argument...]");
        return 2;
    }
    struct printer p = {.arguments = argv + 2};
    char **before;
    /* The format is used again while it takes arguments and some are left. */
    do {
        before = p.arguments;
        put_format(&p, argv[1]);
    } while (*p.arguments && p.arguments != before && !p.stopped);
    return p.status;
}
