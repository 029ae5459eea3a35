/*
 * socket-cost.c - what sockets cost: a byte to oneself, a byte there and back between two processes, and a stream.
 *
 * With --icount an instruction takes one nanosecond, so that the figures are instructions:
 *
 *      tools/parley-run --smp 1 --icount /demos/socket-cost
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { rounds = 1000, largest = 65536 };

static char buffer[largest];
static int pair[2];

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void make_pair(int type)
{
    if (socketpair(AF_UNIX, type, 0, pair) < 0) {
        perror("socketpair");
        exit(1);
    }
}

static void report(const char *what, long long start)
{
    printf("%-52s %6lld ns\n", what, (now() - start) / rounds);
    fflush(stdout);
    close(pair[0]);
    close(pair[1]);
}

static void measure_self(const char *what, int type)
{
    long long start;

    make_pair(type);
    start = now();
    for (int i = 0; i < rounds; i++) {
        write(pair[1], buffer, 1);
        read(pair[0], buffer, 1);
    }
    report(what, start);
}

static void measure_round_trip(const char *what, int type)
{
    long long start = 0;

    make_pair(type);
    if (fork() == 0) {
        for (int i = 0; i <= rounds; i++) {
            read(pair[1], buffer, 1);
            write(pair[1], buffer, 1);
        }
        _exit(0);
    }
    for (int i = 0; i <= rounds; i++) {
        if (i == 1)
            start = now(); /* the child has started */
        write(pair[0], buffer, 1);
        read(pair[0], buffer, 1);
    }
    report(what, start);
    wait(NULL);
}

/* A write of `size` bytes and the reads that take them, until the reader has seen the end of file and gone. */
static void measure_stream(const char *what, size_t size)
{
    long long start;

    make_pair(SOCK_STREAM);
    if (fork() == 0) {
        close(pair[0]);
        while (read(pair[1], buffer, size) > 0)
            continue;
        _exit(0);
    }
    close(pair[1]);
    write(pair[0], buffer, size); /* the first one touches the child's pages */
    start = now();
    for (int i = 0; i < rounds; i++)
        write(pair[0], buffer, size);
    close(pair[0]);
    wait(NULL);
    report(what, start);
}

int main(void)
{
    measure_self("stream, one process: a byte written and read", SOCK_STREAM);
    measure_self("datagrams, one process: a byte sent and received", SOCK_DGRAM);
    measure_round_trip("stream, two processes: a byte there and back", SOCK_STREAM);
    measure_round_trip("packets, two processes: a byte there and back", SOCK_SEQPACKET);
    measure_stream("stream: 64 bytes", 64);
    measure_stream("stream: 4 KiB", 4096);
    measure_stream("stream: 64 KiB", 65536);
    return 0;
}
