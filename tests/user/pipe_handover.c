/*
 * pipe_handover.c - small reads and writes, and readers that sleep: what is written while they do is theirs, whole, and
 * nothing of it is lost where their memory cannot take it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

enum { page = 4096 };

static int ends[2];
static char data[2 * page];

static void close_both(void)
{
    close(ends[0]);
    close(ends[1]);
}

static int waiting_bytes(void)
{
    int n = -1;

    ioctl(ends[0], FIONREAD, &n);
    return n;
}

struct reading {
    char *to; /* NULL: memory of its own */
    size_t size;
    long expected;
    int error;
};

static int reads_once(void *context)
{
    const struct reading *reading = context;
    char own[2 * page];
    char *to = reading->to ? reading->to : own;
    long n = read(ends[0], to, reading->size);

    if (n != reading->expected)
        return 1;
    if (n < 0)
        return errno != reading->error ? 2 : 0;
    return memcmp(to, data, (size_t)n) != 0 ? 3 : 0;
}

/* A reader sleeps, then n bytes are written; answers its status. */
static int hand(struct reading reading, size_t n)
{
    pid_t child = tap_start_asleep(reads_once, &reading);
    write(ends[1], data, n);
    return tap_wait(child);
}

static void test_sizes(void)
{
    static const size_t sizes[] = {1, 7, 127, 128, 129, 255, 256, 257, 4095, 4096, 5000};
    int wrong = 0, left = 0;

    pipe(ends);
    for (unsigned i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        wrong += hand((struct reading){.size = sizes[i], .expected = (long)sizes[i]}, sizes[i]) != 0;
        wrong += hand((struct reading){.size = 2 * page, .expected = (long)sizes[i]}, sizes[i]) != 0;
        left += waiting_bytes();
    }
    tap_is(wrong, 0, "a reader that sleeps gets what is written, of any size");
    tap_is(left, 0, "nothing is left");
    tap_is(hand((struct reading){.size = 10, .expected = 10}, 100), 0, "one that wants less gets that");
    tap_is(waiting_bytes(), 90, "the rest stays");
    close_both();
}

static void test_order(void)
{
    enum { readers = 5 };
    struct reading reading = {.size = 3, .expected = 3};
    pid_t pids[readers];
    int wrong = 0;

    pipe(ends);
    memcpy(data, "abcabcabcabcabc", 15);
    for (int i = 0; i < readers; i++) {
        pids[i] = tap_start_asleep(reads_once, &reading);
    }
    tap_is(write(ends[1], data, 15), 15, "one write for five readers that sleep");
    for (int i = 0; i < readers; i++)
        wrong += tap_wait(pids[i]) != 0;
    tap_is(wrong, 0, "each gets its part");
    tap_is(waiting_bytes(), 0, "and nothing is left");
    close_both();
}

static void test_memory(void)
{
    char *fresh = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char *fixed = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct reading reading = {.to = fresh, .size = 20, .expected = 20};

    pipe(ends);
    tap_is(hand(reading, 20), 0, "into memory that was never touched");
    fresh[0] = fresh[page] = 1;
    reading.to = fresh + page - 10;
    tap_is(hand(reading, 20), 0, "into two pages that are shared since a fork");
    reading = (struct reading){.to = fixed, .size = 20, .expected = -1, .error = EFAULT};
    tap_is(hand(reading, 20), 0, "POSIX read: EFAULT, for one that slept");
    tap_is(waiting_bytes(), 20, "and the bytes stay");
    reading = (struct reading){.to = (char *)16, .size = 2 * page, .expected = -1, .error = EFAULT};
    tap_is(tap_child_result(reads_once, &reading), 0, "POSIX read: EFAULT");
    tap_is(waiting_bytes(), 20, "the bytes stay again");
    tap_is(write(ends[1], fresh + page + 100, 50), 50, "a write from memory that was never touched");
    tap_is(waiting_bytes(), 70, "arrives");
    close_both();
    munmap(fresh, 2 * page);
    munmap(fixed, page);
}

static int reads_messages(void *context)
{
    char text[300];
    int size = *(int *)context, wrong = 0, count = 0;

    close(ends[1]);
    for (long n; (n = read(ends[0], text, sizeof text)) > 0; count++)
        wrong += n != size || text[0] != (char)count || text[size - 1] != (char)count;
    return wrong != 0 || count != 1000;
}

static bool nothing_waits(void *unused)
{
    (void)unused;
    return waiting_bytes() == 0;
}

/* A moment is enough for the reader, if all is well. */
static bool is_read(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 1000}, NULL);
    return nothing_waits(NULL) || tap_until(nothing_waits, NULL);
}

/* The messages run over the borders of pages; each is read before the next is written. */
static void test_borders(void)
{
    char text[300];
    int wrong = 0;

    for (int size = 100; size <= 300; size += 100) {
        bool goes_on = true;
        pid_t child;

        pipe(ends);
        child = tap_start(reads_messages, &size);
        for (int i = 0; i < 1000 && goes_on; i++) {
            memset(text, i, sizeof text);
            write(ends[1], text, (size_t)size);
            goes_on = is_read();
        }
        if (!goes_on)
            kill(child, SIGKILL);
        close_both();
        wrong += tap_wait(child) != 0;
    }
    tap_is(wrong, 0, "messages stay whole across the borders of pages");
}

static void on_signal(int number)
{
    (void)number;
}

static int is_interrupted(void *unused)
{
    struct sigaction action = {.sa_handler = on_signal};
    char byte;

    (void)unused;
    sigaction(SIGUSR1, &action, NULL);
    return read(ends[0], &byte, 1) != -1 || errno != EINTR;
}

static void test_interrupted(void)
{
    struct reading reading = {.size = 5, .expected = 5};
    pid_t first, second;

    pipe(ends);
    first = tap_start_asleep(is_interrupted, NULL);
    second = tap_start_asleep(reads_once, &reading);
    kill(first, SIGUSR1);
    write(ends[1], data, 5);
    tap_is(tap_wait(second), 0, "bytes go past a reader that was interrupted");
    tap_is(tap_wait(first), 0, "which gets EINTR");
    close_both();
}

/* A writer that needs less than the one before it in the queue goes on when that is interrupted. */
static int writes_much(void *unused)
{
    (void)unused;
    return write(ends[1], data, page) == page;
}

static int writes_little(void *unused)
{
    (void)unused;
    return write(ends[1], data, 10) != 10;
}

static void test_writers(void)
{
    static char all[65536];
    pid_t much, little;

    pipe(ends);
    write(ends[1], all, sizeof all);
    much = tap_start_asleep(writes_much, NULL);
    little = tap_start_asleep(writes_little, NULL);
    read(ends[0], all, 50);
    tap_kill(much);
    tap_is(tap_wait(little), 0, "a writer goes on when the one before it is killed");
    close_both();
}

/* An open file of its own, so that its O_NONBLOCK is not that of others. */
static int never_sleeps(void *unused)
{
    struct timespec start, now;
    char path[40], text[100];
    int end;

    (void)unused;
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    end = open(path, O_RDONLY | O_NONBLOCK);
    clock_gettime(CLOCK_MONOTONIC, &start);
    do {
        if (read(end, text, sizeof text) < 0 && errno != EAGAIN)
            return 1;
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while (now.tv_sec * 1000 + now.tv_nsec / 1000000 < start.tv_sec * 1000 + start.tv_nsec / 1000000 + 20);
    return 0;
}

static int reads_for_ever(void *unused)
{
    static char bytes[65536];

    (void)unused;
    while (read(ends[0], bytes, sizeof bytes) > 0)
        continue;
    return 1;
}

/* Another reader takes all there is, and nothing comes after it. */
static void test_nonblocking(void)
{
    static char bytes[60000];
    int wrong = 0;

    for (int i = 0; i < 20; i++) {
        pid_t child, other;

        pipe(ends);
        other = tap_start(reads_for_ever, NULL);
        child = tap_start(never_sleeps, NULL);
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
        write(ends[1], bytes, sizeof bytes);
        wrong += tap_wait(child) != 0;
        tap_kill(other);
        close_both();
    }
    tap_is(wrong, 0, "with O_NONBLOCK a reader never waits for bytes, whatever others take");
}

static void test_times(void)
{
    struct reading reading = {.size = 5, .expected = 5};
    struct stat before, after;

    pipe(ends);
    fstat(ends[0], &before);
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    hand(reading, 5);
    fstat(ends[0], &after);
    tap_ok(after.st_atim.tv_sec * 1000000000ll + after.st_atim.tv_nsec >
               before.st_atim.tv_sec * 1000000000ll + before.st_atim.tv_nsec,
           "what is handed over is a read: atime");
    close_both();
}

/* Clearing user memory, at any place and of any length. */
static void test_zeros(void)
{
    int zero = open("/dev/zero", O_RDONLY), wrong = 0;

    for (int at = 1; at < 10; at++)
        for (int n = 0; n < 600; n += n < 20 ? 1 : 37) {
            memset(data, 'x', sizeof data);
            read(zero, data + at, (size_t)n);
            for (int i = 0; i < 700; i++)
                wrong += data[i] != (i >= at && i < at + n ? 0 : 'x');
        }
    tap_is(wrong, 0, "/dev/zero clears what it is asked to and nothing else");
    tap_fails(read(zero, (char *)16, 500), EFAULT, "POSIX read: EFAULT, zeros to nowhere");
    close(zero);
}

int main(void)
{
    tap_begin();
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 5 + i / 256);
    test_sizes();
    test_memory();
    test_order();
    test_borders();
    test_interrupted();
    test_writers();
    test_nonblocking();
    test_times();
    test_zeros();
    return tap_end();
}
