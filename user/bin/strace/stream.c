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
static size_t start, end, room; /* of what was read and not yet asked for; the room is a piece at least */

void stream_open(int pid)
{
    char path[32];

    snprintf(path, sizeof(path), "/proc/%d/trace", pid);
    trace = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (trace < 0 && errno == ENOENT)
        errno = ESRCH;
    if (trace < 0 || ioctl(trace, TRACE_SET, (unsigned)options.length | (options.follow ? TRACE_FOLLOW : 0)) < 0)
        util_err("attach to process %d", pid);
    bytes = util_alloc(room = piece);
}

/* Make room for another piece behind what there is.  False: there is no more memory. */
static bool grow(void)
{
    size_t wanted = 2 * (end + piece);
    char *more;

    if (room >= end + piece)
        return true;
    more = realloc(bytes, wanted);
    if (!more)
        return false;
    bytes = more;
    room = wanted;
    return true;
}

/* Read all that is there and for which there is room.  What read() answered last. */
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
        if (!grow())
            break;
        n = read(trace, bytes + end, piece);
        end += n > 0 ? (size_t)n : 0;
    }
    return n;
}

/* Wait for records, or for a signal, which is not missed where it comes just before. */
static void wait_for_more(const volatile int *stop)
{
    struct pollfd entry = {.fd = trace, .events = POLLIN};
    sigset_t all, before;

    fflush(options.output);
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    if (!*stop)
        ppoll(&entry, 1, NULL, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

const struct abi_trace_record *stream_next(const volatile int *stop)
{
    const struct abi_trace_record *record;
    ssize_t n;

    while (!*stop && (n = drain()) != 0 && start == end) {
        if (n < 0 && errno != EAGAIN)
            return NULL;
        wait_for_more(stop);
    }
    if (*stop || start == end)
        return NULL;
    record = (const void *)(bytes + start);
    start += record->length;
    return record;
}
