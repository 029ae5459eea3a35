/*
 * sched_share.c - the fair class: who is always ready gets CPU time by weight; who slept does not starve.
 *
 * All processes of a measurement are bound to CPU 0, but for those of test_cpus(): three on each CPU, and then some
 * that may run on all of them.  Shares are CPU time, by the kernel's clock of each process, in one second, measured
 * where the machine's time is exact: elsewhere the host decides who computes (tests/tools/sched_shares.py has several
 * CPUs).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#define WORKERS_MAX 24
#define SLICE 4000000  /* ns */
#define BUCKET 8388608 /* ns of virtual time: the class's order is exact to that (kernel/core/fair.c) */

static struct shared {
    volatile int64_t start, end; /* CLOCK_MONOTONIC */
    volatile int64_t used[WORKERS_MAX];
} * shared;

static int64_t clock_now(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void bind_to(unsigned cpus)
{
    tap_works(tap_bind((1u << cpus) - 1), "bound to %u CPUs", cpus);
}

struct worker {
    int number, nice, cpu; /* ANY: where the parent may run */
};

#define ANY (-1)

static bool run_on(int cpu)
{
    return tap_bind(1u << cpu) == 0;
}

/* QEMU's icount runs one CPU at a time, and goes on to the next one at a YIELD. */
static void compute_until(int64_t end)
{
    for (unsigned i = 1; clock_now(CLOCK_MONOTONIC) < end; i++)
        if (i % 256 == 0)
            __asm__ volatile("yield");
}

/* Compute from the common start to the common end, and tell how much CPU time that gave. */
static int compute(void *context)
{
    struct worker *worker = context;
    int64_t before;

    if (worker->cpu != ANY && !run_on(worker->cpu))
        return 1;
    setpriority(PRIO_PROCESS, 0, worker->nice);
    compute_until(shared->start);
    before = clock_now(CLOCK_PROCESS_CPUTIME_ID);
    compute_until(shared->end);
    shared->used[worker->number] = clock_now(CLOCK_PROCESS_CPUTIME_ID) - before;
    return 0;
}

/* Run the workers for a second. */
static void run_all(struct worker *workers, int count)
{
    pid_t pids[WORKERS_MAX];

    shared->start = clock_now(CLOCK_MONOTONIC) + 100000000 + 10000000 * count;
    shared->end = shared->start + 1000000000;
    for (int i = 0; i < count; i++)
        pids[i] = tap_start(compute, &workers[i]);
    for (int i = 0; i < count; i++)
        tap_is(tap_wait(pids[i]), 0, "worker %d ended well", i);
}

static void measure(const int *nice, int count)
{
    struct worker workers[WORKERS_MAX];

    for (int i = 0; i < count; i++)
        workers[i] = (struct worker){i, nice[i], ANY};
    run_all(workers, count);
}

/* Each step of nice is a factor of 1.25. */
static double weight_of(int nice)
{
    double weight = 1;

    for (int i = 0; i < abs(nice); i++)
        weight *= nice < 0 ? 1.25 : 0.8;
    return weight;
}

/* What is due to each: a part by weight of all that there is, but no more than one CPU. */
static void divide(const int *nice, int count, double total, unsigned cpus, double *due)
{
    double weights, whole = total / cpus;
    bool changed = true;

    for (int i = 0; i < count; i++)
        due[i] = 0;
    while (changed) {
        changed = false;
        weights = 0;
        for (int i = 0; i < count; i++)
            weights += due[i] == whole ? 0 : weight_of(nice[i]);
        for (int i = 0; i < count && !changed; i++)
            if (due[i] != whole) {
                due[i] = total * weight_of(nice[i]) / weights;
                changed = due[i] > whole;
                due[i] = changed ? whole : due[i];
                total -= changed ? whole : 0;
            }
    }
}

/* What the workers from `first` on should have, exact to 5 % of that, to four slices, or to what a thread of that
 * weight runs in a bucket of virtual time, and a slice. */
static void judge(const int *nice, int first, int count, unsigned cpus)
{
    const volatile int64_t *used = &shared->used[first];
    double due[WORKERS_MAX], total = 0, worst = 0;

    for (int i = 0; i < count; i++)
        total += used[i];
    divide(nice, count, total, cpus, due);
    for (int i = 0; i < count; i++) {
        double share = due[i], error = (double)used[i] - share;
        double bucket = BUCKET * weight_of(nice[i]) + SLICE;

        error = error < 0 ? -error : error;
        worst = error > worst ? error : worst;
        tap_in_time(error <= share / 20 || error <= 4 * SLICE || error <= bucket,
                    "worker %d of %d, nice %d, %u CPUs: %d us of %d", first + i, count, nice[i], cpus,
                    (int)(used[i] / 1000), (int)(share / 1000));
    }
    tap_in_time(worst <= total / cpus / 20, "the worst error is within 5 %% of the second: %d us", (int)(worst / 1000));
}

static void test_equal(void)
{
    static const int nice[4] = {0, 0, 0, 0};

    measure(nice, 4);
    judge(nice, 0, 4, 1);
}

static void test_nice(void)
{
    static const int two[2] = {0, 5}, mixed[5] = {-10, -5, 0, 5, 10};

    measure(two, 2);
    judge(two, 0, 2, 1);
    measure(mixed, 5);
    judge(mixed, 0, 5, 1);
}

/* Three on each CPU, at the same time on all. */
static void test_each_cpu(int cpus)
{
    static const int nice[3] = {0, 0, 5};
    struct worker workers[WORKERS_MAX];

    for (int i = 0; i < 3 * cpus; i++)
        workers[i] = (struct worker){i, nice[i % 3], i / 3};
    run_all(workers, 3 * cpus);
    for (int cpu = 0; cpu < cpus; cpu++)
        judge(nice, 3 * cpu, 3, 1);
}

/* One more than there are CPUs: each has to wait as long as the others. */
static void test_one_more(int cpus)
{
    static const int nice[WORKERS_MAX] = {0};

    measure(nice, cpus + 1);
    judge(nice, 0, cpus + 1, (unsigned)cpus);
}

/* So many of each, which may run everywhere: the first ones are of another weight. */
static void test_weights(int cpus, int many, int their_nice, int others, int nice_of_others)
{
    int nice[WORKERS_MAX];

    for (int i = 0; i < many + others; i++)
        nice[i] = i < many ? their_nice : nice_of_others;
    measure(nice, many + others);
    judge(nice, 0, many + others, (unsigned)cpus);
}

static void test_cpus(void)
{
    int cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);

    bind_to((unsigned)cpus);
    test_each_cpu(cpus);
    test_one_more(cpus);
    test_weights(cpus, cpus, 0, cpus, 5);
    test_weights(cpus, cpus, 0, cpus - 1, 5);
    test_weights(cpus, 1, -10, cpus, 0);
}

/* One that sleeps most of the time gets the CPU soon after each sleep although three compute. */
static int nap(void *context)
{
    int64_t worst = 0;

    (void)context;
    for (int i = 0; i < 150; i++) {
        struct timespec rest = {0, 5000000};
        int64_t due = clock_now(CLOCK_MONOTONIC) + 5000000, late;

        nanosleep(&rest, NULL);
        late = clock_now(CLOCK_MONOTONIC) - due;
        worst = late > worst ? late : worst;
    }
    shared->used[WORKERS_MAX - 1] = worst;
    return 0;
}

static void test_sleeper(void)
{
    struct worker workers[3] = {{0, 0, ANY}, {1, 0, ANY}, {2, 0, ANY}};
    pid_t pids[3], sleeper;

    shared->start = clock_now(CLOCK_MONOTONIC);
    shared->end = shared->start + 1000000000;
    for (int i = 0; i < 3; i++)
        pids[i] = tap_start(compute, &workers[i]);
    sleeper = tap_start(nap, NULL);
    tap_is(tap_wait(sleeper), 0, "the sleeper ended well");
    for (int i = 0; i < 3; i++)
        tap_wait(pids[i]);
    judge((const int[3]){0, 0, 0}, 0, 3, 1);
    tap_in_time(shared->used[WORKERS_MAX - 1] < 3 * SLICE,
                "a woken thread waits less than a slice of each of three that compute: %lld us",
                shared->used[WORKERS_MAX - 1] / 1000);
}

static void test_shares(void)
{
    test_equal();
    test_nice();
    test_sleeper();
    test_cpus();
}

static void test_errors(void)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    tap_fails(sched_setaffinity(0, sizeof set, &set), EINVAL, "sched_setaffinity: EINVAL for no CPU");
    CPU_SET(0, &set);
    tap_fails(sched_setaffinity(99999, sizeof set, &set), ESRCH, "sched_setaffinity: ESRCH");
    tap_works(sched_getaffinity(0, sizeof set, &set), "sched_getaffinity");
    tap_is(CPU_COUNT(&set), 1, "... tells of one CPU");
    errno = 0;
    tap_fails(getpriority(PRIO_PROCESS, 99999), ESRCH, "POSIX getpriority: ESRCH");
    tap_fails(setpriority(99, 0, 0), EINVAL, "POSIX setpriority: EINVAL");
}

int main(void)
{
    tap_begin();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        tap_give_up("mmap");
    bind_to(1);
    test_errors();
    if (tap_time_is_exact())
        test_shares();
    else
        tap_skip("shares of time: a busy host decides");
    return tap_end();
}
