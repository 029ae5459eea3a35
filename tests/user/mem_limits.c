/*
 * mem_limits.c - the heap's end, the growing stack, and what happens when there is no more memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tap.h"

#define PAGE 4096

static int read_byte(void *address)
{
    return *(volatile char *)address & 0;
}

/* Free memory in bytes, as /proc/meminfo has it. */
static size_t memory_free(void)
{
    char text[1024];
    int fd = open("/proc/meminfo", O_RDONLY);
    ssize_t n = read(fd, text, sizeof text - 1);

    close(fd);
    text[n > 0 ? n : 0] = '\0';
    char *line = strstr(text, "MemFree:");
    return line == NULL ? 0 : strtoul(line + 8, NULL, 10) * 1024;
}

static int heap_moves(void *unused)
{
    (void)unused;
    char *start = sbrk(0);
    char *end = (char *)(((uintptr_t)start + 2 * PAGE - 1) & ~(uintptr_t)(PAGE - 1)); /* a page's start, above */

    if (brk(end + 3 * PAGE) != 0 || sbrk(0) != end + 3 * PAGE)
        return 1;
    for (char *at = end; at < end + 3 * PAGE; at++)
        if (*at != 0)
            return 2;
    memset(end, 1, 3 * PAGE);
    if (brk(end + 1) != 0 || end[0] != 1)
        return 3;
    if (tap_child_result(read_byte, end + PAGE) != -SIGSEGV)
        return 4;
    if (brk(end + 2 * PAGE) != 0 || end[PAGE] != 0)
        return 5;
    return 0;
}

static int heap_refused(void *unused)
{
    (void)unused;
    char *start = sbrk(0);

    errno = 0;
    if (brk((void *)0x7fffff00) != -1 || errno != ENOMEM || sbrk(0) != start)
        return 1;
    struct rlimit limit = {.rlim_cur = 64 * PAGE, .rlim_max = 64 * PAGE};
    if (setrlimit(RLIMIT_DATA, &limit) != 0)
        return 2;
    errno = 0;
    return sbrk(65 * PAGE) == (void *)-1 && errno == ENOMEM ? 0 : 3;
}

static void test_heap(void)
{
    tap_is(tap_child_result(heap_moves, NULL), 0, "the heap grows with zeros and shrinks, page by page");
    tap_is(tap_child_result(heap_refused, NULL), 0, "where it may not grow: ENOMEM, and it stays");
}

/* Use up to `depth` KiB of stack. */
static int descend(int depth)
{
    volatile char frame[1024];

    frame[0] = (char)depth;
    if (depth > 1)
        frame[0] += descend(depth - 1);
    return frame[0] & 0;
}

static int use_stack(void *depth)
{
    return descend(*(int *)depth);
}

static int use_small_stack(void *depth)
{
    struct rlimit limit = {.rlim_cur = 256 * 1024, .rlim_max = 256 * 1024};

    return setrlimit(RLIMIT_STACK, &limit) == 0 ? use_stack(depth) : 1;
}

static int read_below_stack(void *unused)
{
    (void)unused;
    volatile char here;

    return *(volatile char *)((uintptr_t)&here - 64 * 1024 * 1024) & 0;
}

static void test_stack(void)
{
    int megabyte = 1024, much = 20 * 1024, some = 128;

    tap_is(tap_child_result(use_stack, &megabyte), 0, "the stack grows as it is used");
    tap_is(-tap_child_result(use_stack, &much), SIGSEGV, "but not without an end");
    tap_is(tap_child_result(use_small_stack, &some), 0, "RLIMIT_STACK: up to the limit");
    tap_is(-tap_child_result(use_small_stack, &megabyte), SIGSEGV, "RLIMIT_STACK: not past it");
    tap_is(-tap_child_result(read_below_stack, NULL), SIGSEGV, "nothing is mapped far below the stack");
}

static int map_past_limit(void *unused)
{
    (void)unused;
    struct rlimit limit = {.rlim_cur = 64 << 20, .rlim_max = 64 << 20};

    if (setrlimit(RLIMIT_AS, &limit) != 0)
        return 1;
    errno = 0;
    if (mmap(NULL, 65 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED || errno != ENOMEM)
        return 2;
    return mmap(NULL, 32 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ? 0 : 3;
}

/* Take all memory there is, in pieces that are small enough to be granted. */
static int touch_everything(void *unused)
{
    const size_t size = 4 << 20;

    (void)unused;
    for (;;) {
        char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

        if (memory == MAP_FAILED)
            return 1;
        for (size_t at = 0; at < size; at += PAGE)
            memory[at] = 1;
    }
}

/* Take all memory there is by malloc(), until that says no. */
static int fill_heap(void *unused)
{
    const size_t size = 256 << 10;
    char *memory;

    (void)unused;
    while ((memory = malloc(size)) != NULL)
        memset(memory, 1, size);
    return errno == ENOMEM ? 0 : 1;
}

static void test_shortage(void)
{
    size_t too_much = memory_free() + (32u << 20);

    tap_fails((long)mmap(NULL, too_much, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM,
              "POSIX mmap: ENOMEM (more than all that is free)");
    tap_fails((long)sbrk(0x7e000000), ENOMEM, "a heap larger than all that is free: ENOMEM");
    tap_ok(malloc(too_much) == NULL, "malloc of more than all that is free answers NULL");
    tap_is(tap_child_result(map_past_limit, NULL), 0, "RLIMIT_AS holds");
    tap_is(-tap_child_result(touch_everything, NULL), SIGKILL, "who touches more pages than there are is killed");
    tap_is(tap_child_result(fill_heap, NULL), 0, "POSIX malloc: ENOMEM, before anybody is killed");
    char *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    tap_ok(memory != MAP_FAILED, "after which there is memory again");
    if (memory != MAP_FAILED) {
        memset(memory, 1, 1 << 20);
        munmap(memory, 1 << 20);
    }
}

int main(void)
{
    tap_begin();
    test_heap();
    test_stack();
    test_shortage();
    return tap_end();
}
