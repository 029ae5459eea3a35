/*
 * mem_fork.c - memory over fork: private pages are copied on write, shared ones are shared, files are private copies.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define PAGE 4096
#define PAGES 32

static char data[PAGE] = "data";
static char *private_memory, *shared_memory;

static int child_writes(void *unused)
{
    (void)unused;
    bool right = strcmp(data, "data") == 0;

    for (int i = 0; i < PAGES; i++) {
        right &= private_memory[i * PAGE] == (char)(i + 1) && shared_memory[i * PAGE] == 0;
        private_memory[i * PAGE] = (char)-1;
        shared_memory[i * PAGE] = (char)(i + 1);
    }
    strcpy(data, "changed");
    for (int i = 0; i < PAGES; i++)
        right &= private_memory[i * PAGE] == (char)-1;
    return right ? 0 : 1;
}

static void test_fork(void)
{
    bool private = true, shared = true;

    private_memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    shared_memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (private_memory == MAP_FAILED || shared_memory == MAP_FAILED)
        tap_give_up("mmap: %s", strerror(errno));
    for (int i = 0; i < PAGES; i++)
        private_memory[i * PAGE] = (char)(i + 1);
    tap_is(tap_child_result(child_writes, NULL), 0, "a child finds its parent's memory and writes to it");
    for (int i = 0; i < PAGES; i++) {
        private &= private_memory[i * PAGE] == (char)(i + 1);
        shared &= shared_memory[i * PAGE] == (char)(i + 1);
    }
    tap_ok(private, "what it wrote to private memory is its own");
    tap_ok(shared, "what it wrote to shared memory is the parent's too, also where the parent had touched nothing");
    tap_is_text(data, "data", "the program's data are private");
    munmap(private_memory, PAGES * PAGE);
    munmap(shared_memory, PAGES * PAGE);
}

/* Three generations: every one sees what its parent had when it was born. */
static int generation(void *context)
{
    int *depth = context, seen = *depth;

    if (seen == 3)
        return 0;
    (*depth)++;
    if (tap_child_result(generation, depth) != 0)
        return 1;
    return *depth == seen + 1 ? 0 : 1;
}

static void test_generations(void)
{
    int depth = 0;

    tap_is(tap_child_result(generation, &depth), 0, "each generation has a copy of its own");
    tap_is(depth, 0, "and the first keeps what it had");
}

static int write_byte(void *address)
{
    *(volatile char *)address = 'X';
    return *(volatile char *)address == 'X' ? 0 : 1;
}

static int read_past_end(void *address)
{
    return ((volatile char *)address)[PAGE] & 0;
}

static void test_file(void)
{
    char path[] = "/tmp/mem_fork.XXXXXX", byte = 0;
    int fd = mkstemp(path);

    if (fd < 0 || write(fd, "file", 4) != 4)
        tap_give_up("%s: %s", path, strerror(errno));
    char *copy = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    char *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (copy == MAP_FAILED || shared == MAP_FAILED)
        tap_give_up("mmap: %s", strerror(errno));
    tap_ok(memcmp(copy, "file", 5) == 0, "a file can be mapped; behind its end the page is zero");
    tap_is(tap_child_result(write_byte, copy), 0, "a private mapping can be written");
    tap_ok(copy[0] == 'f' && shared[0] == 'f', "by the one process alone");
    copy[1] = 'Y';
    tap_ok(pread(fd, &byte, 1, 1) == 1 && byte == 'i', "and not the file");
    tap_is(tap_child_result(write_byte, shared), 0, "a shared mapping can be written");
    tap_ok(shared[0] == 'X' && pread(fd, &byte, 1, 0) == 1 && byte == 'X', "which changes the file");
    tap_is(-tap_child_result(read_past_end, copy), SIGBUS, "a page past the file's end gives SIGBUS");
    close(fd);

    fd = open(path, O_RDONLY);
    tap_fails((long)mmap(NULL, PAGE, PROT_WRITE, MAP_SHARED, fd, 0), EACCES, "POSIX mmap: EACCES");
    char *read_only = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    tap_fails(mprotect(read_only, PAGE, PROT_READ | PROT_WRITE), EACCES, "POSIX mprotect: EACCES");
    munmap(read_only, PAGE);
    close(fd);
    munmap(copy, 2 * PAGE);
    munmap(shared, PAGE);
    unlink(path);
}

int main(void)
{
    tap_begin();
    test_fork();
    test_generations();
    test_file();
    return tap_end();
}
