/*
 * libc_names.c - functions of the C library that are checks around little: setenv, posix_madvise, and the length of
 * slices.
 */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static void test_environment(void)
{
    tap_fails(setenv("", "x", 1), EINVAL, "POSIX setenv: EINVAL, an empty name");
    tap_fails(setenv("a=b", "x", 1), EINVAL, "POSIX setenv: EINVAL, a name with =");
    tap_fails(unsetenv(""), EINVAL, "POSIX unsetenv: EINVAL, an empty name");
    tap_fails(unsetenv("a=b"), EINVAL, "POSIX unsetenv: EINVAL, a name with =");
    tap_works(setenv("LIBC_NAMES", "1", 0), "setenv");
    tap_works(setenv("LIBC_NAMES", "2", 0), "setenv that keeps the old value");
    tap_is_text(getenv("LIBC_NAMES"), "1", "the old value is kept");
    tap_works(unsetenv("LIBC_NAMES"), "unsetenv");
    tap_ok(getenv("LIBC_NAMES") == NULL, "the name is gone");
}

static void test_advice(void)
{
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    *page = 3;
    tap_is(posix_madvise(page, 4096, POSIX_MADV_DONTNEED), 0, "posix_madvise");
    tap_is(*page, 3, "advice does not change what is there");
    tap_is(posix_madvise(page, 4096, 77), EINVAL, "POSIX posix_madvise: EINVAL, advice");
    munmap(page, 4096);
    tap_is(posix_madvise(page, 4096, POSIX_MADV_NORMAL), ENOMEM, "POSIX posix_madvise: ENOMEM");
}

static void test_slice(void)
{
    struct timespec slice = {-1, -1};

    tap_works(sched_rr_get_interval(0, &slice), "sched_rr_get_interval");
    tap_ok(slice.tv_sec == 0 && slice.tv_nsec > 0, "a slice has a length");
    tap_fails(sched_rr_get_interval(99999, &slice), ESRCH, "POSIX sched_rr_get_interval: ESRCH");
}

int main(void)
{
    tap_begin();
    test_environment();
    test_advice();
    test_slice();
    return tap_end();
}
