/*
 * crypt.c - sums of passwords, as /etc/passwd and /etc/shadow keep them.
 *
 * One method: SHA-256 in many rounds, which other systems know by "$5$" too: "$5$salt$sum" or "$5$rounds=N$salt$sum".
 * The method's description (Drepper, "Unix crypt using SHA-256 and SHA-512") calls the sums here A, B, P and S.
 *
 * Left out on purpose: DES, which guards nothing today; so _XOPEN_CRYPT is not claimed.
 */
#include "libc.h"
#include "sha256.h"
#include <crypt.h>
#include <stdio.h>
#include <string.h>

#define PREFIX "$5$"
#define ROUNDS "rounds="
#define SALT_MAX 16
#define KEY_MAX 256
#define ROUNDS_DEFAULT 5000
#define ROUNDS_MIN 1000
#define ROUNDS_MAX 999999999

struct password {
    const char *key, *salt;
    size_t key_length, salt_length;
    unsigned long rounds;
    int rounds_given;
};

/* Take the salt apart.  0 or -1. */
static int parse(struct password *password, const char *setting)
{
    char *end;

    if (strncmp(setting, PREFIX, strlen(PREFIX)) != 0)
        return -1;
    setting += strlen(PREFIX);
    password->rounds = ROUNDS_DEFAULT;
    password->rounds_given = strncmp(setting, ROUNDS, strlen(ROUNDS)) == 0;
    if (password->rounds_given) {
        password->rounds = strtoul(setting + strlen(ROUNDS), &end, 10);
        if (*end != '$')
            return -1;
        setting = end + 1;
        if (password->rounds < ROUNDS_MIN)
            password->rounds = ROUNDS_MIN;
        if (password->rounds > ROUNDS_MAX)
            password->rounds = ROUNDS_MAX;
    }
    password->salt = setting;
    password->salt_length = strcspn(setting, "$");
    if (password->salt_length > SALT_MAX)
        password->salt_length = SALT_MAX;
    return 0;
}

static void add_key(struct sha256 *hash, const struct password *password)
{
    __sha256_add(hash, password->key, password->key_length);
}

static void add_salt(struct sha256 *hash, const struct password *password)
{
    __sha256_add(hash, password->salt, password->salt_length);
}

/* The sum of key, salt and B = the sum of key, salt, key. */
static void first_sum(const struct password *password, unsigned char a[SHA256_SIZE])
{
    unsigned char b[SHA256_SIZE];
    struct sha256 hash;
    size_t n;

    __sha256_begin(&hash);
    add_key(&hash, password);
    add_salt(&hash, password);
    add_key(&hash, password);
    __sha256_end(&hash, b);
    __sha256_begin(&hash);
    add_key(&hash, password);
    add_salt(&hash, password);
    for (n = password->key_length; n > SHA256_SIZE; n -= SHA256_SIZE)
        __sha256_add(&hash, b, SHA256_SIZE);
    __sha256_add(&hash, b, n);
    for (n = password->key_length; n > 0; n >>= 1) {
        if (n & 1)
            __sha256_add(&hash, b, SHA256_SIZE);
        else
            add_key(&hash, password);
    }
    __sha256_end(&hash, a);
}

/* `size` bytes made of the sum of `times` times what `add` adds. */
static void stretch(const struct password *password, void (*add)(struct sha256 *, const struct password *),
                    size_t times, unsigned char *to, size_t size)
{
    unsigned char digest[SHA256_SIZE];
    struct sha256 hash;

    __sha256_begin(&hash);
    while (times-- > 0)
        add(&hash, password);
    __sha256_end(&hash, digest);
    for (size_t i = 0; i < size; i++)
        to[i] = digest[i % SHA256_SIZE];
}

static void turn(const struct password *password, unsigned char a[SHA256_SIZE])
{
    unsigned char p[KEY_MAX], s[SALT_MAX];
    struct sha256 hash;

    stretch(password, add_key, password->key_length, p, password->key_length);
    stretch(password, add_salt, 16u + a[0], s, password->salt_length);
    for (unsigned long i = 0; i < password->rounds; i++) {
        __sha256_begin(&hash);
        __sha256_add(&hash, i & 1 ? p : a, i & 1 ? password->key_length : SHA256_SIZE);
        if (i % 3 != 0)
            __sha256_add(&hash, s, password->salt_length);
        if (i % 7 != 0)
            __sha256_add(&hash, p, password->key_length);
        __sha256_add(&hash, i & 1 ? a : p, i & 1 ? SHA256_SIZE : password->key_length);
        __sha256_end(&hash, a);
    }
}

static char *put(char *to, unsigned high, unsigned middle, unsigned low, int count)
{
    static const char digits[] = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    for (unsigned bits = high << 16 | middle << 8 | low; count > 0; count--, bits >>= 6)
        *to++ = digits[bits & 63];
    return to;
}

/* The sum as 43 letters; its bytes are taken in the method's own order. */
static void write_sum(char *to, const unsigned char a[SHA256_SIZE])
{
    for (int i = 0; i < 10; i++) {
        int first = i, second = i + 10, third = i + 20;

        if (i % 3 == 1)
            to = put(to, a[third], a[first], a[second], 4);
        else if (i % 3 == 2)
            to = put(to, a[second], a[third], a[first], 4);
        else
            to = put(to, a[first], a[second], a[third], 4);
    }
    *put(to, 0, a[31], a[30], 3) = '\0';
}

/* POSIX crypt, but for its salt: EINVAL for what does not begin with "$5$". */
char *crypt(const char *key, const char *salt)
{
    static char result[sizeof PREFIX + sizeof ROUNDS + 10 + SALT_MAX + 2 + 43];
    struct password password = {.key = key, .key_length = strlen(key)};
    unsigned char a[SHA256_SIZE];
    int n;

    if (parse(&password, salt) == -1 || password.key_length > KEY_MAX) {
        errno = EINVAL;
        return NULL;
    }
    first_sum(&password, a);
    turn(&password, a);
    n = sprintf(result, PREFIX);
    if (password.rounds_given)
        n += sprintf(result + n, ROUNDS "%lu$", password.rounds);
    n += sprintf(result + n, "%.*s$", (int)password.salt_length, password.salt);
    write_sum(result + n, a);
    return result;
}
