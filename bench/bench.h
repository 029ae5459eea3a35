/*
 * bench.h - what all measurements share: a clock, a second process, and a way to report.
 *
 * A program of measurements is harness.c with a table of rows; nothing here knows which system it runs on. What lies
 * between two looks at the clock is inline, so that the call of a function is not measured with it.
 */
#pragma once

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* One measurement: run(n, argument) does its step n times, after some that warm up, and reports what that took. */
struct row {
    const char *name;
    void (*run)(long n, long argument);
    long n;
    long argument;
};

/* The program's rows; a NULL name ends them. */
extern const struct row rows[];

/* Of the command line: where FIFOs and files are made, and the program that the exec rows start, with its arguments. */
extern const char *bench_folder;
extern char *bench_program[3];

/* The other process of this row, from bench_fork() on. */
extern pid_t bench_peer;

#define bench_repeat(n) for (long left_ = (n); left_ > 0; left_--)

/* Does `step` often enough that caches are full and pages are there, then n times with the clock running. */
#define bench_measure(n, unit, step)                                 \
    do {                                                             \
        bench_repeat (bench_warm_up(n)) {                            \
            step;                                                    \
        }                                                            \
        uint64_t start_ = bench_now();                               \
        bench_repeat (n) {                                           \
            step;                                                    \
        }                                                            \
        bench_report("", bench_now() - start_, (uint64_t)(n), unit); \
    } while (0)

/* How many steps warm up before n that count. */
static inline long bench_warm_up(long n)
{
    return n / 10 + 1;
}

/* Nanoseconds; under -icount shift=0 instructions. */
static inline uint64_t bench_now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

/* Prints `bench NAME VALUE UNIT`: the row's name with the suffix, and total / count with three decimals. */
void bench_report(const char *suffix, uint64_t total, uint64_t count, const char *unit);

/* Ends the row, and its other process, because `call` has failed as errno says. */
void bench_fail(const char *call) __attribute__((noreturn));

/* fork(), for the row's other process; there, bench_fail() says nothing. Ends the row when it fails. */
pid_t bench_fork(void);

/* Waits until the other process has ended; with bench_kill() it ends there and then. */
void bench_join(void);
void bench_kill(void);

/* pipe(), which ends the row when it fails. */
void bench_pipe(int ends[2]);

/* Shared memory with a name, which nobody but the caller's children will find. */
void *bench_shared(size_t size);

/* One byte to a descriptor; anything else ends the row. */
static inline void bench_put(int descriptor)
{
    char byte = 'x';

    if (write(descriptor, &byte, 1) != 1)
        bench_fail("write");
}

/* One byte from a descriptor. */
static inline void bench_get(int descriptor)
{
    char byte;

    if (read(descriptor, &byte, 1) != 1)
        bench_fail("read");
}

/* Waits for a child of the caller's. */
static inline void bench_wait(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) != pid)
        if (errno != EINTR)
            bench_fail("waitpid");
}

/* A child that ends at once, and is waited for. */
static inline void bench_fork_once(void)
{
    pid_t pid = fork();

    if (pid < 0)
        bench_fail("fork");
    if (pid == 0)
        _exit(0);
    bench_wait(pid);
}

/* Private memory of so many bytes, none of it touched yet. */
static inline volatile char *bench_memory(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        bench_fail("mmap");
    return memory;
}
