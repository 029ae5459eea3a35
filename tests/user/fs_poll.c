/*
 * fs_poll.c - poll(): what is ready at once, waiting, time limits, signals, many descriptors.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

enum { long_ms = 100000 }; /* what should come has come long before */

static int ends[2];

static long long now_ms(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000ll + time.tv_nsec / 1000000;
}

static void test_ready(void)
{
    struct pollfd set[4] = {{ends[0], POLLIN, 0}, {ends[1], POLLOUT, 0}, {-1, POLLIN, 7}, {99, POLLIN, 0}};

    tap_is(poll(set, 2, 0), 1, "one of two is ready");
    tap_is(set[0].revents, 0, "an empty pipe is not");
    tap_is(set[1].revents, POLLOUT, "one with room is");
    tap_is(poll(set, 4, -1), 2, "a bad descriptor counts");
    tap_is(set[2].revents, 0, "a negative one is left out");
    tap_is(set[3].revents, POLLNVAL, "POSIX poll: POLLNVAL");
    write(ends[1], "x", 1);
    tap_is(poll(set, 1, -1), 1, "bytes in the pipe");
    tap_is(set[0].revents, POLLIN, "are POLLIN");
    set[0].events = 0;
    tap_is(poll(set, 1, 0), 0, "but only if asked for");
    read(ends[0], &(char){0}, 1);
    set[0] = (struct pollfd){open("/dev/null", O_RDWR), POLLIN | POLLOUT, 0};
    tap_is(poll(set, 1, 0), 1, "a device is always ready");
    tap_is(set[0].revents, POLLIN | POLLOUT, "both ways");
    close(set[0].fd);
}

static void test_limits(void)
{
    struct pollfd set[1] = {{ends[0], POLLIN, 0}};
    long long start = now_ms();

    tap_is(poll(set, 1, 30), 0, "a time limit passes");
    tap_ok(now_ms() - start >= 30, "in no less than its time");
    start = now_ms();
    tap_is(poll(NULL, 0, 20), 0, "poll of nothing");
    tap_ok(now_ms() - start >= 20, "sleeps");
    tap_fails(poll((struct pollfd *)16, 1, 0), EFAULT, "a set nowhere: EFAULT");
    tap_fails(poll(set, 1000000, 0), EINVAL, "POSIX poll: EINVAL");
}

static int writes_later(void *waiter)
{
    return !tap_until(tap_is_asleep, waiter) || write(ends[1], "x", 1) != 1;
}

/* Its end closes what it has open. */
static int ends_later(void *waiter)
{
    return !tap_until(tap_is_asleep, waiter);
}

static void on_signal(int number)
{
    (void)number;
}

static void test_waiting(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    struct pollfd set[2] = {{ends[0], POLLIN, 0}, {-1, 0, 0}};
    pid_t self = getpid(), child = tap_start(writes_later, &self);

    tap_is(poll(set, 2, long_ms), 1, "a write ends the wait");
    tap_is(set[0].revents, POLLIN, "with POLLIN");
    tap_is(tap_wait(child), 0, "of one that slept");
    read(ends[0], &(char){0}, 1);
    sigaction(SIGUSR1, &action, NULL);
    child = tap_signal_when_asleep(SIGUSR1);
    tap_fails(poll(set, 2, long_ms), EINTR, "POSIX poll: EINTR, also with SA_RESTART");
    tap_wait(child);
    signal(SIGUSR1, SIG_DFL);
}

static void test_hang_up(void)
{
    struct pollfd set[1];
    int own[2];
    pid_t self = getpid(), child;

    pipe(own);
    child = tap_start(ends_later, &self);
    close(own[1]);
    set[0] = (struct pollfd){own[0], POLLIN, 0};
    tap_is(poll(set, 1, long_ms), 1, "the last writer's end ends the wait");
    tap_is(set[0].revents, POLLHUP, "with POLLHUP");
    tap_wait(child);
    close(own[0]);
    pipe(own);
    close(own[0]);
    set[0] = (struct pollfd){own[1], POLLOUT, 0};
    tap_is(poll(set, 1, 0), 1, "a pipe that nobody reads");
    tap_is(set[0].revents & POLLERR, POLLERR, "has POLLERR");
    close(own[1]);
}

static void test_room(void)
{
    static char page[4096];
    struct pollfd set[1] = {{ends[1], POLLOUT, 0}};

    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    while (write(ends[1], page, sizeof page) > 0)
        continue;
    tap_is(poll(set, 1, 0), 0, "a full pipe has no POLLOUT");
    read(ends[0], page, sizeof page);
    tap_is(poll(set, 1, 0), 1, "with PIPE_BUF bytes of room it has");
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    while (read(ends[0], page, sizeof page) > 0)
        continue;
    fcntl(ends[0], F_SETFL, 0);
    fcntl(ends[1], F_SETFL, 0);
}

static void test_many(void)
{
    enum { count = 200 };
    struct pollfd set[count];
    pid_t self = getpid(), child;

    for (int i = 0; i < count; i++)
        set[i] = (struct pollfd){ends[0], POLLIN, 0};
    child = tap_start(writes_later, &self);
    tap_is(poll(set, count, long_ms), count, "%d descriptors of one pipe", count);
    tap_wait(child);
    read(ends[0], &(char){0}, 1);
}

enum { limit_ms = 200, stops = 5 };

/* Waits for nothing; 0: as long as it should. */
static int waits(void *unused)
{
    long long start = now_ms(), waited;

    (void)unused;
    if (poll(NULL, 0, limit_ms) != 0)
        return 1;
    waited = now_ms() - start;
    return waited < limit_ms ? 2 : waited > limit_ms + 50 ? 3 : 0;
}

static void test_stopped(void)
{
    const struct timespec moment = {.tv_nsec = 20000000};
    pid_t pid = tap_start(waits, NULL);
    int status = 0;

    for (int i = 0; i < stops; i++) {
        nanosleep(&moment, NULL);
        kill(pid, SIGSTOP);
        waitpid(pid, &status, WUNTRACED);
        if (!WIFSTOPPED(status))
            break;
        kill(pid, SIGCONT);
    }
    status = WIFSTOPPED(status) ? tap_wait(pid) : status;
    tap_ok(WEXITSTATUS(status) % 3 == 0, "stops do not end a wait");
    tap_in_time(WEXITSTATUS(status) == 0, "nor prolong it");
}

int main(void)
{
    tap_begin();
    pipe(ends);
    test_ready();
    test_limits();
    test_waiting();
    test_hang_up();
    test_room();
    test_many();
    test_stopped();
    close(ends[0]);
    close(ends[1]);
    return tap_end();
}
