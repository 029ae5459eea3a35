/*
 * sha256sum.c - SHA-256 sums of files (FIPS 180-4); -c checks those that a file lists.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/util.h"

enum { block_size = 64, digest_text = 64 };

struct sha256 {
    uint32_t state[8];
    unsigned char block[block_size];
    uint64_t length; /* bytes so far */
};

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t value, int by)
{
    return value >> by | value << (32 - by);
}

/* The message schedule: 16 words from the block, 48 made of them. */
static void expand(const unsigned char *block, uint32_t words[64])
{
    for (int i = 0; i < 16; i++)
        words[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
    for (int i = 16; i < 64; i++) {
        uint32_t a = words[i - 15], b = words[i - 2];
        uint32_t low = rotate(a, 7) ^ rotate(a, 18) ^ a >> 3, high = rotate(b, 17) ^ rotate(b, 19) ^ b >> 10;
        words[i] = words[i - 16] + low + words[i - 7] + high;
    }
}

static void add_block(struct sha256 *hash)
{
    uint32_t words[64], s[8];
    expand(hash->block, words);
    memcpy(s, hash->state, sizeof(s));
    for (int i = 0; i < 64; i++) {
        uint32_t e = rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25), choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
        uint32_t a = rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22);
        uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
        uint32_t first = s[7] + e + choice + constants[i] + words[i];
        memmove(s + 1, s, 7 * sizeof(*s));
        s[4] += first;
        s[0] = first + a + majority;
    }
    for (int i = 0; i < 8; i++)
        hash->state[i] += s[i];
}

static void add_byte(struct sha256 *hash, unsigned char byte)
{
    hash->block[hash->length++ % block_size] = byte;
    if (hash->length % block_size == 0)
        add_block(hash);
}

/* Adds a 1 bit, zeros, and the length in bits. */
static void finish(struct sha256 *hash)
{
    uint64_t bits = hash->length * 8;
    add_byte(hash, 0x80);
    while (hash->length % block_size != block_size - 8)
        add_byte(hash, 0);
    for (int shift = 56; shift >= 0; shift -= 8)
        add_byte(hash, bits >> shift);
}

/* Writes the sum of all that the file gives, in hexadecimal. */
static void sum_file(FILE *file, char text[digest_text + 1])
{
    struct sha256 hash = {
        .state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
    for (int c; (c = getc_unlocked(file)) != EOF;)
        add_byte(&hash, c);
    finish(&hash);
    for (int i = 0; i < 8; i++)
        snprintf(text + 8 * i, 9, "%08lx", (unsigned long)hash.state[i]);
}

static int print_sum(FILE *file, const char *path)
{
    char text[digest_text + 1];
    sum_file(file, text);
    if (!ferror(file))
        printf("%s  %s\n", text, path);
    return 0;
}

/* One line of a list: "SUM  NAME"; false when the file is not as it says. */
static bool check_line(char *line)
{
    char text[digest_text + 1], *name = line + digest_text;
    if (strlen(line) < digest_text + 3 || name[0] != ' ') {
        util_warnx("improperly formatted line: %s", line);
        return false;
    }
    *name = '\0';
    name += 2;
    FILE *file = util_open(name);
    if (!file) {
        printf("%s: FAILED open or read\n", name);
        return false;
    }
    sum_file(file, text);
    bool good = util_close(file, name) && strcmp(text, line) == 0;
    printf("%s: %s\n", name, good ? "OK" : "FAILED");
    return good;
}

static int check_list(FILE *file, const char *path)
{
    struct line line = {0};
    int status = 0;
    (void)path;
    while (line_read(file, &line))
        status |= !check_line(line.text);
    free(line.text);
    if (status)
        util_warnx("WARNING: not all sums did match");
    return status;
}

int main(int argc, char **argv)
{
    bool check = false;
    util_start("sha256sum", "[-c] [FILE]...", 1);
    for (int option; (option = getopt(argc, argv, "cb")) != -1;) {
        if (option == '?')
            util_usage();
        check |= option == 'c';
    }
    return util_finish(util_each_file(argc - optind, argv + optind, check ? check_list : print_sum));
}
