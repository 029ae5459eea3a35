/*
 * random.c - bytes that nobody can guess: the ChaCha20 block function (RFC 8439), keyed at first use.
 *
 * The key is the device tree's rng-seed, which the machine makes anew at each boot, mixed with the counter at the first
 * call.  After each request the generator takes a new key from its own stream, so what it gave before cannot be
 * computed from what it holds now.
 */
#include <core/boot_info.h>
#include <fs/fs.h>

#define KEY_WORDS 8
#define BLOCK_WORDS 16

static struct spinlock random_lock = SPINLOCK_INIT("random", RANK_OBJECT);
static uint32_t random_key[KEY_WORDS];
static bool random_keyed;

static uint32_t rotate(uint32_t word, unsigned bits)
{
    return word << bits | word >> (32 - bits);
}

static void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
    *a += *b, *d = rotate(*d ^ *a, 16);
    *c += *d, *b = rotate(*b ^ *c, 12);
    *a += *b, *d = rotate(*d ^ *a, 8);
    *c += *d, *b = rotate(*b ^ *c, 7);
}

static void chacha_block(const uint32_t key[KEY_WORDS], uint64_t counter, uint32_t out[BLOCK_WORDS])
{
    uint32_t in[BLOCK_WORDS] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    memcpy(in + 4, key, KEY_WORDS * sizeof(uint32_t));
    in[12] = (uint32_t)counter;
    in[13] = (uint32_t)(counter >> 32);
    memcpy(out, in, sizeof(in));
    for (unsigned i = 0; i < 10; i++) {
        for (unsigned c = 0; c < 4; c++)
            quarter_round(&out[c], &out[4 + c], &out[8 + c], &out[12 + c]);
        for (unsigned c = 0; c < 4; c++)
            quarter_round(&out[c], &out[4 + (c + 1) % 4], &out[8 + (c + 2) % 4], &out[12 + (c + 3) % 4]);
    }
    for (unsigned i = 0; i < BLOCK_WORDS; i++)
        out[i] += in[i];
}

/* The lock is held. */
static void random_seed(void)
{
    uint32_t chosen = fdt_named(&boot_info.fdt, "chosen"), length = 0;
    const void *seed = chosen != FDT_NONE ? fdt_property(&boot_info.fdt, chosen, "rng-seed", &length) : NULL;
    uint64_t now = counter_read();

    if (seed != NULL)
        memcpy(random_key, seed, length < sizeof(random_key) ? length : sizeof(random_key));
    random_key[0] ^= (uint32_t)now;
    random_key[1] ^= (uint32_t)(now >> 32);
    random_keyed = true;
}

/* A key for one request; the generator moves on to another. */
static void random_take_key(uint32_t key[KEY_WORDS])
{
    uint32_t block[BLOCK_WORDS];

    spin_lock(&random_lock);
    if (!random_keyed)
        random_seed();
    chacha_block(random_key, 0, block);
    memcpy(random_key, block, sizeof(random_key));
    spin_unlock(&random_lock);
    memcpy(key, block + KEY_WORDS, KEY_WORDS * sizeof(uint32_t));
}

void random_fill(void *to, size_t n)
{
    uint32_t key[KEY_WORDS], block[BLOCK_WORDS];

    random_take_key(key);
    for (uint64_t counter = 0; n != 0; counter++) {
        size_t part = n < sizeof(block) ? n : sizeof(block);

        chacha_block(key, counter, block);
        memcpy(to, block, part);
        to = (char *)to + part;
        n -= part;
    }
}
