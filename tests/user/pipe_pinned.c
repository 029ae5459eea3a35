/*
 * pipe_pinned.c - large writes to a reader that sleeps go straight into its buffer, which it has pinned: of whatever
 * size and place, while signals come, and while other threads of its process unmap the buffer, protect it, or fork.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "hand_thread.h"
#include "tap.h"

enum { page = 4096, usual = 65536, room = 3 * usual };

static int ends[2];
static unsigned char data[room];

static unsigned char *map(int prot, int flags)
{
    return mmap(NULL, room, prot, flags | MAP_ANONYMOUS, -1, 0);
}

/* A new pipe that has seen a large write, so that readers pin. */
static void make_pipe(void)
{
    static char sink[usual];

    pipe(ends);
    write(ends[1], data, usual);
    read(ends[0], sink, usual);
}

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
    unsigned char *to;
    size_t size;
    long expected; /* or -errno */
};

static int reads_once(void *context)
{
    const struct reading *reading = context;
    long n = read(ends[0], reading->to, reading->size);

    if ((n < 0 ? -errno : n) != reading->expected)
        return 1;
    return n > 0 && memcmp(reading->to, data, (size_t)n) != 0 ? 2 : 0;
}

/* A reader sleeps in a process of its own, then n bytes are written; answers its status. */
static int hand(unsigned char *to, size_t size, long expected, size_t n)
{
    struct reading reading = {.to = to, .size = size, .expected = expected};
    pid_t child = tap_start_asleep(reads_once, &reading);
    if (write(ends[1], data, n) != (ssize_t)n)
        return -1;
    return tap_wait(child);
}

static void test_sizes(void)
{
    static const struct {
        size_t offset, size, written;
    } cases[] = {{0, usual, usual},        {0, usual, 20000},     {1, usual, usual},          {page - 1, usual, usual},
                 {100, 2 * usual, usual},  {0, 16384, 16384},     {7, 30000, 17000},          {0, 20000, usual},
                 {page - 1, 20000, 80000}, {3, 2 * usual, usual}, {page / 2, usual, 5 * page}};
    unsigned char *to = map(PROT_READ | PROT_WRITE, MAP_PRIVATE);
    int wrong = 0;

    for (unsigned i = 0; i < sizeof cases / sizeof *cases; i++) {
        long expected = (long)(cases[i].size < cases[i].written ? cases[i].size : cases[i].written);
        long rest;

        make_pipe();
        if (hand(to + cases[i].offset, cases[i].size, expected, cases[i].written) != 0) {
            tap_note("case %u", i);
            wrong++;
        }
        rest = waiting_bytes();
        wrong += rest != (long)cases[i].written - expected;
        wrong += rest > 0 && read(ends[0], to, room) != rest;
        wrong += memcmp(to, data + expected, (size_t)rest) != 0;
        close_both();
    }
    tap_is(wrong, 0, "any size, written to a buffer anywhere: all bytes come, in order");
    munmap(to, room);
}

static void test_memory(void)
{
    unsigned char *private = map(PROT_READ | PROT_WRITE, MAP_PRIVATE),
                  *shared = map(PROT_READ | PROT_WRITE, MAP_SHARED);
    unsigned char *fixed = map(PROT_READ, MAP_PRIVATE);

    make_pipe();
    tap_is(hand(private, usual, usual, usual), 0, "into memory that was never touched");
    memset(private, 1, usual);
    write(ends[1], data, usual);
    read(ends[0], data, usual);
    tap_is(hand(private, usual, usual, usual), 0, "into memory that is shared since a fork");
    tap_ok(private[0] == 1 && private[usual - 1] == 1, "which in the parent stays as it was");
    tap_is(hand(shared, usual, usual, usual), 0, "into shared memory");
    tap_is(memcmp(shared, data, usual), 0, "where others see it");
    tap_is(hand(fixed, usual, -EFAULT, usual), 0, "POSIX read: EFAULT, memory that cannot be written");
    tap_is(waiting_bytes(), usual, "the bytes stay");
    read(ends[0], data, usual);
    mprotect(private + 5 * page, page, PROT_READ);
    tap_is(hand(private, usual, 5 * page, usual), 0, "as much as can be written comes");
    tap_is(waiting_bytes(), usual - 5 * page, "the rest stays");
    close_both();
    munmap(private, room);
    munmap(shared, room);
    munmap(fixed, room);
}

/* The writer's memory ends in the middle. */
static void test_writer_fault(void)
{
    unsigned char *from = map(PROT_READ | PROT_WRITE, MAP_PRIVATE), *to = map(PROT_READ | PROT_WRITE, MAP_PRIVATE);
    struct reading reading = {.to = to, .size = usual, .expected = 6 * page};
    pid_t child;

    memcpy(from, data, usual);
    munmap(from + 6 * page, usual - 6 * page);
    make_pipe();
    child = tap_start_asleep(reads_once, &reading);
    tap_fails(write(ends[1], from + 6 * page, usual), EFAULT, "POSIX write: EFAULT, and the reader sleeps on");
    tap_ok(tap_is_asleep(&child), "as /proc says");
    tap_is(write(ends[1], from, usual), 6 * page, "a write from memory that ends is cut short there");
    tap_is(tap_wait(child), 0, "the reader gets what was there");
    close_both();
    munmap(from, 6 * page);
    munmap(from + usual, room - usual);
    munmap(to, room);
}

static void test_readers(void)
{
    enum { readers = 3 };
    unsigned char *to = map(PROT_READ | PROT_WRITE, MAP_PRIVATE);
    struct reading reading = {.to = to, .size = usual, .expected = usual};
    pid_t pids[readers], served;
    int wrong = 0, status;

    make_pipe();
    for (int i = 0; i < readers; i++) {
        pids[i] = tap_start_asleep(reads_once, &reading);
    }
    for (int i = 0; i < readers; i++) {
        write(ends[1], data, usual);
        served = wait(&status);
        tap_is(status, 0, "of several readers that sleep one gets a whole write");
        for (int j = 0; j < readers; j++) {
            if (pids[j] == served)
                pids[j] = 0;
            wrong += pids[j] != 0 && !tap_is_asleep(&pids[j]);
        }
    }
    tap_is(wrong, 0, "and the others sleep on");
    tap_is(waiting_bytes(), 0, "nothing is left");
    close_both();
    munmap(to, room);
}

static void ignore(int signal)
{
    (void)signal;
}

static int is_interrupted(void *context)
{
    const struct sigaction action = {.sa_handler = ignore};

    sigaction(SIGUSR1, &action, NULL);
    return reads_once(context);
}

static void test_signals(void)
{
    unsigned char *to = map(PROT_READ | PROT_WRITE, MAP_PRIVATE);
    struct reading reading = {.to = to, .size = usual, .expected = -EINTR};
    pid_t child;

    make_pipe();
    child = tap_start_asleep(is_interrupted, &reading);
    kill(child, SIGUSR1);
    tap_is(tap_wait(child), 0, "POSIX read: EINTR");
    write(ends[1], data, usual);
    tap_is(waiting_bytes(), usual, "what is written then is in the pipe");
    read(ends[0], to, usual);
    child = tap_start_asleep(reads_once, &reading);
    tap_kill(child);
    write(ends[1], data, usual);
    tap_is(waiting_bytes(), usual, "likewise after a reader was killed");
    close_both();
    munmap(to, room);
}

/*
 * Two processes stream 64 KiB at a time while the parent sends the reader signals, or kills one of them: the signals
 * come before, during and after copies.
 */
static int streams(void *unused)
{
    (void)unused;
    close(ends[0]);
    signal(SIGPIPE, SIG_IGN);
    for (unsigned char i = 0;; i++) {
        memset(data, i, usual);
        if (write(ends[1], data, usual) < 0)
            return 0;
    }
}

static int drinks(void *unused)
{
    unsigned long done = 0;

    (void)unused;
    close(ends[1]);
    while (done < 400ul * usual) {
        long n = read(ends[0], data, usual);

        if (n == 0 || (n < 0 && errno != EINTR))
            return 1;
        for (long i = 0; i < n; i++)
            if (data[i] != (unsigned char)((done + (unsigned long)i) / usual))
                return 2;
        done += n > 0 ? (unsigned long)n : 0;
    }
    return 0;
}

static void test_signals_in_stream(void)
{
    const struct sigaction action = {.sa_handler = ignore};
    pid_t writer, reader;
    int status = 0;

    sigaction(SIGUSR1, &action, NULL);
    make_pipe();
    writer = tap_start(streams, NULL);
    reader = tap_start(drinks, NULL);
    close_both();
    while (waitpid(reader, &status, WNOHANG) == 0)
        kill(reader, SIGUSR1);
    tap_is(status, 0, "no byte of a stream is lost or doubled when signals interrupt the reader");
    tap_is(tap_wait(writer), 0, "the writer ends when the reader has");
    for (int i = 0; i < 20; i++) {
        make_pipe();
        writer = tap_start(streams, NULL);
        reader = tap_start(drinks, NULL);
        close_both();
        for (int j = 0; j < i * 10; j++)
            sched_yield();
        tap_kill(i % 2 ? reader : writer);
        tap_wait(i % 2 ? writer : reader);
    }
    tap_ok(true, "whichever of the two is killed, the other one ends");
}

/* A second thread of this process reads. */
static volatile long answer;
static unsigned char *buffer;

static void reads_in_thread(int unused)
{
    (void)unused;
    answer = plain_call(SYS_read, ends[0], (long)buffer, usual, 0);
}

static void start_reader(void)
{
    make_pipe();
    buffer = map(PROT_READ | PROT_WRITE, MAP_PRIVATE);
    memset(buffer, 1, usual);
    hand_start_or_give_up(0, reads_in_thread, 0);
    tap_until(somebody_reads_pipe, NULL);
}

static void finish_reader(void)
{
    write(ends[1], data, usual);
    tap_until(hand_all_ended, NULL);
    close_both();
}

static int parent_done[2];

static int has_old_bytes(void *unused)
{
    char go;

    (void)unused;
    close(parent_done[1]);
    read(parent_done[0], &go, 1); /* the end of the file: the parent has got its bytes */
    for (int i = 0; i < usual; i++)
        if (buffer[i] != 1)
            return 1;
    return 0;
}

static void test_threads(void)
{
    pid_t child;

    start_reader();
    finish_reader();
    tap_ok(answer == usual && memcmp(buffer, data, usual) == 0, "one of two threads sleeps and gets a large write");
    munmap(buffer, room);

    start_reader();
    munmap(buffer, room);
    finish_reader();
    tap_is(answer, -EFAULT, "POSIX read: EFAULT, where another thread has unmapped the buffer meanwhile");

    start_reader();
    mmap(buffer + page, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    finish_reader();
    tap_ok(answer == usual && memcmp(buffer, data, usual) == 0,
           "where other memory is mapped by now it gets the bytes");
    munmap(buffer, room);

    start_reader();
    mprotect(buffer, usual, PROT_READ);
    mprotect(buffer, usual, PROT_READ | PROT_WRITE);
    buffer[0] = buffer[5 * page] = 2;
    finish_reader();
    tap_ok(answer == usual && memcmp(buffer, data, usual) == 0, "protecting the buffer for a while loses nothing");
    munmap(buffer, room);

    start_reader();
    pipe(parent_done);
    child = tap_start(has_old_bytes, NULL);
    buffer[3 * page] = 2;
    write(ends[1], data, usual);
    tap_until(hand_all_ended, NULL);
    tap_ok(answer == usual && memcmp(buffer, data, usual) == 0,
           "a fork while a buffer is pinned: the parent has the bytes");
    close_both();
    close(parent_done[0]);
    close(parent_done[1]);
    tap_is(tap_wait(child), 0, "the child's memory is that of the moment of the fork");
    munmap(buffer, room);
}

int main(void)
{
    uint32_t seed = 1;

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (unsigned char)((seed = seed * 1664525 + 1013904223) >> 24);
    tap_begin();
    test_sizes();
    test_memory();
    test_writer_fault();
    test_readers();
    test_signals();
    test_signals_in_stream();
    test_threads();
    return tap_end();
}
