/*
 * string.c - the functions of string.h that no measurement has made worth assembly: plain loops over bytes.
 */
#include <lib/string.h>

int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *p = a, *q = b;

    for (; n != 0; n--, p++, q++)
        if (*p != *q)
            return *p - *q;
    return 0;
}

void *memchr(const void *s, int byte, size_t n)
{
    const unsigned char *p = s;

    for (; n != 0; n--, p++)
        if (*p == (unsigned char)byte)
            return (void *)p;
    return NULL;
}

size_t strlen(const char *s)
{
    const char *end = s;

    while (*end != '\0')
        end++;
    return end - s;
}

size_t strnlen(const char *s, size_t max)
{
    size_t n = 0;

    while (n < max && s[n] != '\0')
        n++;
    return n;
}

int strcmp(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
    for (; n != 0; n--, a++, b++)
        if (*a != *b || *a == '\0')
            return (unsigned char)*a - (unsigned char)*b;
    return 0;
}

char *strchr(const char *s, int c)
{
    while (*s != (char)c)
        if (*s++ == '\0')
            return NULL;
    return (char *)s;
}

char *strrchr(const char *s, int c)
{
    const char *found = NULL;

    do
        if (*s == (char)c)
            found = s;
    while (*s++ != '\0');
    return (char *)found;
}

size_t strlcpy(char *to, const char *from, size_t size)
{
    size_t length = strlen(from);
    size_t n = length < size ? length : size - 1;

    if (size != 0) {
        memcpy(to, from, n);
        to[n] = '\0';
    }
    return length;
}

/* The value of a digit, or a large number for what is none. */
static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 255;
}

bool parse_number(const char *s, uint64_t *value)
{
    unsigned base = 10;
    uint64_t sum = 0;

    if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
        base = 16;
        s += 2;
    } else if (s[0] == '0') {
        base = 8;
    }
    if (*s == '\0')
        return false;
    for (; *s != '\0'; s++) {
        unsigned digit = digit_value(*s);

        if (digit >= base || __builtin_mul_overflow(sum, base, &sum) || __builtin_add_overflow(sum, digit, &sum))
            return false;
    }
    *value = sum;
    return true;
}
