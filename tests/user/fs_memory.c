/*
 * fs_memory.c - /proc/PID/mem: a process's memory, to read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

static int memory_of_self;

/* By a descriptor that root has opened, as another user. */
static int reads_memory(void *fd)
{
    char byte;

    setuid(1000);
    return pread(*(int *)fd, &byte, 1, (off_t)(uintptr_t)&memory_of_self) == -1 ? errno : 0;
}

int main(void)
{
    static char crossing[600];
    char copy[600];
    int value, fd;

    tap_begin();
    fd = open("/proc/self/mem", O_RDONLY);
    memory_of_self = 12345;
    tap_is(pread(fd, &value, 4, (off_t)(uintptr_t)&memory_of_self), 4, "a process's memory can be read");
    tap_is(value, 12345, "and is what is there");
    memset(crossing, 'x', sizeof crossing);
    tap_is(pread(fd, copy, sizeof copy, (off_t)(uintptr_t)crossing), (long long)sizeof copy, "more at once");
    tap_ok(memcmp(copy, crossing, sizeof copy) == 0, "the same bytes");
    tap_fails(pread(fd, &value, 4, 0), EIO, "Linux /proc/PID/mem: EIO, page 0");
    tap_fails(pread(fd, &value, 4, 0x80000000ll), EIO, "Linux /proc/PID/mem: EIO, behind user memory");
    tap_fails(pread(fd, &value, 4, 0x100010000ll), EIO, "Linux /proc/PID/mem: EIO, no address");
    tap_fails(pread(fd, NULL, 4, (off_t)(uintptr_t)&memory_of_self), EFAULT, "POSIX read: EFAULT");
    tap_fails(open("/proc/self/mem", O_RDWR), EROFS, "POSIX open: EROFS");
    tap_is(tap_child_result(reads_memory, &fd), EACCES, "whose memory it is counts at each read");
    close(fd);
    return tap_end();
}
