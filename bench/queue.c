/*
 * queue.c - rows of POSIX message queues: messages of 64 bytes, of which a queue holds eight.
 */
#include <fcntl.h>
#include <mqueue.h>
#include <unistd.h>

#include "bench.h"
#include "ipcbench.h"

enum { size = 64, depth = 8 };

static char message[size];

/* A queue that only the caller and its children will find. */
static mqd_t make_queue(const char *name)
{
    struct mq_attr attributes = {.mq_maxmsg = depth, .mq_msgsize = size};
    mqd_t queue;

    mq_unlink(name);
    queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attributes);
    if (queue == (mqd_t)-1)
        bench_fail("mq_open");
    mq_unlink(name);
    return queue;
}

static void put(mqd_t queue)
{
    if (mq_send(queue, message, size, 1) != 0)
        bench_fail("mq_send");
}

static void get(mqd_t queue)
{
    if (mq_receive(queue, message, size, NULL) != size)
        bench_fail("mq_receive");
}

void bench_mq_self(long n, long unused)
{
    mqd_t queue = make_queue("/ipcbench.a");

    (void)unused;
    bench_measure(n, "ns/op", put(queue); get(queue));
    mq_close(queue);
}

void bench_mq_rtt(long n, long unused)
{
    mqd_t there = make_queue("/ipcbench.a"), back = make_queue("/ipcbench.b");

    (void)unused;
    if (bench_fork() == 0) {
        bench_repeat (bench_warm_up(n) + n) {
            get(there);
            put(back);
        }
        _exit(0);
    }
    bench_measure(n, "ns/rtt", put(there); get(back));
    bench_join();
    mq_close(there);
    mq_close(back);
}

/* The other process sends all the while; it waits for a byte before the messages that are timed. */
void bench_mq_stream(long n, long unused)
{
    mqd_t queue = make_queue("/ipcbench.a");
    uint64_t start;
    int go[2];

    (void)unused;
    bench_pipe(go);
    if (bench_fork() == 0) {
        bench_repeat (bench_warm_up(n))
            put(queue);
        bench_get(go[0]);
        bench_repeat (n)
            put(queue);
        _exit(0);
    }
    bench_repeat (bench_warm_up(n))
        get(queue);
    start = bench_now();
    bench_put(go[1]);
    bench_repeat (n)
        get(queue);
    bench_report("", bench_now() - start, (uint64_t)n, "ns/msg");
    bench_join();
    mq_close(queue);
    close(go[0]);
    close(go[1]);
}
