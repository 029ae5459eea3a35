/*
 * basic.c - rows: the clock, the least that a system call costs, and a yield with nobody to yield to.
 */
#include <sched.h>
#include <unistd.h>

#include "bench.h"
#include "ipcbench.h"

/* A loop of two instructions: 2.000 under icount, or an instruction is not a nanosecond. */
void bench_calibrate(long n, long unused)
{
    uint64_t start = bench_now();
    long left = n;

    (void)unused;
    __asm__ volatile("1: subs %0, %0, #1\n\tbne 1b" : "+r"(left) : : "cc");
    bench_report("", bench_now() - start, (uint64_t)n, "ns/iteration");
}

void bench_clock(long n, long unused)
{
    (void)unused;
    bench_measure(n, "ns/op", bench_now());
}

void bench_null_call(long n, long unused)
{
    (void)unused;
    bench_measure(n, "ns/op", getppid());
}

void bench_yield_alone(long n, long unused)
{
    (void)unused;
    bench_measure(n, "ns/op", sched_yield());
}
