/*
 * iconv.c - text from one encoding to another: ASCII, ISO-8859-1, and the forms of Unicode.
 *
 * Each encoding can read one character as a code point and write one; a conversion reads with one and writes with the
 * other.  What is no text of the encoding is never passed on, also where both are the same: overlong forms, halves of
 * pairs, code points behind U+10FFFF.  A character that the target does not have becomes '?' and is counted.
 *
 * The forms of two and four bytes without "LE" or "BE" in their name are big-endian.  UTF-16 and UTF-32 begin with a
 * byte order mark when written, and heed one when read; UCS-2 and UCS-4 do neither.
 *
 * (Newlib has an iconv too, which is not built: it knows no UTF-32 and copies what is no text.)
 */
#include "libc.h"
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#define LAST 0x10ffff
#define MARK 0xfeff
#define MARK_TURNED_16 0xfffe
#define MARK_TURNED_32 0xfffe0000u

enum { INVALID = -1, INCOMPLETE = -2, FULL = -3, UNKNOWN = -4 };

/* One end of a conversion. */
struct end {
    const struct encoding *encoding;
    int little;  /* the bytes' order */
    int started; /* the mark has been read or written */
};

struct __iconv {
    struct end from, to;
};

typedef int read_function(struct end *end, const unsigned char *in, size_t left, uint32_t *code);
typedef int write_function(struct end *end, unsigned char *out, size_t left, uint32_t code);

/* read() answers how many bytes the character takes, INVALID or INCOMPLETE; write() the bytes, FULL or UNKNOWN. */
struct encoding {
    const char *names; /* with a comma behind each */
    read_function *read;
    write_function *write;
    uint32_t last; /* the last code point that it has */
    int little, marked;
};

static int is_character(uint32_t code)
{
    return code <= LAST && !(code >= 0xd800 && code <= 0xdfff);
}

static int read_byte(struct end *end, const unsigned char *in, size_t left, uint32_t *code)
{
    (void)left;
    *code = in[0];
    return in[0] <= end->encoding->last ? 1 : INVALID;
}

static int write_byte(struct end *end, unsigned char *out, size_t left, uint32_t code)
{
    (void)end;
    if (left < 1)
        return FULL;
    out[0] = code;
    return 1;
}

/* How many bytes the character takes in UTF-8. */
static int utf8_length(uint32_t code)
{
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

static int read_utf8(struct end *end, const unsigned char *in, size_t left, uint32_t *code)
{
    int length = in[0] < 0x80 ? 1 : in[0] < 0xc2 ? 0 : in[0] < 0xe0 ? 2 : in[0] < 0xf0 ? 3 : in[0] < 0xf5 ? 4 : 0;

    (void)end;
    if (length == 0)
        return INVALID;
    *code = length == 1 ? in[0] : in[0] & (0x7f >> length);
    for (int i = 1; i < length; i++) {
        if ((size_t)i == left)
            return INCOMPLETE;
        if ((in[i] & 0xc0) != 0x80)
            return INVALID;
        *code = *code << 6 | (in[i] & 0x3f);
    }
    return is_character(*code) && utf8_length(*code) == length ? length : INVALID;
}

static int write_utf8(struct end *end, unsigned char *out, size_t left, uint32_t code)
{
    int length = utf8_length(code);

    (void)end;
    if (left < (size_t)length)
        return FULL;
    for (int i = length - 1; i > 0; i--, code >>= 6)
        out[i] = 0x80 | (code & 0x3f);
    out[0] = length == 1 ? code : (0xf00 >> length & 0xff) | code;
    return length;
}

/* A number of `size` bytes in the end's order. */
static uint32_t get(const struct end *end, const unsigned char *in, int size)
{
    uint32_t value = 0;

    for (int i = 0; i < size; i++)
        value = value << 8 | in[end->little ? size - 1 - i : i];
    return value;
}

static void put(const struct end *end, unsigned char *out, int size, uint32_t value)
{
    for (int i = 0; i < size; i++)
        out[end->little ? i : size - 1 - i] = value >> (8 * i);
}

static int read_2(struct end *end, const unsigned char *in, size_t left, uint32_t *code)
{
    uint32_t second;

    if (left < 2)
        return INCOMPLETE;
    *code = get(end, in, 2);
    if (is_character(*code))
        return 2;
    if (end->encoding->last < LAST || *code >= 0xdc00) /* UCS-2 has no pairs, and none begins with a second half */
        return INVALID;
    if (left < 4)
        return INCOMPLETE;
    second = get(end, in + 2, 2);
    *code = 0x10000 + ((*code - 0xd800) << 10 | (second - 0xdc00));
    return second >= 0xdc00 && second <= 0xdfff ? 4 : INVALID;
}

static int write_2(struct end *end, unsigned char *out, size_t left, uint32_t code)
{
    int length = code > 0xffff ? 4 : 2;

    if (left < (size_t)length)
        return FULL;
    if (length == 4) {
        put(end, out, 2, 0xd7c0 + (code >> 10));
        put(end, out + 2, 2, 0xdc00 + (code & 0x3ff));
    } else {
        put(end, out, 2, code);
    }
    return length;
}

static int read_4(struct end *end, const unsigned char *in, size_t left, uint32_t *code)
{
    if (left < 4)
        return INCOMPLETE;
    *code = get(end, in, 4);
    return is_character(*code) ? 4 : INVALID;
}

static int write_4(struct end *end, unsigned char *out, size_t left, uint32_t code)
{
    if (left < 4)
        return FULL;
    put(end, out, 4, code);
    return 4;
}

static const struct encoding encodings[] = {
    {"ASCII,US-ASCII,ANSI_X3.4-1968,646,", read_byte, write_byte, 0x7f, 0, 0},
    {"ISO-8859-1,ISO8859-1,ISO_8859-1,LATIN1,", read_byte, write_byte, 0xff, 0, 0},
    {"UTF-8,UTF8,", read_utf8, write_utf8, LAST, 0, 0},
    {"UTF-16,UTF16,", read_2, write_2, LAST, 0, 1},
    {"UTF-16BE,UTF16BE,", read_2, write_2, LAST, 0, 0},
    {"UTF-16LE,UTF16LE,", read_2, write_2, LAST, 1, 0},
    {"UTF-32,UTF32,", read_4, write_4, LAST, 0, 1},
    {"UTF-32BE,UTF32BE,", read_4, write_4, LAST, 0, 0},
    {"UTF-32LE,UTF32LE,WCHAR_T,", read_4, write_4, LAST, 1, 0},
    {"UCS-2,UCS2,ISO-10646-UCS-2,UCS-2BE,", read_2, write_2, 0xffff, 0, 0},
    {"UCS-2LE,", read_2, write_2, 0xffff, 1, 0},
    {"UCS-4,UCS4,ISO-10646-UCS-4,UCS-4BE,", read_4, write_4, LAST, 0, 0},
    {"UCS-4LE,", read_4, write_4, LAST, 1, 0},
};

static const struct encoding *find(const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < sizeof encodings / sizeof encodings[0]; i++) {
        for (const char *n = encodings[i].names; *n != '\0'; n = strchr(n, ',') + 1) {
            if (strncasecmp(n, name, length) == 0 && n[length] == ',')
                return &encodings[i];
        }
    }
    return NULL;
}

/* The state at the beginning of a text. */
static void reset(struct end *end)
{
    end->little = end->encoding->little;
    end->started = 0;
}

/* POSIX iconv_open: EINVAL, the conversion is not supported */
iconv_t iconv_open(const char *to, const char *from)
{
    const struct encoding *source = find(from), *target = find(to);
    struct __iconv *conversion;

    if (source == NULL || target == NULL) {
        errno = EINVAL;
        return (iconv_t)-1;
    }
    conversion = malloc(sizeof *conversion);
    if (conversion == NULL)
        return (iconv_t)-1;
    *conversion = (struct __iconv){{source, 0, 0}, {target, 0, 0}};
    reset(&conversion->from);
    reset(&conversion->to);
    return conversion;
}

int iconv_close(iconv_t conversion)
{
    free(conversion);
    return 0;
}

/* A mark in front of the text says the bytes' order and is no character of it.  Answers how many bytes it takes. */
static int read_mark(struct end *end, const unsigned char *in, size_t left)
{
    int size = end->encoding->read == read_2 ? 2 : 4;
    uint32_t first;

    if (end->started || !end->encoding->marked || left < (size_t)size)
        return 0;
    end->started = 1;
    first = get(end, in, size);
    end->little = first == (size == 2 ? MARK_TURNED_16 : MARK_TURNED_32);
    return end->little || first == MARK ? size : 0;
}

/* As write(), with a mark in front of the first character. */
static int write_marked(struct end *end, unsigned char *out, size_t left, uint32_t code)
{
    const struct encoding *encoding = end->encoding;
    int mark = 0, length;

    if (code > encoding->last)
        return UNKNOWN;
    if (!end->started && encoding->marked) {
        mark = encoding->write(end, out, left, MARK);
        if (mark == FULL)
            return FULL;
    }
    length = encoding->write(end, out + mark, left - mark, code);
    if (length == FULL)
        return FULL;
    end->started = 1;
    return mark + length;
}

/* POSIX iconv: EILSEQ, no text of the encoding; EINVAL, it ends inside a character; E2BIG, no room for the result */
static int error_of(int answer)
{
    return answer == INVALID ? EILSEQ : answer == INCOMPLETE ? EINVAL : E2BIG;
}

size_t iconv(iconv_t conversion, char **restrict in, size_t *restrict in_left, char **restrict out,
             size_t *restrict out_left)
{
    struct __iconv *c = conversion;
    size_t replaced = 0;

    if (in == NULL || *in == NULL) {
        reset(&c->from);
        reset(&c->to);
        return 0;
    }
    while (*in_left > 0) {
        int skipped = read_mark(&c->from, (unsigned char *)*in, *in_left), taken, put_there;
        uint32_t code;

        *in += skipped;
        *in_left -= skipped;
        if (*in_left == 0)
            break;
        taken = c->from.encoding->read(&c->from, (unsigned char *)*in, *in_left, &code);
        put_there = taken < 0 ? taken : write_marked(&c->to, (unsigned char *)*out, *out_left, code);
        if (put_there == UNKNOWN) {
            put_there = write_marked(&c->to, (unsigned char *)*out, *out_left, '?');
            replaced += put_there > 0;
        }
        if (put_there < 0) {
            errno = error_of(put_there);
            return -1;
        }
        *in += taken;
        *in_left -= taken;
        *out += put_there;
        *out_left -= put_there;
    }
    return replaced;
}
