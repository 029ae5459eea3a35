/*
 * pipe_shared.c - many writers and many readers on one pipe: writes up to PIPE_BUF stay whole, no byte is lost or
 * doubled, nobody sleeps for ever, and a process that is killed in the middle harms nobody.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

enum { writers = 4, readers = 4, records = 300, record_max = 4096 };

static int ends[2];

/* A record says who wrote it, which one it is, and its length; its bytes follow from these. */
struct record {
    uint16_t writer, length;
    uint32_t number;
    unsigned char bytes[record_max - 8];
};

/* What the readers have seen, in memory that all share. */
static struct {
    unsigned char seen[writers][records];
    int torn, doubled;
} * shared;

static uint16_t length_of(uint32_t writer, uint32_t number)
{
    static const uint16_t lengths[] = {8, 9, 100, 4096, 511, 4095, 2048, 1000};

    return lengths[(writer + number) % 8];
}

static int writes_records(void *context)
{
    uint32_t writer = *(uint32_t *)context;
    struct record record = {.writer = (uint16_t)writer};

    close(ends[0]);
    for (uint32_t i = 0; i < records; i++) {
        record.number = i;
        record.length = length_of(writer, i);
        memset(record.bytes, (int)(writer * 31 + i), record.length - 8);
        if (write(ends[1], &record, record.length) != record.length)
            return 1;
    }
    return 0;
}

/* Bytes of a stream, however they come.  False at its end. */
static bool read_all(int fd, void *to, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t got = read(fd, (char *)to + done, n - done);

        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

static void check_record(const struct record *record)
{
    bool right = record->writer < writers && record->number < records &&
                 record->length == length_of(record->writer, record->number);

    for (int i = 0; right && i < record->length - 8; i++)
        right = record->bytes[i] == (unsigned char)(record->writer * 31 + record->number);
    if (!right)
        shared->torn++;
    else if (shared->seen[record->writer][record->number]++)
        shared->doubled++;
}

static void test_whole(void)
{
    uint32_t numbers[writers];
    pid_t pids[writers];
    struct record record;
    int missing = 0, good = 0, last[writers], backwards = 0;

    memset(shared, 0, sizeof *shared);
    pipe(ends);
    for (uint32_t i = 0; i < writers; i++) {
        numbers[i] = i;
        last[i] = -1;
        pids[i] = tap_start(writes_records, &numbers[i]);
    }
    close(ends[1]);
    while (shared->torn == 0 && read_all(ends[0], &record, 8) && record.length >= 8 && record.length <= record_max &&
           read_all(ends[0], record.bytes, record.length - 8u)) {
        check_record(&record);
        if (record.writer < writers) {
            backwards += (int)record.number <= last[record.writer];
            last[record.writer] = (int)record.number;
        }
    }
    close(ends[0]);
    for (int i = 0; i < writers; i++)
        good += tap_wait(pids[i]) == 0;
    for (int i = 0; i < writers * records; i++)
        missing += shared->seen[i / records][i % records] != 1;
    tap_is(good, writers, "%d writers at once", writers);
    tap_is(shared->torn, 0, "records of up to PIPE_BUF bytes stay whole");
    tap_is(missing + shared->doubled, 0, "each comes once");
    tap_is(backwards, 0, "those of one writer in order");
}

/* Single bytes, many on both sides. */
static int reads_bytes(void *context)
{
    int *counts = context;
    unsigned char byte;

    close(ends[1]);
    while (read(ends[0], &byte, 1) == 1)
        __atomic_fetch_add(&counts[byte], 1, __ATOMIC_RELAXED);
    return 0;
}

static int writes_bytes(void *unused)
{
    (void)unused;
    close(ends[0]);
    for (int round = 0; round < 8; round++)
        for (int i = 0; i < 256; i++)
            if (write(ends[1], &(unsigned char){(unsigned char)i}, 1) != 1)
                return 1;
    return 0;
}

static void test_bytes(void)
{
    int *counts = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0), wrong = 0, good = 0;
    pid_t pids[writers + readers];

    pipe(ends);
    for (int i = 0; i < readers; i++)
        pids[i] = tap_start(reads_bytes, counts);
    for (int i = 0; i < writers; i++)
        pids[readers + i] = tap_start(writes_bytes, NULL);
    close(ends[0]);
    close(ends[1]);
    for (int i = 0; i < writers + readers; i++)
        good += tap_wait(pids[i]) == 0;
    for (int i = 0; i < 256; i++)
        wrong += counts[i] != 8 * writers;
    tap_is(good, writers + readers, "%d writers and %d readers of single bytes", writers, readers);
    tap_is(wrong, 0, "no byte is lost and none doubled");
    munmap(counts, 4096);
}

/* A small ring of processes passes a token: nobody may miss a wake-up. */
static int passes_on(void *context)
{
    int *fds = context;
    char token;

    for (int i = 0; i < 500; i++)
        if (read(fds[0], &token, 1) != 1 || write(fds[1], &token, 1) != 1)
            return 1;
    return 0;
}

static void test_ring(void)
{
    enum { members = 6 };
    int pipes[members][2], fds[members][2], good = 0;
    pid_t pids[members];
    char token = 't';

    for (int i = 0; i < members; i++)
        pipe(pipes[i]);
    for (int i = 0; i < members; i++) {
        fds[i][0] = pipes[i][0];
        fds[i][1] = pipes[(i + 1) % members][1];
        pids[i] = tap_start(passes_on, fds[i]);
    }
    write(pipes[0][1], &token, 1);
    for (int i = 0; i < members; i++)
        good += tap_wait(pids[i]) == 0;
    for (int i = 0; i < members; i++) {
        close(pipes[i][0]);
        close(pipes[i][1]);
    }
    tap_is(good, members, "a token goes round %d processes 500 times", members);
}

static int writes_for_ever(void *unused)
{
    static char bytes[10000];

    (void)unused;
    close(ends[0]);
    while (write(ends[1], bytes, sizeof bytes) > 0)
        continue;
    return 1;
}

/* Kill writers and readers at odd moments; those that stay must go on. */
static void test_killed(void)
{
    static char bytes[7000];
    pid_t victims[2], child;
    int rounds = 0;

    pipe(ends);
    child = tap_start(writes_for_ever, NULL);
    for (int i = 0; i < 30; i++) {
        victims[0] = tap_start(writes_for_ever, NULL);
        victims[1] = tap_start(writes_for_ever, NULL);
        for (int j = 0; j < 10; j++)
            rounds += read(ends[0], bytes, sizeof bytes) > 0;
        kill(victims[i % 2], SIGKILL);
        rounds += read(ends[0], bytes, sizeof bytes) > 0;
        kill(victims[1 - i % 2], SIGKILL);
        waitpid(victims[0], NULL, 0);
        waitpid(victims[1], NULL, 0);
    }
    tap_is(rounds, 30 * 11, "writers are killed in the middle, and the pipe goes on");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(ends[1]);
    while (read(ends[0], bytes, sizeof bytes) > 0)
        continue;
    tap_ok(true, "the end of file comes when the last one is dead");
    close(ends[0]);
}

int main(void)
{
    tap_begin();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_whole();
    test_bytes();
    test_ring();
    test_killed();
    munmap(shared, sizeof *shared);
    return tap_end();
}
