/*
 * stream.c - the records of /proc/PID/trace.
 *
 * All that the kernel has is taken over before one record is printed: printing takes longer than a call does, and the
 * kernel's ring is small.  Only where this program cannot have more memory, or may not, are records lost.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "../lib/util.h"
#include "strace.h"

enum { piece = 65536, most = 16 << 20 };

static int trace;
static char *bytes;
static size_t start, end, room; /* of what was read and not yet asked for */

void stream_open(int pid)
{
    char path[32];

    snprintf(path, sizeof(path), "/proc/%d/trace", pid);
    trace = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (trace < 0 && errno == ENOENT)
        errno = ESRCH;
    if (trace < 0 || ioctl(trace, TRACE_SET, (unsigned)options.length | (options.follow ? TRACE_FOLLOW : 0)) < 0)
        util_err("attach to process %d", pid);
}

/* Read all that is there.  What read() answered last. */
static ssize_t drain(void)
{
    ssize_t n = 1;

    if (start == end)
        start = end = 0;
    while (end - start < most && n > 0) {
        if (start > piece && start > end / 2) {
            memmove(bytes, bytes + start, end - start);
            end -= start;
            start = 0;
        }
        while (room < end + piece)
            bytes = util_grow(bytes, room + piece, &room, 1);
        n = read(trace, bytes + end, piece);
        end += n > 0 ? (size_t)n : 0;
    }
    return n;
}

/* Wait for records; signals that are held back otherwise may come meanwhile. */
static void wait_for_more(void)
{
    struct pollfd entry = {.fd = trace, .events = POLLIN};
    sigset_t none;

    fflush(options.output);
    sigemptyset(&none);
    ppoll(&entry, 1, NULL, &none);
}

const struct abi_trace_record *stream_next(const volatile int *stop)
{
    const struct abi_trace_record *record;
    ssize_t n;

    while ((n = drain()) != 0 && start == end) {
        if (*stop || (n < 0 && errno != EAGAIN))
            return NULL;
        wait_for_more();
    }
    if (start == end)
        return NULL;
    record = (const void *)(bytes + start);
    start += record->length;
    return record;
}
