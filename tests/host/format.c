/*
 * format.c - the kernel's vsnprintf (kernel/lib/format.c) against the host's, on all that both know.
 */
#pragma GCC diagnostic ignored "-Wformat" /* flags that mean nothing are tested too */
#include <limits.h>
#include <stdlib.h>

#include "tap.h"

#define vsnprintf kernel_vsnprintf
#define snprintf kernel_snprintf
#include "../../kernel/lib/format.c"
#undef vsnprintf
#undef snprintf

/* The same call to both; the texts and the lengths must agree. */
#define same(...)                                                                           \
    do {                                                                                    \
        char ours[100], theirs[100];                                                        \
        int n = kernel_snprintf(ours, sizeof(ours), __VA_ARGS__);                           \
        int expected = snprintf(theirs, sizeof(theirs), __VA_ARGS__);                       \
        tap_ok(n == expected && strcmp(ours, theirs) == 0, "%s", #__VA_ARGS__);             \
        if (n != expected || strcmp(ours, theirs) != 0)                                     \
            printf("# is \"%s\" (%d), should be \"%s\" (%d)\n", ours, n, theirs, expected); \
    } while (0)

static void test_integers(void)
{
    same("%d %i %u", 0, -1, 4000000000u);
    same("%d %d", INT_MIN, INT_MAX);
    same("%x %X %o", 0xdeadbeefu, 0xdeadbeefu, 0755);
    same("%5d|%-5d|%05d", 42, 42, 42);
    same("%5d|%-5d|%05d", -42, -42, -42);
    same("%.3d|%8.3d|%-8.3d|%08.3d", 7, 7, 7, 7);
    same("%.0d|%.0u|%3.0x", 0, 0u, 0u);
    same("%*d|%-*d|%.*d", 6, 1, 6, 2, 4, 3);
    same("%*d", -6, 1);
    same("%hd %hhd %hu %hhx", (short)-2, (signed char)-3, (unsigned short)65535, (unsigned char)254);
    same("%ld %lu %lx", LONG_MIN, ULONG_MAX, 0xabcUL);
    same("%lld %llu %llx", LLONG_MIN, ULLONG_MAX, 0x123456789abcdefULL);
    same("%020lld|%-20llu|", -1234567890123456LL, 9876543210ULL);
    same("%zu %zx", sizeof(int), (size_t)-1);
}

static void test_text(void)
{
    same("plain");
    same("%s|%10s|%-10s|", "abc", "abc", "abc");
    same("%.2s|%10.2s|%.0s|%.9s", "abc", "abc", "abc", "abc");
    same("%c%c|%3c|%-3c|", 'a', 'b', 'c', 'd');
    same("100%%");
    same("%.*s", 3, (const char[]){'a', 'b', 'c'}); /* no 0 byte behind */
}

static void test_pointer(void)
{
    char text[30];

    kernel_snprintf(text, sizeof(text), "%p", (void *)0x80001234ul);
    tap_is_text(text, "0x80001234", "%%p");
}

static void test_cut(void)
{
    char text[8];

    memset(text, 'x', sizeof(text));
    tap_is(kernel_snprintf(text, 4, "%s", "abcdef"), 6, "the length that it would have had");
    tap_is_text(text, "abc", "cut to the size, with its 0 byte");
    tap_ok(text[4] == 'x', "nothing is written behind the size");
    tap_is(kernel_snprintf(NULL, 0, "%d", 12345), 5, "size 0 writes nothing");
    tap_is(kernel_snprintf(text, 1, "%d", 12345), 5, "size 1 writes the 0 byte");
    tap_is_text(text, "", "size 1 writes the 0 byte alone");
}

int main(void)
{
    test_integers();
    test_text();
    test_pointer();
    test_cut();
    return tap_end();
}
