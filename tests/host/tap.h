/*
 * tap.h - points for tests on the host: TAP on stdout, the plan last (as tests/user/tap.h, without what needs Parley).
 */
#pragma once

#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

#define tap_ok(right, ...)                                               \
    ({                                                                   \
        int tap_right = !!(right);                                       \
        tap_failed += !tap_right;                                        \
        printf("%sok %d - ", tap_right ? "" : "not ", ++tap_count);      \
        printf(__VA_ARGS__);                                             \
        printf(tap_right ? "\n" : "\n# at %s:%d\n", __FILE__, __LINE__); \
        tap_right;                                                       \
    })

#define tap_is(actual, expected, ...)                                        \
    ({                                                                       \
        long long tap_actual = (actual), tap_expected = (expected);          \
        if (!tap_ok(tap_actual == tap_expected, __VA_ARGS__))                \
            printf("# is %lld, should be %lld\n", tap_actual, tap_expected); \
    })

#define tap_is_text(actual, expected, ...)                                       \
    ({                                                                           \
        const char *tap_actual = (actual), *tap_expected = (expected);           \
        if (!tap_ok(strcmp(tap_actual, tap_expected) == 0, __VA_ARGS__))         \
            printf("# is \"%s\", should be \"%s\"\n", tap_actual, tap_expected); \
    })

/* The plan; answers the test's exit status. */
static inline int tap_end(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed > 0;
}
