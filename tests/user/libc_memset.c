/*
 * libc_memset.c - memset fills what it shall, to the byte, wherever it begins and whatever its length is; the kernel
 * has the same one.
 */
#include <stdbool.h>
#include <string.h>

#include "tap.h"

enum { MARGIN = 16, MOST = 300 };

static void *(*volatile set)(void *, int, size_t) = memset; /* or else the compiler does it */

static unsigned char memory[MARGIN + MOST + 2 * MARGIN];

static bool fills(size_t offset, size_t n, int byte)
{
    const unsigned char beside = 0x55;
    unsigned char *start = memory + MARGIN + offset;

    for (size_t i = 0; i < sizeof memory; i++)
        memory[i] = beside;
    if (set(start, byte, n) != start)
        return false;
    for (size_t i = 0; i < sizeof memory; i++) {
        bool inside = memory + i >= start && memory + i < start + n;
        if (memory[i] != (inside ? (unsigned char)byte : beside))
            return false;
    }
    return true;
}

static void test_offset(size_t offset)
{
    size_t n = 0;

    while (n <= MOST && fills(offset, n, 0) && fills(offset, n, 0x1a7))
        n++;
    tap_is(n, MOST + 1, "%zu bytes behind a boundary: every length is filled, and no more", offset);
}

int main(void)
{
    tap_begin();
    for (size_t offset = 0; offset < 8; offset++)
        test_offset(offset);
    return tap_end();
}
