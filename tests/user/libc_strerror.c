/*
 * libc_strerror.c - errors in words: those that people know, and something for every number.
 */
#include <errno.h>
#include <string.h>

#include "tap.h"

static void test_words(void)
{
    tap_is_text(strerror(EPERM), "Operation not permitted", "EPERM");
    tap_is_text(strerror(EAGAIN), "Resource temporarily unavailable", "EAGAIN");
    tap_is_text(strerror(EBADF), "Bad file descriptor", "EBADF");
    tap_is_text(strerror(0), "Success", "no error");
}

static void test_unknown(void)
{
    errno = 0;
    tap_is_text(strerror(9999), "Unknown error 9999", "a number that is no error's");
    tap_is(errno, EINVAL, "POSIX strerror: EINVAL");
    tap_is_text(strerror(-1), "Unknown error -1", "a number below all errors");
}

static void test_buffer(void)
{
    char text[24];

    tap_is(strerror_r(ENOENT, text, sizeof text), ERANGE, "POSIX strerror_r: ERANGE");
    tap_is(strerror_r(EPIPE, text, sizeof text), 0, "strerror_r fills in the buffer");
    tap_is_text(text, "Broken pipe", "with the same words");
    tap_is(strerror_r(9999, text, sizeof text), EINVAL, "POSIX strerror_r: EINVAL");
}

int main(void)
{
    tap_begin();
    test_words();
    test_unknown();
    test_buffer();
    return tap_end();
}
