/*
 * cpio.c - the reader of cpio archives (fs/cpio.c): what it finds in good ones, what it says of bad ones, and that no
 * damage whatever makes it read outside of the archive (the sanitizer watches).
 *
 * Usage: cpio [seed]
 */
#include <stdlib.h>
#include <string.h>

#include "../../fs/cpio.c"
#include "tap.h"

static uint8_t archive[8192];
static size_t length;

static void put(const void *bytes, size_t n)
{
    memcpy(archive + length, bytes, n);
    length += n;
    while (length % 4 != 0)
        archive[length++] = 0;
}

static void put_entry(const char *name, unsigned mode, const char *data)
{
    char header[256];
    size_t n = strlen(data);

    snprintf(header, sizeof header, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x%s", 7u, mode, 1u, 2u,
             1u, 99u, n, 3u, 4u, 5u, 6u, strlen(name) + 1, 0u, name);
    put(header, strlen(header) + 1);
    put(data, n);
}

static void put_archive(void)
{
    put_entry("dir", 0040755, "");
    put_entry("dir/file", 0100644, "hello");
    put_entry("TRAILER!!!", 0, "");
}

/* How many entries there are, or -1 with the problem in *problem. */
static int count(const uint8_t *start, size_t size, const char **problem)
{
    struct cpio cpio = {.start = start, .size = size};
    struct cpio_entry entry;
    int found = 0, result;

    while ((result = cpio_next(&cpio, &entry, problem)) == 1)
        found++;
    return result < 0 ? -1 : found;
}

static void test_good(void)
{
    struct cpio cpio = {.start = archive};
    struct cpio_entry entry;
    const char *problem = "";

    length = 0;
    put_archive();
    cpio.size = length;
    tap_is(cpio_next(&cpio, &entry, &problem), 1, "the first entry");
    tap_is_text(entry.name, "dir", "its name");
    tap_is(entry.fields.mode, 0040755, "its mode");
    tap_is(cpio_next(&cpio, &entry, &problem), 1, "the second");
    tap_is_text(entry.name, "dir/file", "its name");
    tap_is(entry.fields.size, 5, "its size");
    tap_ok(memcmp(entry.data, "hello", 5) == 0, "its data");
    tap_ok(entry.fields.number == 7 && entry.fields.uid == 1 && entry.fields.gid == 2 && entry.fields.links == 1 &&
               entry.fields.mtime == 99 && entry.fields.device_major == 3 && entry.fields.device_minor == 4 &&
               entry.fields.rdev_major == 5 && entry.fields.rdev_minor == 6,
           "all other fields");
    tap_is(cpio_next(&cpio, &entry, &problem), 0, "then the end");
    memset(archive + length, 0, 512);
    length += 512;
    put_archive();
    tap_is(count(archive, length, &problem), 4, "a second archive behind zeros");
    tap_is(count(archive, 0, &problem), -1, "an empty one has no end mark");
}

static void is_bad(size_t at, const char *bytes, const char *expected)
{
    static uint8_t copy[sizeof archive];
    const char *problem = "";

    memcpy(copy, archive, length);
    memcpy(copy + at, bytes, strlen(bytes));
    tap_is(count(copy, length, &problem), -1, "bad: %s", expected);
    tap_is_text(problem, expected, "and says so");
}

static void test_bad(void)
{
    const char *problem = "";

    length = 0;
    put_archive();
    is_bad(0, "070707", "no magic number 070701 where a header should be");
    is_bad(20, "xyz", "a field of a header is not hexadecimal");
    is_bad(6 + 11 * 8, "00000000", "the length of a name is out of range");
    is_bad(6 + 11 * 8, "ffffffff", "the length of a name is out of range");
    is_bad(6 + 11 * 8, "00000003", "the length of a name does not fit the name");
    is_bad(6 + 6 * 8, "fffffff0", "it ends inside a file");
    tap_is(count(archive, 50, &problem), -1, "cut in a header");
    tap_is_text(problem, "it ends inside a header", "says so");
    tap_is(count(archive, 111, &problem), -1, "cut in a name");
    tap_is_text(problem, "it ends inside a name", "says so");
    tap_is(count(archive, 116, &problem), -1, "cut behind an entry");
    tap_is_text(problem, "it has no end mark (TRAILER!!!)", "says so");
}

/* Each cut and many random changes, in a block of just that size so that the sanitizer sees a step too far. */
static void test_damage(void)
{
    const char *problem;
    int survived = 0;

    for (int i = 0; i < 20000; i++) {
        size_t size = i < (int)length ? (size_t)i : length;
        uint8_t *copy = malloc(size + 1);

        memcpy(copy, archive, size);
        for (long changes = i < (int)length ? 0 : random() % 4 + 1; changes > 0; changes--)
            copy[(size_t)random() % size] = (uint8_t) "0123456789abcdef\0\xff"[random() % 18];
        copy = realloc(copy, size > 0 ? size : 1);
        count(copy, size, &problem);
        free(copy);
        survived++;
    }
    tap_is(survived, 20000, "20000 damaged archives do no harm");
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 1;

    printf("# seed %u\n", seed);
    srandom(seed);
    test_good();
    test_bad();
    test_damage();
    return tap_end();
}
