/*
 * pipe_signal.c - signals that come while a process waits at a pipe: before and after bytes were moved, with and
 * without SA_RESTART; and what another process's close does to one that waits.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

enum { capacity = 65536 };

static int ends[2];
static char data[2 * capacity];
static volatile sig_atomic_t handled;

static void on_signal(int number)
{
    (void)number;
    handled++;
}

static void catch (int flags)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags};

    handled = 0;
    sigaction(SIGUSR1, &action, NULL);
}

struct helper {
    pid_t parent;
    const char *then; /* what to write afterwards, or NULL */
};

/* Signals its parent when that sleeps, then perhaps writes. */
static int signals(void *context)
{
    const struct helper *helper = context;
    pid_t parent = helper->parent;

    if (!tap_until(tap_is_asleep, &parent))
        return 1;
    kill(parent, SIGUSR1);
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    return helper->then && write(ends[1], helper->then, strlen(helper->then)) < 0 ? 2 : 0;
}

static void test_read(void)
{
    struct helper helper = {getpid(), NULL};
    char text[8];
    pid_t child;

    pipe(ends);
    catch (0);
    child = tap_start(signals, &helper);
    tap_fails(read(ends[0], text, sizeof text), EINTR, "POSIX read: EINTR");
    tap_is(handled, 1, "the handler ran");
    tap_is(tap_wait(child), 0, "as the helper meant");
    catch (SA_RESTART);
    helper.then = "late";
    child = tap_start(signals, &helper);
    tap_is(read(ends[0], text, sizeof text), 4, "with SA_RESTART the read goes on");
    tap_is(handled, 1, "after the handler");
    tap_wait(child);
    close(ends[0]);
    close(ends[1]);
}

static void test_write(void)
{
    struct helper helper = {getpid(), NULL};
    pid_t child;

    pipe(ends);
    catch (SA_RESTART);
    child = tap_start(signals, &helper);
    tap_is(write(ends[1], data, sizeof data), capacity, "a write that has moved bytes answers how many");
    tap_is(handled, 1, "after the handler");
    tap_wait(child);
    catch (0);
    child = tap_start(signals, &helper);
    tap_fails(write(ends[1], data, 100), EINTR, "POSIX write: EINTR, nothing was moved");
    tap_wait(child);
    close(ends[0]);
    close(ends[1]);
}

static int closes_reader(void *context)
{
    pid_t writer = *(pid_t *)context;
    bool asleep;

    close(ends[1]);
    asleep = tap_until(tap_is_asleep, &writer);
    close(ends[0]);
    return !asleep;
}

static void test_reader_goes(void)
{
    pid_t self = getpid(), child;

    signal(SIGPIPE, SIG_IGN);
    pipe(ends);
    child = tap_start(closes_reader, &self);
    close(ends[0]);
    write(ends[1], data, capacity);
    tap_fails(write(ends[1], data, 10), EPIPE, "a writer that waits gets EPIPE when the last reader goes");
    tap_is(tap_wait(child), 0, "it did wait");
    close(ends[1]);
    signal(SIGPIPE, SIG_DFL);
}

static int closes_writer(void *context)
{
    pid_t reader = *(pid_t *)context;
    bool asleep;

    close(ends[0]);
    asleep = tap_until(tap_is_asleep, &reader);
    close(ends[1]);
    return !asleep;
}

static int reads_to_the_end(void *unused)
{
    (void)unused;
    close(ends[1]);
    return read(ends[0], data, 1) != 0;
}

static void test_writer_goes(void)
{
    enum { readers = 5 };
    pid_t self = getpid(), child, pids[readers];
    int good = 0;

    pipe(ends);
    for (int i = 0; i < readers; i++)
        pids[i] = tap_start(reads_to_the_end, NULL);
    child = tap_start(closes_writer, &self);
    close(ends[1]);
    tap_is(read(ends[0], data, 1), 0, "a reader that waits gets the end of file when the last writer goes");
    tap_is(tap_wait(child), 0, "it did wait");
    for (int i = 0; i < readers; i++)
        good += tap_wait(pids[i]) == 0;
    tap_is(good, readers, "and so do all others");
    close(ends[0]);
}

int main(void)
{
    tap_begin();
    test_read();
    test_write();
    signal(SIGUSR1, SIG_DFL);
    test_reader_goes();
    test_writer_goes();
    return tap_end();
}
