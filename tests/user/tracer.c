/*
 * tracer.c - see tracer.h.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"
#include "tracer.h"

static _Alignas(8) char buffer[16384];
static size_t at, used;

int tracer_open(pid_t pid, int flags)
{
    char path[32];

    at = used = 0;
    snprintf(path, sizeof path, "/proc/%d/trace", (int)pid);
    return open(path, O_RDONLY | O_CLOEXEC | flags);
}

pid_t tracer_start(int (*body)(void *context), void *context, unsigned options, int *fd)
{
    int ends[2];
    pid_t pid;
    char c;

    if (pipe2(ends, O_CLOEXEC) != 0)
        tap_give_up("no pipe");
    pid = tap_fork();
    if (pid == 0) {
        close(ends[1]);
        if (read(ends[0], &c, 1) != 1)
            _exit(99);
        close(ends[0]);
        _exit(body(context));
    }
    close(ends[0]);
    *fd = tracer_open(pid, 0);
    if (*fd < 0 || ioctl(*fd, TRACE_SET, options) != 0)
        tap_give_up("no trace of a child");
    if (write(ends[1], "", 1) != 1)
        tap_give_up("no child");
    close(ends[1]);
    return pid;
}

const struct abi_trace_record *tracer_next(int fd)
{
    const struct abi_trace_record *record;

    if (at == used) {
        ssize_t n = read(fd, buffer, sizeof buffer);

        at = 0;
        used = n < 0 ? 0 : (size_t)n;
        if (used == 0)
            return NULL;
    }
    record = (const void *)(buffer + at);
    at += record->length;
    return record;
}

const struct abi_trace_record *tracer_find(int fd, enum abi_trace_kind kind, int number)
{
    const struct abi_trace_record *record;

    do
        record = tracer_next(fd);
    while (record && (record->kind != kind || (number >= 0 && record->number != number)));
    return record;
}

const void *tracer_part(const struct abi_trace_record *record, unsigned address, size_t *length)
{
    const char *from = (const char *)(record + 1), *end = (const char *)record + record->length;

    while (from + sizeof(struct abi_trace_part) <= end) {
        const struct abi_trace_part *part = (const void *)from;

        if (part->length != 0 && part->address == address) {
            *length = part->length;
            return part + 1;
        }
        from += sizeof *part + ((part->length + 3) & ~3u);
    }
    return NULL;
}

const char *tracer_text(const struct abi_trace_record *record, unsigned argument)
{
    static char text[TRACE_BYTES_MAX + 1];
    size_t length;
    const void *bytes = record ? tracer_part(record, record->arguments[argument], &length) : NULL;

    if (!bytes)
        return NULL;
    memcpy(text, bytes, length);
    text[length] = '\0';
    return text;
}

int tracer_count(int fd)
{
    int count = 0;

    while (tracer_next(fd))
        count++;
    return count;
}
