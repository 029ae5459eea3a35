/*
 * scale_pairs.c - rows of four pairs of processes that talk at the same time: what comes through with more CPUs.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <sys/socket.h>

#include "bench.h"
#include "scale.h"

enum { pairs = 4, block = 4096, message = 64 };

static char buffer[block];

static void make_sockets(int ends[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0)
        bench_fail("socketpair");
}

static void make_queue(int ends[2])
{
    struct mq_attr attributes = {.mq_maxmsg = 8, .mq_msgsize = message};

    ends[0] = ends[1] = mq_open("/ipcscale", O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
    if (ends[0] < 0)
        bench_fail("mq_open");
    mq_unlink("/ipcscale");
}

static void write_block(int end)
{
    if (write(end, buffer, block) != block)
        bench_fail("write");
}

static void read_block(int end)
{
    for (size_t done = 0; done < block;) {
        ssize_t part = read(end, buffer, block - done);
        if (part <= 0)
            bench_fail("read");
        done += (size_t)part;
    }
}

static void send_message(int queue)
{
    if (mq_send(queue, buffer, message, 1) != 0)
        bench_fail("mq_send");
}

static void receive_message(int queue)
{
    if (mq_receive(queue, buffer, message, NULL) != message)
        bench_fail("mq_receive");
}

static const struct way {
    void (*make)(int ends[2]);
    void (*put)(int end);
    void (*get)(int end);
} ways[] = {
    {bench_pipe, write_block, read_block},
    {make_sockets, write_block, read_block},
    {make_queue, send_message, receive_message},
};

struct play {
    const struct way *way;
    long n;
    int ends[pairs][2], start[2];
};

/* The even ones write to the odd ones after them. */
static void take_part(int self, void *argument)
{
    struct play *play = argument;
    int *ends = play->ends[self / 2];

    bench_get(play->start[0]);
    bench_repeat (play->n) {
        if (self % 2 == 0)
            play->way->put(ends[1]);
        else
            play->way->get(ends[0]);
    }
}

void scale_pairs(long n, long way)
{
    struct play play = {.way = &ways[way], .n = n};
    uint64_t start;

    for (int i = 0; i < pairs; i++)
        play.way->make(play.ends[i]);
    bench_pipe(play.start);
    crowd_start(2 * pairs, take_part, &play);
    start = bench_now();
    bench_repeat (2 * pairs)
        bench_put(play.start[1]);
    crowd_join();
    bench_report("", bench_now() - start, (uint64_t)n * pairs, "ns/op");
}
