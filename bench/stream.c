/*
 * stream.c - rows of byte streams: pipes, FIFOs, and connected UNIX sockets.
 *
 * A stream of so many bytes for each write is timed by its reader. The writer has written what warms up, and waits for
 * a byte before it goes on: so exactly n writes, and the reads that take them, lie between two looks at the clock.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"
#include "ipcbench.h"

enum { largest = 65536 };

static char buffer[largest];

/* Sends single bytes back until there are no more. */
static void echo(int in, int out)
{
    char byte;

    while (read(in, &byte, 1) == 1)
        if (write(out, &byte, 1) != 1)
            break;
}

static void write_blocks(int out, size_t size, long n)
{
    bench_repeat (n) {
        for (size_t done = 0; done < size;) {
            ssize_t part = write(out, buffer + done, size - done);
            if (part <= 0)
                bench_fail("write");
            done += (size_t)part;
        }
    }
}

static void read_bytes(int in, size_t size, uint64_t total)
{
    while (total > 0) {
        ssize_t part = read(in, buffer, total < size ? (size_t)total : size);
        if (part <= 0)
            bench_fail("read");
        total -= (uint64_t)part;
    }
}

static void write_stream(int go, int out, size_t size, long n)
{
    memset(buffer, 'x', size);
    write_blocks(out, size, bench_warm_up(n));
    bench_get(go);
    write_blocks(out, size, n);
}

static void time_stream(int go, int in, size_t size, long n)
{
    uint64_t bytes = (uint64_t)n * size, start, took;

    memset(buffer, 0, size);
    read_bytes(in, size, (uint64_t)bench_warm_up(n) * size);
    start = bench_now();
    bench_put(go);
    read_bytes(in, size, bytes);
    took = bench_now() - start;
    bench_report("_per_op", took, (uint64_t)n, "ns/op");
    bench_report("_per_byte", took, bytes, "ns/byte");
}

void bench_pipe_self(long n, long unused)
{
    int ends[2];

    (void)unused;
    bench_pipe(ends);
    bench_measure(n, "ns/op", bench_put(ends[1]); bench_get(ends[0]));
    close(ends[0]);
    close(ends[1]);
}

void bench_pipe_rtt(long n, long unused)
{
    int there[2], back[2];

    (void)unused;
    bench_pipe(there);
    bench_pipe(back);
    if (bench_fork() == 0) {
        close(there[1]);
        close(back[0]);
        echo(there[0], back[1]);
        _exit(0);
    }
    close(there[0]);
    close(back[1]);
    bench_measure(n, "ns/rtt", bench_put(there[1]); bench_get(back[0]));
    close(there[1]);
    close(back[0]);
    bench_join();
}

/* A stream between the two ends of `data`: the other process writes to data[1]. */
static void time_pair(int data[2], size_t size, long n)
{
    int go[2];

    bench_pipe(go);
    if (bench_fork() == 0) {
        close(go[1]);
        close(data[0]);
        write_stream(go[0], data[1], size, n);
        _exit(0);
    }
    close(go[0]);
    close(data[1]);
    time_stream(go[1], data[0], size, n);
    close(go[1]);
    close(data[0]);
    bench_join();
}

void bench_pipe_bw(long n, long size)
{
    int ends[2];

    bench_pipe(ends);
    time_pair(ends, (size_t)size, n);
}

/* A FIFO of the folder, by the path that is put into `path`. */
static void make_fifo(char path[128], const char *name)
{
    snprintf(path, 128, "%s/%s", bench_folder, name);
    unlink(path);
    if (mkfifo(path, 0600) != 0)
        bench_fail("mkfifo");
}

static int open_end(const char *path, int flags)
{
    int end = open(path, flags);

    if (end < 0)
        bench_fail("open");
    return end;
}

void bench_fifo_rtt(long n, long unused)
{
    char there[128], back[128];
    int in, out;

    (void)unused;
    make_fifo(there, "ipcbench.a");
    make_fifo(back, "ipcbench.b");
    if (bench_fork() == 0) {
        in = open_end(there, O_RDONLY);
        echo(in, open_end(back, O_WRONLY));
        _exit(0);
    }
    out = open_end(there, O_WRONLY);
    in = open_end(back, O_RDONLY);
    bench_measure(n, "ns/rtt", bench_put(out); bench_get(in));
    close(out);
    close(in);
    bench_join();
    unlink(there);
    unlink(back);
}

static void make_sockets(int sockets[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0)
        bench_fail("socketpair");
}

void bench_unix_self(long n, long unused)
{
    int sockets[2];

    (void)unused;
    make_sockets(sockets);
    bench_measure(n, "ns/op", bench_put(sockets[0]); bench_get(sockets[1]));
    close(sockets[0]);
    close(sockets[1]);
}

void bench_unix_rtt(long n, long unused)
{
    int sockets[2];

    (void)unused;
    make_sockets(sockets);
    if (bench_fork() == 0) {
        close(sockets[0]);
        echo(sockets[1], sockets[1]);
        _exit(0);
    }
    close(sockets[1]);
    bench_measure(n, "ns/rtt", bench_put(sockets[0]); bench_get(sockets[0]));
    close(sockets[0]);
    bench_join();
}

void bench_unix_bw(long n, long size)
{
    int sockets[2];

    make_sockets(sockets);
    time_pair(sockets, (size_t)size, n);
}
