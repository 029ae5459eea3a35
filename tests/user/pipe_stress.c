/*
 * pipe_stress.c - readers and writers that are killed at any moment, while the pipe changes its size: every record that
 * comes is whole, nobody is left asleep, and nothing is left behind.
 *
 * A record is as long as its kind says, and all records of a pipe are of one kind; so a pipe holds whole records at any
 * moment, and every read of one record's size gets one, whoever died.
 *
 * Usage: pipe_stress [seed [kills]]
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

enum { workers = 6, largest = 4096 };

static int ends[2];
static unsigned size; /* of a record */

/* What survives the children. */
static struct {
    unsigned torn, read;
} * shared;

static int writes_records(void *context)
{
    unsigned char bytes[largest];

    (void)context;
    close(ends[0]);
    for (unsigned i = 0;; i++) {
        memset(bytes, (int)i, size);
        if (write(ends[1], bytes, size) != (ssize_t)size)
            return 1;
    }
}

static void check(const unsigned char *bytes, ssize_t n)
{
    bool whole = n == (ssize_t)size;

    for (ssize_t i = 1; i < n; i++)
        whole = whole && bytes[i] == bytes[0];
    __atomic_fetch_add(whole ? &shared->read : &shared->torn, 1, __ATOMIC_RELAXED);
}

static int reads_records(void *context)
{
    unsigned char bytes[largest];
    ssize_t n;

    (void)context;
    close(ends[1]);
    while ((n = read(ends[0], bytes, size)) > 0)
        check(bytes, n);
    return n != 0;
}

static pid_t start(unsigned i)
{
    return tap_start(i % 2 ? writes_records : reads_records, NULL);
}

static void run(unsigned record, int kills)
{
    pid_t pids[workers];
    unsigned char bytes[largest];
    ssize_t n;
    int killed = 0;

    size = record;
    *shared = (typeof(*shared)){0};
    pipe(ends);
    for (unsigned i = 0; i < workers; i++)
        pids[i] = start(i);
    for (int i = 0; i < kills; i++) {
        unsigned victim = (unsigned)rand() % workers;
        int status;

        nanosleep(&(struct timespec){.tv_nsec = rand() % 3000000}, NULL);
        fcntl(ends[0], F_SETPIPE_SZ, 4096 << rand() % 6);
        kill(pids[victim], SIGKILL);
        status = tap_wait(pids[victim]);
        killed += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
        pids[victim] = start(victim);
    }
    for (unsigned i = 1; i < workers; i += 2)
        kill(pids[i], SIGKILL);
    for (unsigned i = 1; i < workers; i += 2)
        tap_wait(pids[i]);
    close(ends[1]); /* the readers read what is there, then come to the end */
    while ((n = read(ends[0], bytes, size)) > 0)
        check(bytes, n);
    for (unsigned i = 0; i < workers; i += 2)
        tap_is(tap_wait(pids[i]), 0, "a reader comes to the end of file");
    close(ends[0]);
    tap_is(killed, kills, "%d readers and writers of records of %u bytes were killed", kills, record);
    tap_is(shared->torn, 0, "none of the records is torn");
    tap_ok(shared->read > 0, "records were read");
    tap_note("%u records", shared->read);
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 1;
    int kills = argc > 2 ? atoi(argv[2]) : 25;

    tap_begin();
    tap_note("seed %u", seed);
    srand(seed);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    run(1, kills);
    run(100, kills);
    run(128, kills);
    run(1000, kills);
    run(largest, kills);
    munmap(shared, sizeof *shared);
    return tap_end();
}
