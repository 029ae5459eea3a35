/*
 * pipe-cost.c - what pipes cost: a byte to oneself, a byte there and back between two processes, and a stream.
 *
 * With --icount an instruction takes one nanosecond, so that the figures are instructions:
 *
 *      tools/parley-run --smp 1 --icount /demos/pipe-cost
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { rounds = 1000, largest = 65536 };

static char buffer[largest];

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void make_pipe(int ends[2])
{
    if (pipe(ends) < 0) {
        perror("pipe");
        exit(1);
    }
}

/* Opened for both first, so that opening the ends waits for nobody. */
static void make_fifo(int ends[2])
{
    int both;

    mkfifo("/tmp/pipe-cost", 0600);
    both = open("/tmp/pipe-cost", O_RDWR);
    ends[0] = open("/tmp/pipe-cost", O_RDONLY);
    ends[1] = open("/tmp/pipe-cost", O_WRONLY);
    unlink("/tmp/pipe-cost");
    if (both < 0 || ends[0] < 0 || ends[1] < 0) {
        perror("/tmp/pipe-cost");
        exit(1);
    }
    close(both);
}

static void report(const char *what, long long start)
{
    printf("%-48s %6lld ns\n", what, (now() - start) / rounds);
    fflush(stdout);
}

static void measure_self(void)
{
    long long start;
    int ends[2];

    make_pipe(ends);
    start = now();
    for (int i = 0; i < rounds; i++) {
        write(ends[1], buffer, 1);
        read(ends[0], buffer, 1);
    }
    report("pipe, one process: a byte written and read", start);
}

static void measure_round_trip(const char *what, void (*make)(int ends[2]))
{
    int there[2], back[2];
    long long start = 0;

    make(there);
    make(back);
    if (fork() == 0) {
        for (int i = 0; i <= rounds; i++) {
            read(there[0], buffer, 1);
            write(back[1], buffer, 1);
        }
        _exit(0);
    }
    for (int i = 0; i <= rounds; i++) {
        if (i == 1)
            start = now(); /* the child has started */
        write(there[1], buffer, 1);
        read(back[0], buffer, 1);
    }
    report(what, start);
    wait(NULL);
}

/* A write of `size` bytes and the reads that take them, until the reader has seen the end of file and gone. */
static void measure_stream(const char *what, size_t size)
{
    long long start;
    int ends[2];

    make_pipe(ends);
    if (fork() == 0) {
        close(ends[1]);
        while (read(ends[0], buffer, size) > 0)
            continue;
        _exit(0);
    }
    close(ends[0]);
    write(ends[1], buffer, size); /* the first one touches the child's pages */
    start = now();
    for (int i = 0; i < rounds; i++)
        write(ends[1], buffer, size);
    close(ends[1]);
    wait(NULL);
    report(what, start);
}

int main(void)
{
    measure_self();
    measure_round_trip("pipe, two processes: a byte there and back", make_pipe);
    measure_round_trip("FIFO, two processes: a byte there and back", make_fifo);
    measure_stream("pipe, a stream: 64 bytes", 64);
    measure_stream("pipe, a stream: 4 KiB", 4096);
    measure_stream("pipe, a stream: 64 KiB", 65536);
    return 0;
}
