/*
 * futex-cost.c - what futexes cost: a lock that nobody else wants, calls that find nothing to do, two that take turns.
 *
 * With --icount an instruction takes one nanosecond, so that the figures are instructions:
 *
 *      tools/parley-run --smp 1 --icount /demos/futex-cost
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <abi/futex.h>

enum { rounds = 2000 };

static volatile unsigned *words; /* shared with the child */

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static long futex(unsigned i, int operation, unsigned value)
{
    return syscall(SYS_futex, &words[i], operation, value, 0, 0, 0);
}

static void swap(unsigned i, unsigned from, unsigned to)
{
    __atomic_compare_exchange_n(&words[i], &from, to, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

static void lock_without_call(void)
{
    swap(0, 0, 1);
    swap(0, 1, 0);
}

static void wake_nobody(void)
{
    futex(0, FUTEX_WAKE, 1);
}

static void wait_too_late(void)
{
    futex(0, FUTEX_WAIT, 1);
}

static void lock_pi(void)
{
    futex(0, FUTEX_LOCK_PI, 0);
    futex(0, FUTEX_UNLOCK_PI, 0);
}

static void say(unsigned i)
{
    words[i] = 1;
    futex(i, FUTEX_WAKE, 1);
}

static void hear(unsigned i)
{
    while (words[i] == 0)
        futex(i, FUTEX_WAIT, 0);
    words[i] = 0;
}

static void there_and_back(void)
{
    say(1);
    hear(2);
}

static void measure(const char *what, void (*body)(void))
{
    long long start = now();

    for (int i = 0; i < rounds; i++)
        body();
    printf("%-48s %5lld ns\n", what, (now() - start) / rounds);
    fflush(stdout);
}

int main(void)
{
    words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (words == MAP_FAILED) {
        perror("futex-cost");
        return 1;
    }
    words[0] = 0;
    measure("a lock that nobody else wants: no call", lock_without_call);
    measure("WAKE, nobody waits", wake_nobody);
    measure("WAIT, the word has changed", wait_too_late);
    measure("LOCK_PI and UNLOCK_PI, by calls", lock_pi);
    if (fork() == 0) {
        for (int i = 0; i < rounds; i++) {
            hear(1);
            say(2);
        }
        _exit(0);
    }
    measure("WAIT and WAKE, two processes: there and back", there_and_back);
    wait(NULL);
    return 0;
}
