/*
 * string.c - the kernel's string functions (kernel/lib/string.c) against the host's, on random short strings, and the
 * parser of numbers.
 *
 * Usage: string [seed]
 */
#include <stdlib.h>

#include "tap.h"

#define memcmp kernel_memcmp
#define memchr kernel_memchr
#define strlen kernel_strlen
#define strnlen kernel_strnlen
#define strcmp kernel_strcmp
#define strncmp kernel_strncmp
#define strchr kernel_strchr
#define strrchr kernel_strrchr
#define strlcpy kernel_strlcpy
#include "../../kernel/lib/string.c"
#undef memcmp
#undef memchr
#undef strlen
#undef strnlen
#undef strcmp
#undef strncmp
#undef strchr
#undef strrchr
#undef strlcpy

#define ROUNDS 20000

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

/* A string of few different letters (one of them above 127), in memory of just its size. */
static char *random_string(void)
{
    static const char letters[] = "ab\xe4";
    size_t n = random() % 6;
    char *s = malloc(n + 1);

    for (size_t i = 0; i < n; i++)
        s[i] = letters[random() % 3];
    s[n] = '\0';
    return s;
}

/* Answers whether all agree. */
static bool compare_once(const char *a, const char *b)
{
    size_t n = random() % 7, shorter = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
    int c = "ab\xe4z"[random() % 5];

    return kernel_strlen(a) == strlen(a) && kernel_strnlen(a, n) == strnlen(a, n) &&
           sign(kernel_strcmp(a, b)) == sign(strcmp(a, b)) && sign(kernel_strncmp(a, b, n)) == sign(strncmp(a, b, n)) &&
           kernel_strchr(a, c) == strchr(a, c) && kernel_strrchr(a, c) == strrchr(a, c) &&
           kernel_memchr(a, c, strlen(a)) == memchr(a, c, strlen(a)) &&
           sign(kernel_memcmp(a, b, shorter)) == sign(memcmp(a, b, shorter));
}

static void test_random(void)
{
    unsigned wrong = 0;

    for (unsigned i = 0; i < ROUNDS; i++) {
        char *a = random_string(), *b = random_string();

        if (!compare_once(a, b) && wrong++ == 0)
            printf("# first difference: \"%s\", \"%s\"\n", a, b);
        free(a);
        free(b);
    }
    tap_is(wrong, 0, "%d random pairs of strings", ROUNDS);
}

static void test_copy(void)
{
    char to[8] = "xxxxxxx";

    tap_is(kernel_strlcpy(to, "abc", sizeof(to)), 3, "strlcpy answers the length");
    tap_is_text(to, "abc", "strlcpy copies");
    tap_is(kernel_strlcpy(to, "abcdefghij", 4), 10, "strlcpy answers the whole length");
    tap_is_text(to, "abc", "strlcpy cuts");
    tap_is(kernel_strlcpy(NULL, "abc", 0), 3, "strlcpy to nothing");
}

static void test_numbers(void)
{
    static const struct {
        const char *text;
        bool valid;
        uint64_t value;
    } numbers[] = {
        {"0", true, 0},
        {"00", true, 0},
        {"42", true, 42},
        {"0755", true, 0755},
        {"0x10", true, 16},
        {"0XaBc", true, 0xabc},
        {"18446744073709551615", true, UINT64_MAX},
        {"0xffffffffffffffff", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"0x10000000000000000", false, 0},
        {"99999999999999999999", false, 0},
        {"", false, 0},
        {"0x", false, 0},
        {"08", false, 0},
        {"12a", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"-1", false, 0},
        {"+1", false, 0},
    };

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        uint64_t value = 77;
        bool valid = parse_number(numbers[i].text, &value);

        tap_ok(valid == numbers[i].valid && (valid ? value == numbers[i].value : value == 77), "parse_number \"%s\"",
               numbers[i].text);
    }
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? atoi(argv[1]) : 1;

    srandom(seed);
    printf("# seed %u\n", seed);
    test_random();
    test_copy();
    test_numbers();
    return tap_end();
}
