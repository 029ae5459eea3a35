/*
 * libc_names.c - functions of the C library that are checks around little: setenv, posix_madvise, the length of slices,
 * sets of signals and their names.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
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

static void test_signal_sets(void)
{
    sigset_t a, b, c;

    sigemptyset(&a);
    tap_is(sigisemptyset(&a), 1, "sigisemptyset");
    sigaddset(&a, SIGINT);
    sigaddset(&a, SIGRTMAX);
    sigfillset(&b);
    sigdelset(&b, SIGINT);
    tap_is(sigandset(&c, &a, &b), 0, "sigandset");
    tap_ok(sigismember(&c, SIGRTMAX) && !sigismember(&c, SIGINT) && !sigismember(&c, SIGHUP), "what is in both");
    sigdelset(&a, SIGRTMAX);
    sigemptyset(&b);
    sigaddset(&b, SIGHUP);
    tap_is(sigorset(&c, &a, &b), 0, "sigorset");
    tap_ok(sigismember(&c, SIGINT) && sigismember(&c, SIGHUP) && !sigismember(&c, SIGRTMAX), "what is in one of them");
    tap_is(sigisemptyset(&c), 0, "which is not empty");
}

static void test_signal_names(void)
{
    int nameless = 0;

    for (int signal = 1; signal <= SIGSYS; signal++)
        nameless += sigabbrev_np(signal) == NULL || *sigabbrev_np(signal) == '\0' || sigdescr_np(signal) == NULL;
    tap_is(nameless, 0, "all signals but real-time ones have names");
    tap_is_text(sigabbrev_np(SIGHUP), "HUP", "sigabbrev_np");
    tap_is_text(sigdescr_np(SIGINT), "Interrupt", "sigdescr_np");
    tap_ok(sigabbrev_np(0) == NULL && sigabbrev_np(SIGRTMIN) == NULL && sigabbrev_np(-1) == NULL, "others have none");
    tap_ok(sigdescr_np(0) == NULL && sigdescr_np(SIGRTMIN) == NULL && sigdescr_np(NSIG) == NULL, "nor descriptions");
}

int main(void)
{
    tap_begin();
    test_environment();
    test_advice();
    test_slice();
    test_signal_sets();
    test_signal_names();
    return tap_end();
}
