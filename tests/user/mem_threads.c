/*
 * mem_threads.c - threads of one space on several CPUs, each with a TLB of its own: a page that fork made read-only and
 * the first thread to write made writable again serves the others, whatever their CPUs remember of it.  Threads are the
 * kernel's own here, without a library.
 */
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ask.h"
#include "hand_thread.h"
#include "tap.h"

enum { threads = 3, rounds = 200, page = 4096 };

static volatile unsigned char *memory;
static volatile int turn, seen, done;

/* For tap_until(), by the first thread, of which the others must not wait in vain: they end with it. */
static bool all_have(void *word)
{
    return *(volatile int *)word == threads;
}

static void until_all_have(volatile int *word, const char *what)
{
    for (int i = 0; i < 1000 && !all_have((void *)word); i++)
        sched_yield();
    if (!all_have((void *)word) && !tap_until(all_have, (void *)word))
        tap_give_up("not all threads have %s", what);
}

static void wait_for(volatile int *word, int value)
{
    while (*word != value)
        plain_call(SYS_sched_yield, 0, 0, 0, 0);
}

/* Each round: read, wait for the first write, and write a place of one's own. */
static void follow(int self)
{
    for (int round = 1; round <= rounds; round++) {
        wait_for(&turn, 2 * round - 1);
        (void)memory[self];
        __atomic_fetch_add(&seen, 1, __ATOMIC_SEQ_CST);
        wait_for(&turn, 2 * round);
        memory[self] = (unsigned char)round;
        __atomic_fetch_add(&done, 1, __ATOMIC_SEQ_CST);
    }
}

static int nothing(void *context)
{
    (void)context;
    return 0;
}

int main(void)
{
    bool right = true;

    tap_begin();
    memory = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < threads; i++)
        hand_start_or_give_up((unsigned)i, follow, i);
    for (int round = 1; round <= rounds; round++) {
        memory[threads] = (unsigned char)round;
        tap_child(nothing, NULL); /* the page is read-only, and soon nobody else's */
        seen = done = 0;
        turn++;
        until_all_have(&seen, "read the page");
        memory[threads] = (unsigned char)-round;
        turn++;
        until_all_have(&done, "written to it");
        for (int i = 0; i < threads; i++)
            right &= memory[i] == (unsigned char)round;
        right &= memory[threads] == (unsigned char)-round;
    }
    tap_ok(right, "in %d rounds each thread wrote to a page that fork had protected", rounds);
    for (unsigned i = 0; i < threads; i++)
        hand_join(i);
    return tap_end();
}
