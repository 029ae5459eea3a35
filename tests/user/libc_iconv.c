/*
 * libc_iconv.c - text from one encoding to another: each encoding there and back, marks, what is no text, no room.
 */
#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "tap.h"

/* "aä€" and a character behind U+FFFF. */
#define SAMPLE "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"

struct result {
    size_t replaced, left;
    int error;
    char text[128]; /* in hexadecimal */
};

/* Converts `length` bytes with room for `room`. */
static struct result convert(const char *to, const char *from, const char *bytes, size_t length, size_t room)
{
    iconv_t conversion = iconv_open(to, from);
    unsigned char buffer[64];
    char *in = (char *)bytes, *out = (char *)buffer;
    struct result result = {.left = length};

    if (conversion == (iconv_t)-1)
        tap_give_up("no conversion from %s to %s", from, to);
    errno = 0;
    result.replaced = iconv(conversion, &in, &result.left, &out, &room);
    result.error = errno;
    for (unsigned char *b = buffer; b < (unsigned char *)out; b++)
        sprintf(result.text + strlen(result.text), "%02x", *b);
    iconv_close(conversion);
    return result;
}

static void is_converted(const char *to, const char *from, const char *bytes, size_t length, const char *expected)
{
    struct result result = convert(to, from, bytes, length, 64);

    tap_is_text(result.text, expected, "%s becomes %s", from, to);
}

static void fails(const char *from, const char *bytes, size_t length, int error, size_t left, const char *why)
{
    struct result result = convert("UTF-8", from, bytes, length, 64);

    tap_ok(result.replaced == (size_t)-1 && result.error == error && result.left == left, "POSIX iconv: %s, %s: %s",
           error == EILSEQ ? "EILSEQ" : "EINVAL", from, why);
}

static void test_encodings(void)
{
    is_converted("UTF-8", "ISO-8859-1", "a\xe4", 2, "61c3a4");
    is_converted("latin1", "utf8", "a\xc3\xa4", 3, "61e4");
    is_converted("UTF-16BE", "UTF-8", SAMPLE, 10, "006100e420acd83dde00");
    is_converted("UTF-16LE", "UTF-8", SAMPLE, 10, "6100e400ac203dd800de");
    is_converted("UTF-32BE", "UTF-8", SAMPLE, 10, "00000061000000e4000020ac0001f600");
    is_converted("UTF-32LE", "UTF-8", SAMPLE, 10, "61000000e4000000ac20000000f60100");
    is_converted("UTF-8", "UTF-16BE", "\0a\xd8\x3d\xde\0", 6, "61f09f9880");
    is_converted("UTF-8", "UTF-32LE", "\0\xf6\1\0", 4, "f09f9880");
    is_converted("UCS-2", "UTF-8", "\xe2\x82\xac", 3, "20ac");
    is_converted("UCS-4", "UTF-8", "\xe2\x82\xac", 3, "000020ac");
    is_converted("WCHAR_T", "ASCII", "a", 1, "61000000");
}

static void test_marks(void)
{
    is_converted("UTF-16", "UTF-8", "ab", 2, "feff00610062");
    is_converted("UTF-32", "UTF-8", "a", 1, "0000feff00000061");
    is_converted("UTF-8", "UTF-16",
                 "\xff\xfe"
                 "a\0",
                 4, "61");
    is_converted("UTF-8", "UTF-16",
                 "\xfe\xff\0"
                 "a",
                 4, "61");
    is_converted("UTF-8", "UTF-16", "\0a", 2, "61");
    is_converted("UTF-8", "UTF-32", "\xff\xfe\0\0a\0\0\0", 8, "61");
    is_converted("UTF-8", "UTF-16LE", "\xff\xfe", 2, "efbbbf");
}

static void test_bad_text(void)
{
    fails("UTF-8", "a\xff", 2, EILSEQ, 1, "a byte that begins nothing");
    fails("UTF-8", "\xc0\x80", 2, EILSEQ, 2, "an overlong form");
    fails("UTF-8", "\xe0\x80\x80", 3, EILSEQ, 3, "an overlong form of three");
    fails("UTF-8", "\xed\xa0\x80", 3, EILSEQ, 3, "half of a pair");
    fails("UTF-8", "\xf4\x90\x80\x80", 4, EILSEQ, 4, "behind the last character");
    fails("UTF-8", "\xc3z", 2, EILSEQ, 2, "a broken continuation");
    fails("UTF-8", "z\xe2\x82", 3, EINVAL, 2, "unfinished");
    fails("UTF-16BE", "\xdc\0\0a", 4, EILSEQ, 4, "a second half alone");
    fails("UTF-16BE", "\xd8\0\0a", 4, EILSEQ, 4, "a first half alone");
    fails("UTF-16BE", "\0a\xd8\0", 4, EINVAL, 2, "unfinished");
    fails("UCS-2", "\xd8\0\xdc\0", 4, EILSEQ, 4, "pairs are not known");
    fails("UTF-32BE", "\0\x11\0\0", 4, EILSEQ, 4, "behind the last character");
    fails("UTF-32BE", "\0\0\0", 3, EINVAL, 3, "unfinished");
    fails("ASCII", "\x80", 1, EILSEQ, 1, "a byte that is none");
}

static void test_replaced(void)
{
    struct result result = convert("ASCII", "UTF-8", SAMPLE, 10, 64);

    tap_is(result.replaced, 3, "characters that the target lacks are counted");
    tap_is_text(result.text, "613f3f3f", "and replaced");
    result = convert("UCS-2", "UTF-8", SAMPLE, 10, 64);
    tap_is(result.replaced, 1, "UCS-2 lacks what stands behind U+FFFF");
}

static void test_room(void)
{
    iconv_t conversion;
    struct result result = convert("UTF-16", "UTF-8", "ab", 2, 5);
    char text[] = "ab", *in = text, buffer[16], *out = buffer;
    size_t left = 1, room = sizeof buffer;

    tap_ok(result.replaced == (size_t)-1 && result.error == E2BIG && result.left == 1, "POSIX iconv: E2BIG");
    tap_is_text(result.text, "feff0061", "with what found room");
    result = convert("UTF-16", "UTF-8", "a", 1, 2);
    tap_ok(result.error == E2BIG && result.left == 1, "a mark without room for a character is not written");
    conversion = iconv_open("UTF-16", "UTF-8");
    iconv(conversion, &in, &left, &out, &room);
    tap_is(iconv(conversion, NULL, NULL, &out, &room), 0, "back to the beginning");
    left = 1;
    iconv(conversion, &in, &left, &out, &room);
    tap_ok(out - buffer == 8 && memcmp(buffer, "\xfe\xff\0a\xfe\xff\0b", 8) == 0, "where a mark is written again");
    iconv_close(conversion);
    tap_ok(iconv_open("UTF-8", "no-such-thing") == (iconv_t)-1 && errno == EINVAL, "POSIX iconv_open: EINVAL");
    tap_ok(iconv_open("UTF", "UTF-8") == (iconv_t)-1 && errno == EINVAL, "the beginning of a name is none");
}

int main(void)
{
    tap_begin();
    test_encodings();
    test_marks();
    test_bad_text();
    test_replaced();
    test_room();
    return tap_end();
}
