/*
 * memory.c - rows of memory: a mapping made and removed, and the first write to a page.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "bench.h"
#include "ipcbench.h"

enum { pages = 256 };

static size_t page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

static void touch(volatile char *memory, size_t page, char value)
{
    for (size_t i = 0; i < pages; i++)
        memory[i * page] = value;
}

/* One page, which nobody touches. */
void bench_mmap(long n, long unused)
{
    size_t page = page_size();

    (void)unused;
    bench_measure(n, "ns/op", munmap((void *)bench_memory(page), page));
}

/* Of a new mapping. `_fault` is the write alone; `_cycle` has the page's part of mmap and munmap in it. */
void bench_page_anon(long n, long unused)
{
    size_t page = page_size(), size = pages * page;
    uint64_t fault = 0, cycle = 0;

    (void)unused;
    for (long i = -bench_warm_up(n); i < n; i++) {
        uint64_t start = bench_now();
        volatile char *memory = bench_memory(size);
        uint64_t mapped = bench_now();

        touch(memory, page, 1);
        uint64_t touched = bench_now();
        munmap((void *)memory, size);
        if (i >= 0) {
            fault += touched - mapped;
            cycle += bench_now() - start;
        }
    }
    bench_report("_fault", fault, (uint64_t)n * pages, "ns/page");
    bench_report("_cycle", cycle, (uint64_t)n * pages, "ns/page");
}

/* The time that all pages take while a child has them, too. */
static uint64_t touch_beside_child(volatile char *memory, size_t page)
{
    int ready[2], done[2];
    uint64_t took;

    bench_pipe(ready);
    bench_pipe(done);
    if (bench_fork() == 0) {
        close(done[1]);
        bench_put(ready[1]);
        bench_get(done[0]);
        _exit(0);
    }
    close(ready[1]);
    close(done[0]);
    bench_get(ready[0]);
    took = bench_now();
    touch(memory, page, 2);
    took = bench_now() - took;
    bench_put(done[1]);
    bench_join();
    close(ready[0]);
    close(done[1]);
    return took;
}

/* Of pages that fork has shared with a child, which keeps its copy until all are written. */
void bench_page_cow(long n, long unused)
{
    size_t page = page_size();
    volatile char *memory = bench_memory(pages * page);
    uint64_t took = 0;

    (void)unused;
    touch(memory, page, 1);
    bench_repeat (bench_warm_up(n))
        touch_beside_child(memory, page);
    bench_repeat (n)
        took += touch_beside_child(memory, page);
    bench_report("", took, (uint64_t)n * pages, "ns/page");
}
