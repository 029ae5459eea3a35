/*
 * format.c - vsnprintf for the kernel.
 *
 * A directive is read into a struct directive, its number turned into digits from the right in a small buffer, and put
 * out between its padding.  There is no floating point, no %n and no wide character; string.h lists what there is.
 */
#include <lib/string.h>

struct output {
    char *to;
    size_t size;   /* of `to`, with the 0 byte */
    size_t length; /* what was put so far, also past the end */
};

struct directive {
    bool left, zero, capital;
    int width;
    int precision;  /* -1: none */
    unsigned bytes; /* of an integer argument */
};

static void put(struct output *out, char c)
{
    if (out->length + 1 < out->size)
        out->to[out->length] = c;
    out->length++;
}

static void put_repeated(struct output *out, char c, int n)
{
    while (n-- > 0)
        put(out, c);
}

/* `text` in its field; `prefix` (a sign, 0x) stands left of zeros that fill the field. */
static void put_field(struct output *out, const struct directive *d, const char *prefix, const char *text, int n)
{
    int fill = d->width - n - (int)strlen(prefix);

    if (!d->left && !d->zero)
        put_repeated(out, ' ', fill);
    while (*prefix != '\0')
        put(out, *prefix++);
    if (!d->left && d->zero)
        put_repeated(out, '0', fill);
    for (int i = 0; i < n; i++)
        put(out, text[i]);
    if (d->left)
        put_repeated(out, ' ', fill);
}

static void put_number(struct output *out, struct directive *d, const char *prefix, uint64_t value, unsigned base)
{
    const char *digits = d->capital ? "0123456789ABCDEF" : "0123456789abcdef";
    char text[64];
    char *start = text + sizeof(text);
    int least = d->precision < 0 ? 1 : d->precision;

    while (value > UINT32_MAX) {
        *--start = digits[value % base];
        value /= base;
    }
    /* The common case, without calls of the 64-bit division. */
    for (uint32_t rest = value; rest != 0; rest /= base)
        *--start = digits[rest % base];
    while (text + sizeof(text) - start < least && start > text)
        *--start = '0';
    if (d->precision >= 0)
        d->zero = false;
    put_field(out, d, prefix, start, text + sizeof(text) - start);
}

static uint64_t unsigned_argument(const struct directive *d, va_list *args)
{
    if (d->bytes == 8)
        return va_arg(*args, unsigned long long);
    uint64_t value = d->bytes == sizeof(long) ? va_arg(*args, unsigned long) : va_arg(*args, unsigned);

    return d->bytes < 4 ? value & ((1u << 8 * d->bytes) - 1) : value;
}

static int64_t signed_argument(const struct directive *d, va_list *args)
{
    unsigned shift = 64 - 8 * d->bytes;

    return (int64_t)(unsigned_argument(d, args) << shift) >> shift;
}

static void put_string(struct output *out, struct directive *d, const char *s)
{
    if (s == NULL)
        s = "(null)";
    d->zero = false;
    put_field(out, d, "", s, d->precision < 0 ? strlen(s) : strnlen(s, d->precision));
}

static void put_signed(struct output *out, struct directive *d, int64_t value)
{
    put_number(out, d, value < 0 ? "-" : "", value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
}

/* A decimal number, or `*` for an argument. */
static const char *parse_count(const char *f, int *count, va_list *args)
{
    if (*f == '*') {
        *count = va_arg(*args, int);
        return f + 1;
    }
    for (*count = 0; *f >= '0' && *f <= '9'; f++)
        *count = *count * 10 + (*f - '0');
    return f;
}

/* What stands between the % and the letter; answers where the letter is. */
static const char *parse_directive(const char *f, struct directive *d, va_list *args)
{
    *d = (struct directive){.precision = -1, .bytes = sizeof(int)};
    for (; *f == '-' || *f == '0'; f++) {
        d->left |= *f == '-';
        d->zero |= *f == '0';
    }
    f = parse_count(f, &d->width, args);
    if (*f == '.')
        f = parse_count(f + 1, &d->precision, args);
    if (d->width < 0) {
        d->left = true;
        d->width = -d->width;
    }
    for (; *f == 'h'; f++)
        d->bytes /= 2;
    for (; *f == 'l'; f++)
        d->bytes = d->bytes == sizeof(int) && f[1] != 'l' ? sizeof(long) : 8;
    if (*f == 'z') {
        d->bytes = sizeof(size_t);
        f++;
    }
    return f;
}

static void put_directive(struct output *out, struct directive *d, char letter, va_list *args)
{
    char c;

    switch (letter) {
    case 'd':
    case 'i':
        return put_signed(out, d, signed_argument(d, args));
    case 'u':
        return put_number(out, d, "", unsigned_argument(d, args), 10);
    case 'o':
        return put_number(out, d, "", unsigned_argument(d, args), 8);
    case 'X':
        d->capital = true; /* fall through */
    case 'x':
        return put_number(out, d, "", unsigned_argument(d, args), 16);
    case 'p':
        return put_number(out, d, "0x", (uintptr_t)va_arg(*args, void *), 16);
    case 's':
        return put_string(out, d, va_arg(*args, const char *));
    case 'c':
        c = va_arg(*args, int);
        return put_field(out, d, "", &c, 1);
    default: /* %% and what no caller should have written */
        return put(out, letter);
    }
}

int vsnprintf(char *to, size_t size, const char *format, va_list args)
{
    struct output out = {.to = to, .size = size};
    struct directive d;
    va_list rest;

    va_copy(rest, args);
    for (const char *f = format; *f != '\0'; f++) {
        if (*f != '%') {
            put(&out, *f);
            continue;
        }
        f = parse_directive(f + 1, &d, &rest);
        if (*f == '\0')
            break;
        put_directive(&out, &d, *f, &rest);
    }
    va_end(rest);
    if (size != 0)
        to[out.length < size ? out.length : size - 1] = '\0';
    return out.length;
}

int snprintf(char *to, size_t size, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int n = vsnprintf(to, size, format, args);
    va_end(args);
    return n;
}
