/*
 * futex.c - sleeping on a word: wait, wake, timeouts, interruptions, and that no wake is lost.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <abi/futex.h>

#include "ask.h"
#include "hand_thread.h"
#include "tap.h"

static long futex(volatile int *word, int operation, int value, const struct timespec *timeout)
{
    return plain_call(SYS_futex, (long)word, operation | FUTEX_PRIVATE, value, (long)timeout);
}

static void interrupt(int signal)
{
    (void)signal;
}

static void test_errors(void)
{
    struct timespec little = {.tv_nsec = 10000000}, bad = {.tv_nsec = -1};
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = SA_RESTART};
    volatile int word = 1;
    pid_t child;

    tap_is(futex(&word, FUTEX_WAIT, 0, NULL), -EAGAIN, "futex: EAGAIN, the word differs");
    tap_is(futex(&word, FUTEX_WAIT, 1, &little), -ETIMEDOUT, "futex: ETIMEDOUT");
    tap_is(futex(&word, FUTEX_WAIT, 1, &bad), -EINVAL, "futex: EINVAL, a time that is none");
    tap_is(futex((volatile int *)((uintptr_t)&word + 1), FUTEX_WAIT, 1, NULL), -EINVAL, "futex: EINVAL, not aligned");
    tap_is(futex((volatile int *)((uintptr_t)&word + 1), FUTEX_WAKE, 1, NULL), -EINVAL, "also to wake");
    tap_is(futex((volatile int *)16, FUTEX_WAIT, 1, NULL), -EFAULT, "futex: EFAULT");
    tap_is(futex((volatile int *)0x80000000, FUTEX_WAIT, 1, NULL), -EFAULT, "futex: EFAULT, in the kernel");
    tap_is(futex((volatile int *)0x80000000, FUTEX_WAKE, 1, NULL), -EFAULT, "also to wake");
    tap_is(futex(&word, FUTEX_WAKE, 1, NULL), 0, "nobody to wake");
    tap_is(futex(&word, 99, 1, NULL), -ENOSYS, "futex: ENOSYS");
    sigaction(SIGALRM, &action, NULL);
    child = tap_signal_when_asleep(SIGALRM);
    tap_is(futex(&word, FUTEX_WAIT, 1, &(struct timespec){.tv_sec = 100}), -EINTR,
           "futex: EINTR, for a relative time even with SA_RESTART");
    tap_wait(child);
    action.sa_flags = 0;
    sigaction(SIGALRM, &action, NULL);
    child = tap_signal_when_asleep(SIGALRM);
    tap_is(futex(&word, FUTEX_WAIT, 1, NULL), -EINTR, "futex: EINTR");
    tap_wait(child);
}

static bool are_waiting(void *number)
{
    return waiters_for_words(getpid()) == *(int *)number;
}

static volatile int gate, passed;

static void waits_at_gate(int unused)
{
    (void)unused;
    while (gate == 0)
        futex(&gate, FUTEX_WAIT, 0, NULL);
    __atomic_fetch_add(&passed, 1, __ATOMIC_SEQ_CST);
}

static void test_wake(void)
{
    int three = 3;
    long woken;

    for (unsigned i = 0; i < 3; i++)
        hand_start_or_give_up(i, waits_at_gate, 0);
    tap_ok(tap_until(are_waiting, &three), "three threads wait, as /proc/futex tells");
    tap_is(futex(&gate, FUTEX_WAKE, 1, NULL), 1, "FUTEX_WAKE wakes one");
    tap_ok(tap_until(are_waiting, &three) && passed == 0, "which looks again and sleeps");
    gate = 1;
    woken = futex(&gate, FUTEX_WAKE, 1000, NULL);
    tap_is(woken, 3, "FUTEX_WAKE wakes all");
    tap_ok(tap_until(hand_all_ended, NULL) && passed == 3, "and they go on");
}

/* Two threads hand a word back and forth. */
enum { rounds = 5000 };
static volatile int turn;

static void plays(int mine)
{
    for (int i = 0; i < rounds; i++) {
        int now;

        while ((now = turn) != mine)
            futex(&turn, FUTEX_WAIT, now, NULL);
        turn = !mine;
        futex(&turn, FUTEX_WAKE, 1, NULL);
    }
}

static void test_ping_pong(void)
{
    hand_start_or_give_up(0, plays, 0);
    hand_start_or_give_up(1, plays, 1);
    tap_ok(tap_until(hand_all_ended, NULL), "five thousand turns of two threads: no wake is lost");
}

int main(void)
{
    tap_begin();
    test_errors();
    test_wake();
    test_ping_pong();
    return tap_end();
}
