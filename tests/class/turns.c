/*
 * turns.c - what a kernel with the class of round_robin.c does: whoever is ready gets a turn like everybody else.
 *
 * Three processes, as nice as it gets, not nice at all, and in between, compute on CPU 0.  Each writes its letter into
 * shared memory when it finds that another wrote last: so the word that they write is the order of their turns.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#include "tap.h"

#define WORKERS 3
#define SECOND 1000000000LL

static struct shared {
    volatile unsigned length, ready;
    volatile char order[4096];
    volatile int64_t end; /* CLOCK_MONOTONIC */
    volatile int64_t used[WORKERS];
} * shared;

static const int niceness[WORKERS] = {-20, 0, 19};

static int64_t clock_now(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

static void note(int number)
{
    char letter = (char)('a' + number);
    unsigned n = shared->length;

    if (n < sizeof shared->order - 1 && (n == 0 || shared->order[n - 1] != letter)) {
        shared->order[n] = letter;
        shared->length = n + 1;
    }
}

/* Each yields until all are there; so they begin in a row. */
static void begin(int number)
{
    setpriority(PRIO_PROCESS, 0, niceness[number]);
    for (shared->ready++; shared->ready < WORKERS;)
        sched_yield();
}

static int compute(void *context)
{
    int number = *(int *)context;
    int64_t before;

    begin(number);
    before = clock_now(CLOCK_PROCESS_CPUTIME_ID);
    while (clock_now(CLOCK_MONOTONIC) < shared->end)
        note(number);
    shared->used[number] = clock_now(CLOCK_PROCESS_CPUTIME_ID) - before;
    return 0;
}

static int yield(void *context)
{
    begin(*(int *)context);
    for (int i = 0; i < 100; i++) {
        note(*(int *)context);
        sched_yield();
    }
    return 0;
}

static void run(int (*body)(void *))
{
    static int numbers[WORKERS] = {0, 1, 2};
    pid_t pids[WORKERS];

    memset(shared, 0, sizeof *shared);
    shared->end = clock_now(CLOCK_MONOTONIC) + SECOND;
    for (int i = 0; i < WORKERS; i++)
        pids[i] = tap_start(body, &numbers[i]);
    for (int i = 0; i < WORKERS; i++)
        tap_is(tap_wait(pids[i]), 0, "process %d ended well", i);
}

/* From which place on the order is not that of the places before, one round earlier; or where it ends. */
static unsigned in_turn(void)
{
    unsigned n = WORKERS;

    while (n < shared->length && shared->order[n] == shared->order[n - WORKERS])
        n++;
    return n;
}

static void test_slices(void)
{
    int64_t total = 0;

    run(compute);
    /* Who finds in his turn that the end has come writes no letter: the last round is not judged. */
    tap_in_time(in_turn() + WORKERS >= shared->length, "they compute in turn: %u turns, then %s", in_turn(),
                (const char *)shared->order + in_turn());
    tap_in_time(shared->length >= 225 && shared->length <= 260, "a turn is a slice of 4 ms: %u turns in a second",
                shared->length);
    for (int i = 0; i < WORKERS; i++)
        total += shared->used[i];
    for (int i = 0; i < WORKERS; i++)
        tap_in_time(llabs(shared->used[i] * WORKERS - total) * 20 <= total,
                    "at nice %d one has a third, within 5 %%: %lld us of %lld", niceness[i], shared->used[i] / 1000,
                    total / 1000);
}

static void test_yield(void)
{
    run(yield);
    tap_in_time(in_turn() >= shared->length && shared->length == 100 * WORKERS,
                "sched_yield: the next in turn runs: %u turns of %u, then %s", in_turn(), shared->length,
                (const char *)shared->order + in_turn());
}

int main(void)
{
    tap_begin();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        tap_give_up("mmap");
    tap_works(tap_bind(1), "bound to CPU 0");
    test_slices();
    test_yield();
    return tap_end();
}
