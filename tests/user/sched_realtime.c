/*
 * sched_realtime.c - SCHED_FIFO and SCHED_RR: a higher priority runs at once, equals by their policy's rule.
 *
 * All is bound to CPU 0, so that the order of what happens is the scheduler's choice alone; it is written into shared
 * memory as it happens.  With several CPUs, a thread that has to leave CPU 0 to a higher priority goes to another one
 * at once, although none is idle.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
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
    volatile bool stop, end;
    volatile unsigned begun, rounds;
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

/* Compute without end: `t`ime-sharing on any CPU, or with a `h`igher or a `l`ower priority on all but CPU 0. */
static int keep_busy(void *context)
{
    char kind = *(const char *)context;

    tap_bind(kind == 't' ? 0xff : 0xfe);
    set_policy(0, kind == 't' ? SCHED_OTHER : SCHED_FIFO, kind == 't' ? 0 : kind == 'h' ? 15 : 5);
    __atomic_fetch_add(&shared->begun, 1, __ATOMIC_RELAXED);
    while (!(kind == 'h' && shared->stop) && !shared->end)
        ;
    return 0;
}

/* Count rounds, having begun on CPU 0, free to go on elsewhere; wait for a byte before. */
static int count_rounds(void *context)
{
    int *ends = context;
    char byte;

    set_policy(0, SCHED_FIFO, 10);
    tap_bind(0xff);
    __atomic_fetch_add(&shared->begun, 1, __ATOMIC_RELAXED);
    if (ends != NULL && read(ends[0], &byte, 1) != 1)
        return 1;
    while (!shared->end)
        shared->rounds++;
    return 0;
}

/* Keeps CPU 0 until the other has done another round; it gives up after a minute. */
static bool goes_on(void)
{
    int64_t limit = now() + 60000000000;

    for (unsigned before = shared->rounds; shared->rounds == before;)
        if (now() > limit)
            return false;
    return true;
}

static bool have_begun(void *count)
{
    return shared->begun == *(unsigned *)count;
}

/* Real-time threads go to where none of their priority runs: when they wake up, and when they have to yield. */
static void test_other_cpus(int cpus, const char *kind, int *ends, const char *text)
{
    unsigned others = (unsigned)cpus - (*kind != 't'), all = others + 1;
    pid_t busy[8], counter;

    shared->begun = 0;
    shared->stop = shared->end = false;
    set_policy(0, SCHED_FIFO, 20);
    for (unsigned i = 0; i < others; i++)
        busy[i] = tap_start(keep_busy, (void *)kind);
    tap_until(have_begun, &others); /* for the counter takes the CPU of one that has a lower priority */
    counter = tap_start(count_rounds, ends);
    tap_until(have_begun, &all);
    if (ends != NULL)
        tap_until(tap_is_asleep, &counter);
    if (ends != NULL && write(ends[1], "x", 1) != 1)
        tap_give_up("write");
    shared->stop = true;
    tap_ok(goes_on(), "%s", text);
    shared->end = true;
    for (unsigned i = 0; i < others; i++)
        tap_wait(busy[i]);
    tap_is(tap_wait(counter), 0, "the thread ended well");
    set_policy(0, SCHED_FIFO, 10);
}

/* QEMU's icount runs one CPU at a time, and one that waits for another may wait long. */
static bool cpus_run_at_once(void)
{
    char text[512];
    int file = open("/proc/cmdline", O_RDONLY);
    ssize_t length = read(file, text, sizeof text - 1);

    close(file);
    text[length > 0 ? length : 0] = '\0';
    return sysconf(_SC_NPROCESSORS_ONLN) > 1 && strstr(text, "icount") == NULL;
}

static void test_any_cpu(void)
{
    int cpus = (int)sysconf(_SC_NPROCESSORS_ONLN), ends[2];

    if (!cpus_run_at_once() || pipe(ends) != 0) {
        tap_skip("several CPUs that run at once are wanted");
        return;
    }
    test_other_cpus(cpus, "t", ends, "one that wakes up behind a higher priority runs on another CPU at once");
    test_other_cpus(cpus, "t", NULL, "one that is preempted by a higher priority goes on on another CPU");
    test_other_cpus(cpus, "l", ends, "one that wakes up behind a higher priority runs before a lower one elsewhere");
    test_other_cpus(cpus, "l", NULL, "one that is preempted by a higher priority goes on before a lower one elsewhere");
    test_other_cpus(cpus, "h", ends, "one that waits for a CPU runs where a higher priority ends");
    close(ends[0]);
    close(ends[1]);
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
    tap_begin();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        tap_give_up("mmap");
    tap_works(tap_bind(1), "bound to CPU 0");
    test_errors();
    test_equal_fifo();
    test_preemption();
    test_over_fair();
    test_slices(SCHED_RR, "SCHED_RR");
    test_slices(SCHED_FIFO, "SCHED_FIFO");
    test_any_cpu();
    set_policy(0, SCHED_OTHER, 0);
    tap_is(tap_child_result(set_policy_as_user, NULL), 0, "POSIX sched_setscheduler: EPERM");
    return tap_end();
}
