/*
 * signal_thread.c - signals in a process of several threads: which thread takes one, and what hits all of them.
 */
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ask.h"
#include "hand_thread.h"
#include "tap.h"

static const struct timespec little = {.tv_nsec = 2000000};

static void block(int how, int signal)
{
    sigset_t set = 1ull << (signal - 1);

    plain_call(SYS_sigprocmask, how, (long)&set, 0, 0);
}

static volatile int taker, taken, ready;

static void note_taker(int signal)
{
    (void)signal;
    taker = (int)plain_call(SYS_gettid, 0, 0, 0, 0);
    taken++;
}

/* Waits for ever, with SIGUSR2 blocked or not. */
static void waits(int blocked)
{
    sigset_t none = 0;

    block(blocked ? SIG_BLOCK : SIG_UNBLOCK, SIGUSR2);
    ready = 1;
    for (;;) {
        if (blocked)
            plain_call(SYS_nanosleep, 4, 0, (long)&little, 0);
        else
            plain_call(SYS_sigsuspend, (long)&none, 0, 0, 0);
    }
}

static void wait_for(volatile int *word, int value)
{
    for (int i = 0; i < 60000 && *word != value; i++)
        plain_call(SYS_nanosleep, 4, 0, (long)&little, 0);
}

static int start_waiting(unsigned slot, int blocked)
{
    int tid;

    ready = 0;
    tid = hand_start(slot, waits, blocked);
    wait_for(&ready, 1);
    return tid;
}

/* The first thread blocks the signal: another takes it. */
static int another_takes(void *unused)
{
    int tid;

    (void)unused;
    signal(SIGUSR2, note_taker);
    block(SIG_BLOCK, SIGUSR2);
    tid = start_waiting(0, 0);
    kill(getpid(), SIGUSR2);
    wait_for(&taken, 1);
    return taken == 1 && taker == tid ? 0 : 1;
}

/* All block it: it waits for the first that does not any more. */
static int waits_for_taker(void *unused)
{
    (void)unused;
    signal(SIGUSR2, note_taker);
    block(SIG_BLOCK, SIGUSR2);
    start_waiting(0, 1);
    kill(getpid(), SIGUSR2);
    nanosleep(&little, NULL);
    if (taken != 0)
        return 1;
    block(SIG_UNBLOCK, SIGUSR2);
    return taken == 1 && taker == getpid() ? 0 : 2;
}

/* A signal for one thread is no other's, blocked or not. */
static int thread_takes_its_own(void *unused)
{
    int tid;

    (void)unused;
    signal(SIGUSR2, note_taker);
    tid = start_waiting(0, 0);
    plain_call(SYS_tgkill, getpid(), tid, SIGUSR2, 0);
    wait_for(&taken, 1);
    if (taker != tid)
        return 1;
    plain_call(SYS_tgkill, getpid(), getpid(), SIGUSR2, 0);
    return taken == 2 && taker == getpid() ? 0 : 2;
}

static void faults(int unused)
{
    (void)unused;
    volatile uintptr_t nowhere = 8; /* the compiler must not know */
    *(volatile int *)nowhere = 1;
}

static int fault_in_thread(void *unused)
{
    (void)unused;
    hand_start(0, faults, 0);
    while (pause() == -1)
        continue;
    return 0;
}

/* Counts while it runs, so that it can be seen to stand still. */
static volatile unsigned *counter;

static void counts(int unused)
{
    (void)unused;
    for (;;)
        ++*counter;
}

static int counts_in_thread(void *unused)
{
    (void)unused;
    hand_start(0, counts, 0);
    start_waiting(1, 1);
    while (pause() == -1)
        continue;
    return 0;
}

static bool is_counting(void *unused)
{
    unsigned before = *counter;

    (void)unused;
    nanosleep(&little, NULL);
    return *counter != before;
}

static void test_stop(void)
{
    pid_t pid;
    int status;

    counter = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid = tap_start(counts_in_thread, NULL);
    tap_ok(tap_until(is_counting, NULL), "a thread that counts");
    kill(pid, SIGSTOP);
    tap_ok(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status), "the process stops");
    tap_ok(!is_counting(NULL), "and with it, when its parent is told, every thread");
    kill(pid, SIGCONT);
    tap_ok(waitpid(pid, &status, WCONTINUED) == pid && WIFCONTINUED(status), "it goes on");
    tap_ok(tap_until(is_counting, NULL), "with every thread");
    kill(pid, SIGTERM);
    tap_ok(waitpid(pid, &status, 0) == pid && WTERMSIG(status) == SIGTERM, "a deadly signal ends all threads");
    munmap((void *)counter, 4096);
}

static void ends_at_once(int unused)
{
    (void)unused;
}

/* What is sent to a thread in its last moments is kept nowhere: "nothing is left behind" tells. */
static void test_thread_on_its_way_out(void)
{
    int sent = 0;

    block(SIG_BLOCK, SIGRTMIN);
    for (int i = 0; i < 100; i++) {
        int tid = hand_start_or_give_up(0, ends_at_once, 0);

        while (plain_call(SYS_tgkill, getpid(), tid, SIGRTMIN, 0) != -ESRCH)
            sent++;
        hand_join(0);
    }
    tap_ok(sent > 0, "a thread that ends takes its signals along");
}

int main(void)
{
    tap_begin();
    test_thread_on_its_way_out();
    tap_is(tap_child_result(another_takes, NULL), 0,
           "a signal for the process goes to a thread that does not block it");
    tap_is(tap_child_result(waits_for_taker, NULL), 0, "if all block it, it waits");
    tap_is(tap_child_result(thread_takes_its_own, NULL), 0, "tgkill means one thread");
    tap_is(tap_child_result(fault_in_thread, NULL), -SIGSEGV, "a thread's fault ends the process");
    test_stop();
    return tap_end();
}
