/*
 * scale_process.c - rows of many processes and of large ones; and the crowd of processes that other rows have, too.
 *
 * The processes that yield count their yields in shared memory: how many there were between two looks at the clock is
 * how often the CPU switched, whatever order the scheduler keeps.
 */
#include <sched.h>
#include <signal.h>
#include <stdio.h>

#include "bench.h"
#include "scale.h"

static pid_t crowd[CROWD_MOST];
static long crowd_size;

void crowd_start(long count, void (*part)(int self, void *argument), void *argument)
{
    fflush(stdout);
    for (crowd_size = 0; crowd_size < count; crowd_size++) {
        crowd[crowd_size] = fork();
        if (crowd[crowd_size] < 0)
            bench_fail("fork");
        if (crowd[crowd_size] == 0) {
            part((int)crowd_size, argument);
            _exit(0);
        }
    }
}

void crowd_join(void)
{
    for (long i = 0; i < crowd_size; i++)
        bench_wait(crowd[i]);
}

void crowd_end(void)
{
    for (long i = 0; i < crowd_size; i++)
        kill(crowd[i], SIGKILL);
    crowd_join();
}

/* They wait for its end of file, so that who starts them has not got to share the CPU with those that run already. */
static int gate[2];

static void wait_at_gate(void)
{
    char byte;

    close(gate[1]);
    if (read(gate[0], &byte, 1) != 0)
        bench_fail("read");
}

static void yield_for_ever(int self, void *counts)
{
    volatile unsigned *count = (volatile unsigned *)counts + self;

    wait_at_gate();
    for (;;) {
        (*count)++;
        sched_yield();
    }
}

static uint64_t sum(volatile unsigned *counts, long count)
{
    uint64_t all = 0;

    for (long i = 0; i < count; i++)
        all += counts[i];
    return all;
}

/* Until all have had n turns on the average. */
static void yield_until(volatile unsigned *counts, long others, uint64_t turns)
{
    uint64_t end = sum(counts, others) + turns;

    while (sum(counts, others) < end)
        for (int i = 0; i < 8; i++)
            sched_yield();
}

static void time_switches(volatile unsigned *counts, long others, uint64_t turns)
{
    uint64_t before, start;

    yield_until(counts, others, (uint64_t)(2 * others));
    before = sum(counts, others);
    start = bench_now();
    yield_until(counts, others, turns);
    start = bench_now() - start;
    before = sum(counts, others) - before;
    bench_report("", start, before + before / (uint64_t)others, "ns/switch");
}

/* Whoever looks at the clock has begun with the others: the caller has had too much of the CPU to get turns soon. */
void scale_switch(long n, long processes)
{
    volatile unsigned *counts = bench_shared(CROWD_MOST * sizeof(*counts));
    long others = processes - 1;

    bench_pipe(gate);
    crowd_start(others, yield_for_ever, (void *)counts);
    if (bench_fork() == 0) {
        wait_at_gate();
        time_switches(counts, others, (uint64_t)(n * others));
        _exit(0);
    }
    close(gate[1]);
    bench_join();
    crowd_end();
}

void scale_fork(long n, long megabytes)
{
    size_t size = (size_t)megabytes << 20;
    volatile char *memory = bench_memory(size);

    for (size_t i = 0; i < size; i += 4096)
        memory[i] = 1;
    fflush(stdout);
    bench_measure(n, "ns/op", bench_fork_once());
}

static void sleep_for_ever(int self, void *unused)
{
    (void)self;
    (void)unused;
    for (;;)
        pause();
}

void scale_pid(long n, long processes)
{
    crowd_start(processes, sleep_for_ever, NULL);
    bench_measure(n, "ns/op", kill(crowd[processes / 2], 0));
    crowd_end();
}
