/*
 * cksum.c - the checksum and the size of files (POSIX cksum): a CRC of 32 bits over the bytes and then their number.
 */
#include <stdint.h>

#include "lib/util.h"

static uint32_t table[256];

static void table_fill(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i << 24;
        for (int bit = 0; bit < 8; bit++)
            crc = crc << 1 ^ (crc & 0x80000000 ? 0x04c11db7 : 0);
        table[i] = crc;
    }
}

static uint32_t add(uint32_t crc, unsigned char byte)
{
    return crc << 8 ^ table[(crc >> 24) ^ byte];
}

static int sum(FILE *file, const char *path)
{
    uint32_t crc = 0;
    unsigned long long size = 0;
    for (int c; (c = getc_unlocked(file)) != EOF; size++)
        crc = add(crc, c);
    for (unsigned long long rest = size; rest; rest >>= 8)
        crc = add(crc, rest & 0xff);
    if (!ferror(file))
        printf("%lu %llu%s%s\n", (unsigned long)(uint32_t)~crc, size, file == stdin ? "" : " ",
               file == stdin ? "" : path);
    return 0;
}

int main(int argc, char **argv)
{
    util_start("cksum", "[FILE]...", 1);
    util_no_options(argc, argv);
    table_fill();
    return util_finish(util_each_file(argc - optind, argv + optind, sum));
}
