/*
 * sha256.c - SHA-256 (FIPS 180-4): the sum of bytes that come in pieces.
 */
#include "sha256.h"
#include <string.h>

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

void __sha256_begin(struct sha256 *hash)
{
    *hash = (struct sha256){
        .state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void __sha256_add(struct sha256 *hash, const void *bytes, size_t size)
{
    for (const unsigned char *from = bytes; size > 0; size--) {
        hash->block[hash->length++ % SHA256_BLOCK] = *from++;
        if (hash->length % SHA256_BLOCK == 0)
            add_block(hash);
    }
}

/* Behind the bytes come a 1 bit, zeros, and the length in bits. */
void __sha256_end(struct sha256 *hash, unsigned char digest[SHA256_SIZE])
{
    static const unsigned char one = 0x80, zero;
    uint64_t bits = hash->length * 8;
    unsigned char length[8];

    for (int i = 0; i < 8; i++)
        length[i] = bits >> (56 - 8 * i);
    __sha256_add(hash, &one, 1);
    while (hash->length % SHA256_BLOCK != SHA256_BLOCK - sizeof length)
        __sha256_add(hash, &zero, 1);
    __sha256_add(hash, length, sizeof length);
    for (int i = 0; i < SHA256_SIZE; i++)
        digest[i] = hash->state[i / 4] >> (24 - i % 4 * 8);
}
