/*
 * fs_pselect.c - pselect and ppoll: a mask of signals that holds while they wait, and no longer.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static volatile sig_atomic_t caught;
static sigset_t none, usr1;
static int ends[2];

static void count(int signal)
{
    (void)signal;
    caught++;
}

static bool usr1_is_blocked(void)
{
    sigset_t now;

    sigprocmask(SIG_BLOCK, NULL, &now);
    return sigismember(&now, SIGUSR1);
}

static int wait_for_read_end(const struct timespec *timeout, const sigset_t *mask)
{
    fd_set set;

    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    return pselect(ends[0] + 1, &set, NULL, NULL, timeout, mask);
}

static void test_mask(void)
{
    pid_t child;

    caught = 0;
    raise(SIGUSR1);
    tap_is(caught, 0, "a blocked signal waits");
    tap_fails(wait_for_read_end(NULL, &none), EINTR, "POSIX pselect: EINTR, for what its mask lets in");
    tap_is(caught, 1, "the handler has run, once");
    tap_ok(usr1_is_blocked(), "and the old mask is back");
    child = tap_signal_when_asleep(SIGUSR1);
    tap_fails(wait_for_read_end(NULL, &none), EINTR, "a signal that comes while it waits");
    tap_is(caught, 2, "is caught");
    tap_ok(usr1_is_blocked(), "and the old mask is back");
    tap_is(tap_wait(child), 0, "its sender saw us asleep");
}

static void test_ready(void)
{
    static const struct timespec zero, moment = {0, 1000000}, wrong = {0, 1000000000}, negative = {-1, 0};
    struct pollfd entry = {.fd = ends[0], .events = POLLIN};

    tap_is(wait_for_read_end(&zero, &none), 0, "nothing is ready: 0");
    tap_is(wait_for_read_end(&moment, &none), 0, "nor after a moment");
    tap_ok(usr1_is_blocked(), "the old mask is back");
    write(ends[1], "x", 1);
    tap_is(wait_for_read_end(NULL, &none), 1, "ready: 1");
    tap_ok(usr1_is_blocked(), "the old mask is back");
    tap_is(ppoll(&entry, 1, NULL, &none), 1, "ppoll");
    tap_ok(entry.revents == POLLIN && usr1_is_blocked(), "says what is ready, and the old mask is back");
    tap_fails(wait_for_read_end(&wrong, &none), EINVAL, "POSIX pselect: EINVAL, nanoseconds");
    tap_fails(wait_for_read_end(&negative, NULL), EINVAL, "POSIX pselect: EINVAL, a time before now");
    tap_fails(pselect(-1, NULL, NULL, NULL, &zero, NULL), EINVAL, "POSIX pselect: EINVAL, a count below 0");
    tap_fails(ppoll(&entry, 1, NULL, (sigset_t *)0x80000000), EFAULT, "a mask that is no memory");
    tap_ok(usr1_is_blocked(), "and changes nothing");
    close(ends[0]);
    tap_fails(wait_for_read_end(&zero, &none), EBADF, "POSIX pselect: EBADF");
    tap_ok(usr1_is_blocked(), "and the old mask is back");
}

/* Closes the writing end when its parent sleeps, and writes to the other pipe when it sleeps again. */
static int hangs_up(void *context)
{
    pid_t parent = getppid();

    if (!tap_until(tap_is_asleep, &parent))
        return 1;
    close(ends[1]);
    return !tap_until(tap_is_asleep, &parent) || write(((int *)context)[1], "x", 1) != 1;
}

static void test_hang_up(void)
{
    const struct timespec time = {.tv_nsec = 20000000};
    fd_set set, in;
    struct timespec start, end;
    int other[2];
    pid_t child;

    pipe(ends);
    pipe(other);
    child = tap_start(hangs_up, other);
    close(ends[1]);
    FD_ZERO(&set);
    FD_SET(ends[0], &set);
    FD_ZERO(&in);
    FD_SET(other[0], &in);
    tap_is(pselect(FD_SETSIZE, &in, NULL, &set, NULL, NULL), 1, "a hang-up is nothing exceptional: the wait goes on");
    tap_ok(FD_ISSET(other[0], &in) && !FD_ISSET(ends[0], &set), "to what is ready");
    tap_is(tap_wait(child), 0, "(which came after it)");
    FD_SET(ends[0], &set);
    clock_gettime(CLOCK_MONOTONIC, &start);
    tap_is(pselect(FD_SETSIZE, NULL, NULL, &set, &time, NULL), 0, "or until the time is over");
    clock_gettime(CLOCK_MONOTONIC, &end);
    tap_ok((end.tv_sec - start.tv_sec) * 1000000000ll + end.tv_nsec - start.tv_nsec >= time.tv_nsec, "all of it");
    tap_ok(!FD_ISSET(ends[0], &set), "and nothing is left in the set");
    FD_SET(ends[0], &set);
    tap_is(pselect(FD_SETSIZE, NULL, &set, NULL, NULL, NULL), 1, "after a hang-up no write blocks");
    tap_ok(FD_ISSET(ends[0], &set), "so it stays in the set of those to be written");
    close(ends[0]);
    close(other[0]);
    close(other[1]);
}

int main(void)
{
    struct sigaction action = {.sa_handler = count};

    tap_begin();
    sigaction(SIGUSR1, &action, NULL);
    sigemptyset(&none);
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    sigprocmask(SIG_BLOCK, &usr1, NULL);
    pipe(ends);
    test_mask();
    test_ready();
    close(ends[1]);
    test_hang_up();
    return tap_end();
}
