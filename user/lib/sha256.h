/*
 * sha256.h - SHA-256 (FIPS 180-4), for crypt() and sha256sum.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32
#define SHA256_BLOCK 64

struct sha256 {
    uint32_t state[8];
    unsigned char block[SHA256_BLOCK];
    uint64_t length; /* bytes so far */
};

void __sha256_begin(struct sha256 *hash);
void __sha256_add(struct sha256 *hash, const void *bytes, size_t size);
void __sha256_end(struct sha256 *hash, unsigned char digest[SHA256_SIZE]);
