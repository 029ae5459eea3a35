/*
 * libc_math.c - the floating-point environment, complex functions of long double, random() with states of its own.
 */
#define _GNU_SOURCE
#include <complex.h>
#include <errno.h>
#include <fenv.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

static volatile double one = 1, zero = 0, three = 3, huge = 1e308, result;

static void test_flags(void)
{
    fexcept_t kept;

    feclearexcept(FE_ALL_EXCEPT);
    tap_is(fetestexcept(FE_ALL_EXCEPT), 0, "feclearexcept");
    result = one / zero;
    tap_is(fetestexcept(FE_ALL_EXCEPT), FE_DIVBYZERO, "a division by zero shows");
    result = zero / zero;
    tap_is(fetestexcept(FE_INVALID), FE_INVALID, "and 0 / 0");
    feclearexcept(FE_ALL_EXCEPT);
    result = huge * huge;
    tap_is(fetestexcept(FE_OVERFLOW | FE_INEXACT), FE_OVERFLOW | FE_INEXACT, "an overflow is inexact too");
    tap_is(fegetexceptflag(&kept, FE_OVERFLOW), 0, "fegetexceptflag");
    feclearexcept(FE_ALL_EXCEPT);
    feraiseexcept(FE_UNDERFLOW);
    tap_is(fetestexcept(FE_ALL_EXCEPT), FE_UNDERFLOW, "feraiseexcept");
    fesetexceptflag(&kept, FE_OVERFLOW);
    tap_is(fetestexcept(FE_ALL_EXCEPT), FE_UNDERFLOW | FE_OVERFLOW, "fesetexceptflag");
    feclearexcept(FE_ALL_EXCEPT);
}

static void test_rounding(void)
{
    volatile double up, down; /* so that each is computed where it stands */

    tap_is(fegetround(), FE_TONEAREST, "to nearest at the start");
    tap_is(fesetround(FE_UPWARD), 0, "fesetround");
    up = one / three;
    fesetround(FE_DOWNWARD);
    down = one / three;
    tap_ok(up > down, "upward is more than downward");
    fesetround(FE_TOWARDZERO);
    result = -one / three;
    tap_ok(result == -down, "toward zero, of a negative number, is less in size");
    tap_is(fegetround(), FE_TOWARDZERO, "fegetround");
    tap_ok(fesetround(1) != 0 && fegetround() == FE_TOWARDZERO, "what is no direction changes nothing");
    fesetround(FE_TONEAREST);
}

static void test_environment(void)
{
    fenv_t environment;

    feraiseexcept(FE_INEXACT);
    fesetround(FE_DOWNWARD);
    tap_is(feholdexcept(&environment), 0, "feholdexcept");
    tap_ok(fetestexcept(FE_ALL_EXCEPT) == 0 && fegetround() == FE_DOWNWARD, "clears the flags alone");
    feraiseexcept(FE_DIVBYZERO);
    fesetround(FE_UPWARD);
    tap_is(feupdateenv(&environment), 0, "feupdateenv");
    tap_ok(fetestexcept(FE_ALL_EXCEPT) == (FE_INEXACT | FE_DIVBYZERO) && fegetround() == FE_DOWNWARD,
           "puts back what was, with what has been raised since");
    fesetenv(FE_DFL_ENV);
    tap_ok(fetestexcept(FE_ALL_EXCEPT) == 0 && fegetround() == FE_TONEAREST, "FE_DFL_ENV");
}

/* One process's rounding is not another's. */
static int round_up(void *context)
{
    (void)context;
    fesetround(FE_UPWARD);
    for (int i = 0; i < 100; i++) {
        usleep(100);
        if (fegetround() != FE_UPWARD || one / three <= 0.333333333333333314829616256247)
            return 1;
    }
    return 0;
}

static void test_processes(void)
{
    pid_t child = tap_start(round_up, NULL);
    bool right = true;

    for (int i = 0; i < 100; i++) {
        usleep(100);
        right = right && fegetround() == FE_TONEAREST && one / three == 0.333333333333333314829616256247;
    }
    tap_ok(right, "how another process rounds does not matter here");
    tap_is(tap_wait(child), 0, "nor there");
}

static void test_complex(void)
{
    long double complex z = conjl(1.0L + 2.0L * I), e = cexpl(0.0L), p = cpowl(2.0L, 3.0L);

    tap_ok(creall(z) == 1 && cimagl(z) == -2, "conjl");
    tap_ok(creall(e) == 1 && cimagl(e) == 0, "cexpl");
    tap_ok(creall(p) > 7.999L && creall(p) < 8.001L, "cpowl");
}

static void test_random(void)
{
    static const size_t sizes[] = {8, 32, 64, 128, 256};
    char mine[256], other[256];
    long first[3], again[3];

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *before = initstate(7, mine, sizes[i]);
        bool right = before != NULL;

        for (int n = 0; n < 3; n++) {
            first[n] = random();
            right = right && first[n] >= 0 && first[n] <= 0x7fffffff;
        }
        initstate(8, other, sizes[i]);
        right = right && random() != first[0];
        setstate(mine);
        long next = random();
        srandom(7);
        for (int n = 0; n < 3; n++)
            again[n] = random();
        right = right && memcmp(first, again, sizeof first) == 0 && random() == next;
        tap_ok(right && setstate(before) == mine, "a state of %zu bytes goes on where it was left", sizes[i]);
    }
    tap_ok(initstate(1, mine, 7) == NULL, "POSIX initstate: NULL, less than 8 bytes");
    memset(other, 0xff, sizeof other);
    tap_ok(setstate(other) == NULL, "what is no state is not taken");
    errno = 0;
    setkey("");
    tap_is(errno, ENOSYS, "POSIX setkey: ENOSYS");
    errno = 0;
    encrypt(mine, 0);
    tap_is(errno, ENOSYS, "POSIX encrypt: ENOSYS");
}

int main(void)
{
    tap_begin();
    test_flags();
    test_rounding();
    test_environment();
    test_processes();
    test_complex();
    test_random();
    return tap_end();
}
