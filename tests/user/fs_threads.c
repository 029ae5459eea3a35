/*
 * fs_threads.c - threads that share their descriptors: one closes what another reads from, the table grows under
 * everybody's hands, a position belongs to all.  Threads are the kernel's own here, without a library.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "hand_thread.h"
#include "tap.h"

enum { threads_max = 4, rounds = 400 };

static volatile int failures;
static int ends[2];

static void fail_unless(bool right)
{
    if (!right)
        __atomic_fetch_add(&failures, 1, __ATOMIC_SEQ_CST);
}

static volatile long read_answer;
static char byte_read;

static void reads_once(int unused)
{
    (void)unused;
    read_answer = plain_call(SYS_read, ends[0], (long)&byte_read, 1, 0);
}

static void test_close_under_reader(void)
{
    pipe(ends);
    read_answer = -1000;
    hand_start_or_give_up(0, reads_once, 0);
    tap_until(somebody_reads_pipe, NULL);
    tap_works(close(ends[0]), "a descriptor is closed while another thread reads from it");
    tap_is(write(ends[1], "x", 1), 1, "the file is open until that read ends");
    tap_ok(tap_until(hand_all_ended, NULL), "and the read ends");
    tap_is(read_answer, 1, "with the byte");
    tap_fails(read(ends[0], &byte_read, 1), EBADF, "the descriptor is gone");
    close(ends[1]);
}

/* Each works on the same few numbers: what it meets there may be anybody's, or nothing. */
static void opens_and_closes(int self)
{
    char bytes[16];

    for (int i = 0; i < rounds; i++) {
        long fd = plain_call(SYS_openat, AT_FDCWD, (long)(i % 2 ? "/tmp/threads" : "/dev/zero"), O_RDWR, 0);
        long copy = plain_call(SYS_dup, fd, 0, 0, 0);

        fail_unless(fd >= 0 && (copy >= 0 || copy == -EBADF));
        plain_call(SYS_read, (fd + self) % 16 + 5, (long)bytes, sizeof bytes, 0);
        plain_call(SYS_close, (fd + i) % 16 + 5, 0, 0, 0);
        plain_call(SYS_close, copy, 0, 0, 0);
        plain_call(SYS_close, fd, 0, 0, 0);
    }
}

static void test_chaos(void)
{
    close(open("/tmp/threads", O_CREAT | O_RDWR, 0644));
    failures = 0;
    for (int i = 0; i < threads_max; i++)
        hand_start_or_give_up((unsigned)i, opens_and_closes, i);
    tap_ok(tap_until(hand_all_ended, NULL), "%d threads open, copy, read and close each other's descriptors",
           threads_max);
    tap_is(failures, 0, "and each call answers what it may");
    for (int fd = 5; fd < 64; fd++)
        close(fd);
    unlink("/tmp/threads");
}

/* The table doubles several times while others read from it. */
static void reads_zeros(int unused)
{
    char bytes[16];

    (void)unused;
    for (int i = 0; i < 20 * rounds; i++)
        fail_unless(plain_call(SYS_read, ends[0], (long)bytes, sizeof bytes, 0) == sizeof bytes);
}

static void test_growth(void)
{
    int last = -1;

    failures = 0;
    ends[0] = open("/dev/zero", O_RDONLY);
    hand_start_or_give_up(0, reads_zeros, 0);
    hand_start_or_give_up(1, reads_zeros, 0);
    for (int i = 0; i < 900; i++)
        last = dup(ends[0]);
    tap_ok(last >= 900, "the table grows");
    tap_ok(tap_until(hand_all_ended, NULL), "while others");
    tap_is(failures, 0, "read from it");
    for (int fd = ends[0] + 1; fd <= last; fd++)
        close(fd);
    close(ends[0]);
}

/* One position for all: nothing is written over. */
static void appends(int self)
{
    char record[8];

    memset(record, 'a' + self, sizeof record);
    for (int i = 0; i < rounds; i++)
        fail_unless(plain_call(SYS_write, ends[0], (long)record, sizeof record, 0) == sizeof record);
}

static void test_position(void)
{
    static char bytes[threads_max * rounds * 8];
    int counts[threads_max] = {0}, wrong = 0;

    failures = 0;
    ends[0] = open("/tmp/threads", O_CREAT | O_RDWR, 0644);
    for (int i = 0; i < threads_max; i++)
        hand_start_or_give_up((unsigned)i, appends, i);
    tap_ok(tap_until(hand_all_ended, NULL), "%d threads write to one file", threads_max);
    tap_is(pread(ends[0], bytes, sizeof bytes, 0), sizeof bytes, "no write falls on another");
    for (size_t i = 0; i < sizeof bytes; i += 8) {
        for (int j = 1; j < 8; j++)
            wrong += bytes[i + j] != bytes[i];
        counts[(bytes[i] - 'a') & 3]++;
    }
    for (int i = 0; i < threads_max; i++)
        wrong += counts[i] != rounds;
    tap_is(wrong + failures, 0, "and each is whole");
    close(ends[0]);
    unlink("/tmp/threads");
}

int main(void)
{
    tap_begin();
    test_close_under_reader();
    test_chaos();
    test_growth();
    test_position();
    return tap_end();
}
