/*
 * poll.c - rows of poll(): `count` descriptors of pipes, of which only the last is ready.
 */
#include <poll.h>
#include <unistd.h>

#include "bench.h"
#include "ipcbench.h"

enum { most = 1024 };

void bench_poll(long n, long count)
{
    static struct pollfd set[most];
    int idle[2], ready[2];

    bench_pipe(idle);
    bench_pipe(ready);
    bench_put(ready[1]);
    for (long i = 0; i < count; i++) {
        set[i].fd = i == count - 1 ? ready[0] : dup(idle[0]);
        set[i].events = POLLIN;
        if (set[i].fd < 0)
            bench_fail("dup");
    }
    if (poll(set, (nfds_t)count, -1) != 1)
        bench_fail("poll");
    bench_measure(n, "ns/op", poll(set, (nfds_t)count, -1));
}
