/*
 * mem_map.c - mmap, munmap, mprotect: places, protections, cutting and joining of mappings, and every error.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tap.h"

#define PAGE 4096

static char *map(size_t size, int protection)
{
    char *memory = mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (memory == MAP_FAILED)
        tap_give_up("mmap of %zu bytes: %s", size, strerror(errno));
    return memory;
}

static int read_byte(void *address)
{
    return *(volatile char *)address & 0;
}

static int write_byte(void *address)
{
    *(volatile char *)address = 1;
    return 0;
}

static int jump(void *address)
{
    ((void (*)(void))address)();
    return 0;
}

/* 0: the access works; else the signal that it gives. */
static int reads(void *address)
{
    return -tap_child_result(read_byte, address);
}

static int writes(void *address)
{
    return -tap_child_result(write_byte, address);
}

static bool is_all(const char *memory, char value, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (memory[i] != value)
            return false;
    return true;
}

/* How many lines of /proc/self/maps lie in [start, start + size), even in part. */
static int areas_in(const void *start, size_t size)
{
    uintptr_t from = (uintptr_t)start, low, high;
    int count = 0, end;
    static char text[8192];
    size_t used = 0;
    ssize_t n;
    int fd = open("/proc/self/maps", O_RDONLY);

    while (fd >= 0 && (n = read(fd, text + used, sizeof text - 1 - used)) > 0)
        used += n;
    close(fd);
    text[used] = '\0';
    for (char *line = text; sscanf(line, "%x-%x%n", (unsigned *)&low, (unsigned *)&high, &end) == 2;) {
        count += low < from + size && high > from;
        line = strchr(line, '\n');
        if (line == NULL)
            break;
        line++;
    }
    return count;
}

static void test_anonymous(void)
{
    char *memory = map(8 * PAGE, PROT_READ | PROT_WRITE);

    tap_ok((uintptr_t)memory % PAGE == 0, "a mapping begins on a page");
    tap_ok(is_all(memory, 0, 8 * PAGE), "anonymous memory is zero when it is read first");
    memset(memory, 7, 8 * PAGE);
    tap_ok(is_all(memory, 7, 8 * PAGE), "and keeps what is written");
    tap_works(munmap(memory, 8 * PAGE), "munmap");
    tap_is(reads(memory), SIGSEGV, "what was unmapped is gone");
    tap_works(munmap(memory, 8 * PAGE), "munmap of what is not mapped");
    char *again = map(8 * PAGE, PROT_READ | PROT_WRITE);
    tap_ok(is_all(again, 0, 8 * PAGE), "memory that others had is zero again");
    munmap(again, 8 * PAGE);
}

static void test_cutting(void)
{
    char *memory = map(6 * PAGE, PROT_READ | PROT_WRITE);

    for (int i = 0; i < 6; i++)
        memory[i * PAGE] = (char)(i + 1);
    tap_works(munmap(memory + 2 * PAGE, PAGE), "munmap in the middle of a mapping");
    tap_is(reads(memory + 2 * PAGE), SIGSEGV, "the middle is gone");
    tap_ok(memory[PAGE] == 2 && memory[3 * PAGE] == 4, "what lies beside it stays");
    tap_works(munmap(memory, PAGE), "munmap of the head");
    tap_works(munmap(memory + 5 * PAGE, 1), "munmap of the tail, by its first byte");
    tap_ok(memory[PAGE] == 2 && memory[4 * PAGE] == 5, "the rest stays");
    tap_works(munmap(memory, 6 * PAGE), "munmap over holes");
}

static void test_fixed(void)
{
    char *memory = map(5 * PAGE, PROT_READ | PROT_WRITE), *middle = memory + 2 * PAGE;

    memset(memory, 1, 5 * PAGE);
    tap_ok(mmap(middle, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == middle,
           "MAP_FIXED takes the place that it is told");
    tap_ok(is_all(middle, 0, PAGE), "what was there is replaced");
    tap_ok(middle[-1] == 1 && middle[PAGE] == 1, "its neighbours stay");
    tap_is(writes(middle), SIGSEGV, "with the new protection");
    tap_is(areas_in(memory, 5 * PAGE), 3, "three areas are there");
    tap_works(mprotect(middle, PAGE, PROT_READ | PROT_WRITE), "mprotect makes it like its neighbours");
    tap_is(areas_in(memory, 5 * PAGE), 1, "and one area of the three");
    tap_fails((long)mmap(memory + 1, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), EINVAL,
              "POSIX mmap: EINVAL (MAP_FIXED not on a page)");
    tap_fails((long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0), ENOMEM,
              "page 0 cannot be mapped");
    tap_fails((long)mmap((void *)0x7ffff000, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
              ENOMEM, "POSIX mmap: ENOMEM (past the end of the address space)");
    munmap(memory, 5 * PAGE);
}

static void test_hints(void)
{
    char *memory = map(4 * PAGE, PROT_READ);

    munmap(memory, 4 * PAGE);
    char *hinted = mmap(memory + PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    tap_ok(hinted == memory + PAGE, "a hint is taken where the place is free");
    char *other = mmap(memory + PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    tap_ok(other != MAP_FAILED && other != hinted, "and passed over where it is not");
    munmap(hinted, PAGE);
    munmap(other, PAGE);
}

static void test_protect(void)
{
    char *memory = map(4 * PAGE, PROT_READ | PROT_WRITE);

    memset(memory, 5, 4 * PAGE);
    tap_works(mprotect(memory + PAGE, PAGE, PROT_READ), "mprotect to read only");
    tap_is(writes(memory + PAGE), SIGSEGV, "a write faults");
    tap_is(writes(memory), 0, "beside it a write works");
    tap_is(reads(memory + PAGE), 0, "a read works");
    tap_works(mprotect(memory, 4 * PAGE, PROT_NONE), "mprotect to nothing");
    tap_is(reads(memory), SIGSEGV, "a read faults");
    tap_works(mprotect(memory, 4 * PAGE, PROT_READ | PROT_WRITE), "mprotect back");
    tap_ok(is_all(memory, 5, 4 * PAGE), "the contents are there again");
    memset(memory, 6, 4 * PAGE);
    tap_ok(is_all(memory, 6, 4 * PAGE), "and can be written");
    munmap(memory + PAGE, PAGE);
    tap_fails(mprotect(memory, 4 * PAGE, PROT_READ), ENOMEM, "POSIX mprotect: ENOMEM (a hole)");
    tap_is(writes(memory), 0, "after which nothing has changed");
    tap_fails(mprotect(memory + 1, PAGE, PROT_READ), EINVAL, "POSIX mprotect: EINVAL");
    tap_fails(mprotect(memory, PAGE, PROT_WRITE | PROT_EXEC), ENOTSUP, "POSIX mprotect: ENOTSUP");
    munmap(memory, 4 * PAGE);
}

static void test_execute(void)
{
    static const uint32_t code[] = {0xe3a0002a, 0xe12fff1e}; /* mov r0, #42; bx lr */
    char *memory = map(PAGE, PROT_READ | PROT_WRITE);

    memcpy(memory, code, sizeof code);
    tap_is(-tap_child_result(jump, memory), SIGSEGV, "writable memory is not executed");
    tap_works(mprotect(memory, PAGE, PROT_READ | PROT_EXEC), "mprotect to execute");
    tap_is(((int (*)(void))memory)(), 42, "what was written runs");
    tap_is(writes(memory), SIGSEGV, "and cannot be written any more");
    tap_fails((long)mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOTSUP,
              "POSIX mmap: ENOTSUP");
    munmap(memory, PAGE);
}

static void test_errors(void)
{
    tap_fails((long)mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), EINVAL,
              "POSIX mmap: EINVAL (no length)");
    tap_fails((long)mmap(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0), EINVAL,
              "POSIX mmap: EINVAL (neither private nor shared)");
    tap_fails((long)mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, -1, 0), EBADF, "POSIX mmap: EBADF");
    tap_fails((long)mmap(NULL, 0x7ffff000, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM,
              "POSIX mmap: ENOMEM");
    tap_fails(munmap((void *)1, PAGE), EINVAL, "POSIX munmap: EINVAL (not on a page)");
    tap_fails(munmap((void *)0x10000000, 0), EINVAL, "POSIX munmap: EINVAL (no length)");
    tap_fails(munmap((void *)0x7ffff000, 2 * PAGE), EINVAL, "POSIX munmap: EINVAL (past the end)");
    tap_fails(munmap((void *)0x80000000, PAGE), EINVAL, "POSIX munmap: EINVAL (the kernel's)");
    tap_is(reads(NULL), SIGSEGV, "page 0 is not there");
    tap_is(reads((void *)0x80000000), SIGSEGV, "the kernel is out of reach");
    tap_is(writes((void *)0xf0000000), SIGSEGV, "and so are devices");
}

/* As many mappings as make a search that looks at each of them slow. */
static void test_many(void)
{
    enum { count = 1000 };
    char *memory = map(2 * count * PAGE, PROT_NONE);
    bool right = true;

    for (int i = 0; i < count; i++)
        right &= mprotect(memory + 2 * i * PAGE, PAGE, PROT_READ | PROT_WRITE) == 0;
    tap_ok(right, "%d areas are cut out of one", count);
    for (int i = 0; i < count; i++)
        memory[2 * i * PAGE] = (char)i;
    for (int i = 0; i < count; i++)
        right &= memory[2 * i * PAGE] == (char)i;
    tap_ok(right, "and keep what is written");
    right &= mprotect(memory, 2 * count * PAGE, PROT_READ) == 0;
    tap_is(areas_in(memory, 2 * count * PAGE), 1, "alike again they are one");
    tap_works(munmap(memory, 2 * count * PAGE), "and go at once");
}

int main(void)
{
    tap_begin();
    test_anonymous();
    test_cutting();
    test_fixed();
    test_hints();
    test_protect();
    test_execute();
    test_errors();
    test_many();
    return tap_end();
}
