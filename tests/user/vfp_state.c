/*
 * vfp_state.c - the VFP/NEON registers belong to their thread: across switches, page faults inside the kernel's wide
 * copies (which borrow the unit), fork, exec and signal handlers.
 */
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

/* Fill d0-d31 from `in`, make a system call, and store them to `out`. */
static long call_with_registers(const uint64_t in[32], uint64_t out[32], long number, long a, long b, long c)
{
    register long r7 __asm__("r7") = number;
    register long r0 __asm__("r0") = a;
    register long r1 __asm__("r1") = b;
    register long r2 __asm__("r2") = c;
    register const uint64_t *from __asm__("r4") = in;
    register uint64_t *to __asm__("r5") = out;

    __asm__ volatile("vldmia r4!, {d0-d15}\n\t"
                     "vldmia r4, {d16-d31}\n\t"
                     "svc 0\n\t"
                     "vstmia r5!, {d0-d15}\n\t"
                     "vstmia r5, {d16-d31}"
                     : "+r"(r0), "+r"(from), "+r"(to)
                     : "r"(r7), "r"(r1), "r"(r2)
                     : "memory", "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "d10", "d11", "d12", "d13",
                       "d14", "d15", "d16", "d17", "d18", "d19", "d20", "d21", "d22", "d23", "d24", "d25", "d26", "d27",
                       "d28", "d29", "d30", "d31");
    return r0;
}

static void pattern(uint64_t d[32], uint64_t seed)
{
    for (int i = 0; i < 32; i++)
        d[i] = seed * 0x9e3779b97f4a7c15ull + (uint64_t)i * 0x0101010101010101ull;
}

static bool kept(const uint64_t in[32], const uint64_t out[32])
{
    return memcmp(in, out, 32 * sizeof in[0]) == 0;
}

/* Each worker's registers survive while it and its siblings yield to each other, using the unit or not. */
static int yield_often(void *context)
{
    uint64_t in[32], out[32];

    for (int i = 0; i < 300; i++) {
        pattern(in, (uint64_t)(uintptr_t)context * 1000 + (uint64_t)i);
        call_with_registers(in, out, SYS_sched_yield, 0, 0, 0);
        if (!kept(in, out))
            return 1;
        if (i % 3 == 0)
            sched_yield();
    }
    return 0;
}

static void test_switches(void)
{
    pid_t pids[6];

    for (int i = 0; i < 6; i++)
        pids[i] = tap_start(yield_often, (void *)(uintptr_t)(i + 1));
    for (int i = 0; i < 6; i++)
        tap_is(tap_wait(pids[i]), 0, "worker %d kept d0-d31 over 300 yields", i);
}

/* A large read() is copied through d0-d15, into pages that are not there yet: faults inside the copy. */
static void test_wide_copy(void)
{
    size_t size = 64 * 4096;
    char *fresh = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint64_t in[32], out[32];
    int ends[2], wrong = 0;
    static char text[4096];

    memset(text, 'v', sizeof text);
    if (pipe(ends) != 0 || fresh == MAP_FAILED)
        tap_give_up("pipe, mmap");
    for (size_t at = 0; at + 4096 <= size; at += 4096) {
        if (write(ends[1], text, sizeof text) != sizeof text)
            tap_give_up("write");
        pattern(in, at);
        if (call_with_registers(in, out, SYS_read, ends[0], (long)(fresh + at), 4096) != 4096)
            wrong++;
        if (!kept(in, out) || memcmp(fresh + at, text, 4096) != 0)
            wrong++;
    }
    tap_is(wrong, 0, "d0-d31 are kept, and the bytes right, over reads into untouched pages");
    close(ends[0]);
    close(ends[1]);
    munmap(fresh, size);
}

static void test_fork(void)
{
    uint64_t in[32], out[32];
    int status;
    long pid;

    pattern(in, 77);
    pid = call_with_registers(in, out, SYS_fork, 0, 0, 0);
    if (pid == 0)
        _exit(kept(in, out) ? 0 : 1);
    tap_ok(kept(in, out), "fork: the parent keeps its registers");
    waitpid((pid_t)pid, &status, 0);
    tap_is(status, 0, "fork: the child has the parent's registers");
}

static volatile double handled;

static void on_signal(int signal)
{
    uint64_t other[32], out[32];

    pattern(other, (uint64_t)signal);
    call_with_registers(other, out, SYS_sched_yield, 0, 0, 0);
    handled = handled * 1.5 + 1.0;
}

static void test_signal(void)
{
    uint64_t in[32], out[32];

    signal(SIGUSR1, on_signal);
    pattern(in, 123);
    call_with_registers(in, out, SYS_kill, getpid(), SIGUSR1, 0);
    tap_ok(handled == 1.0, "a handler may compute");
    tap_ok(kept(in, out), "a handler's use of d0-d31 is not seen by what it interrupted");
}

int main(void)
{
    tap_begin();
    test_switches();
    test_wide_copy();
    test_fork();
    test_signal();
    return tap_end();
}
