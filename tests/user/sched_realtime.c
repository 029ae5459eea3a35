/*
 * sched_realtime.c - SCHED_FIFO and SCHED_RR: a higher priority runs at once, equals by their policy's rule.
 *
 * All is bound to CPU 0, so that the order of what happens is the scheduler's choice alone; it is written into shared
 * memory as it happens.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static struct shared {
    volatile unsigned length;
    volatile char order[4096];
    volatile int64_t until;
} * shared;

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void note(char c)
{
    shared->order[shared->length++] = c;
}

static void start_order(void)
{
    shared->length = 0;
    memset((void *)shared->order, 0, sizeof shared->order);
}

static int set_policy(pid_t pid, int policy, int priority)
{
    struct sched_param param = {.sched_priority = priority};

    return sched_setscheduler(pid, policy, &param);
}

static int note_child(void *context)
{
    note(*(char *)context);
    return 0;
}

/* A child inherits the policy; it is ready behind its parent, which goes on until it waits. */
static void test_equal_fifo(void)
{
    pid_t b, c;

    start_order();
    b = tap_start(note_child, "b");
    c = tap_start(note_child, "c");
    note('a');
    tap_wait(b);
    tap_wait(c);
    tap_is_text((const char *)shared->order, "abc", "SCHED_FIFO: equals run in the order they became ready");
}

static int raise_and_note(void *context)
{
    int *ends = context;
    char byte;

    set_policy(0, SCHED_FIFO, 20);
    note('h');
    if (read(ends[0], &byte, 1) != 1)
        return 1;
    note('H');
    return 0;
}

/* One of higher priority that is woken runs at once, before its waker goes on. */
static void test_preemption(void)
{
    int ends[2];
    ssize_t wrote;
    pid_t high;

    if (pipe(ends) != 0)
        tap_give_up("pipe");
    start_order();
    high = tap_start(raise_and_note, ends);
    sched_yield(); /* it runs, raises itself, notes 'h', sleeps */
    note('l');
    wrote = write(ends[1], "x", 1);
    note('L');
    tap_is(wrote, 1, "write");
    tap_is(tap_wait(high), 0, "the woken thread ended well");
    tap_is_text((const char *)shared->order, "hlHL", "a woken thread of higher priority preempts at once");
    close(ends[0]);
    close(ends[1]);
}

static int spin_and_note(void *context)
{
    do {
        unsigned n = shared->length;

        if ((n == 0 || shared->order[n - 1] != *(char *)context) && n < sizeof shared->order - 1)
            note(*(char *)context);
    } while (now() < shared->until);
    return 0;
}

/* Two that compute for 60 ms: round robin changes between them each slice, first in first out does not. */
static void test_slices(int policy, const char *name)
{
    pid_t a, b;
    unsigned turns;

    set_policy(0, policy, 10);
    start_order();
    shared->until = now() + 60000000;
    a = tap_start(spin_and_note, "a");
    b = tap_start(spin_and_note, "b");
    tap_wait(a);
    tap_wait(b);
    turns = shared->length;
    if (policy == SCHED_RR)
        tap_in_time(turns >= 8 && turns <= 20, "%s: slices of 4 ms: %u turns in 60 ms", name, turns);
    else
        tap_is_text((const char *)shared->order, "ab", "%s: no slices", name);
    set_policy(0, SCHED_FIFO, 10);
}

/* A time-sharing thread that is ready all the time does not run while a real-time one does. */
static int spin_other(void *context)
{
    (void)context;
    set_policy(0, SCHED_OTHER, 0);
    note('o');
    return 0;
}

static void test_over_fair(void)
{
    pid_t other;
    int64_t end;

    start_order();
    other = tap_start(spin_other, NULL);
    sched_yield(); /* it runs as our equal, until it steps down */
    for (end = now() + 20000000; now() < end;)
        ;
    note('r');
    tap_wait(other);
    tap_is_text((const char *)shared->order, "ro", "real-time threads run before time-sharing ones");
}

static void test_errors(void)
{
    struct sched_param param = {.sched_priority = 0};

    tap_fails(sched_setscheduler(0, SCHED_FIFO, &param), EINVAL, "POSIX sched_setscheduler: EINVAL, priority 0");
    param.sched_priority = sched_get_priority_max(SCHED_FIFO) + 1;
    tap_fails(sched_setscheduler(0, SCHED_FIFO, &param), EINVAL, "POSIX sched_setscheduler: EINVAL, priority too high");
    param.sched_priority = 1;
    tap_fails(sched_setscheduler(0, SCHED_OTHER, &param), EINVAL,
              "POSIX sched_setscheduler: EINVAL, SCHED_OTHER has 0");
    tap_fails(sched_setscheduler(0, 77, &param), EINVAL, "POSIX sched_setscheduler: EINVAL, policy");
    tap_fails(sched_setscheduler(99999, SCHED_FIFO, &param), ESRCH, "POSIX sched_setscheduler: ESRCH");
    tap_ok(sched_get_priority_max(SCHED_FIFO) - sched_get_priority_min(SCHED_FIFO) >= 31,
           "POSIX: at least 32 priorities");
    tap_works(set_policy(0, SCHED_FIFO, 10), "sched_setscheduler");
    tap_is(sched_getscheduler(0), SCHED_FIFO, "sched_getscheduler tells the policy");
    tap_works(sched_getparam(0, &param), "sched_getparam");
    tap_fails(sched_getparam(0, NULL), EINVAL, "Linux sched_getparam: EINVAL");
    tap_is(param.sched_priority, 10, "... tells the priority");
}

static int set_policy_as_user(void *context)
{
    (void)context;
    if (setuid(1000) != 0)
        return 2;
    return set_policy(0, SCHED_FIFO, 1) == -1 && errno == EPERM ? 0 : 1;
}

int main(void)
{
    cpu_set_t set;

    tap_begin();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        tap_give_up("mmap");
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    tap_works(sched_setaffinity(0, sizeof set, &set), "bound to CPU 0");
    test_errors();
    test_equal_fifo();
    test_preemption();
    test_over_fair();
    test_slices(SCHED_RR, "SCHED_RR");
    test_slices(SCHED_FIFO, "SCHED_FIFO");
    set_policy(0, SCHED_OTHER, 0);
    tap_is(tap_child_result(set_policy_as_user, NULL), 0, "POSIX sched_setscheduler: EPERM");
    return tap_end();
}
