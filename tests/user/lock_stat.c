/*
 * lock_stat.c - /proc/lock_stat, which only a debug kernel has: how often each class of spinlocks was taken, and how
 * long CPUs waited for it.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

struct use {
    unsigned rank;
    unsigned long taken, waited;
    unsigned long long total, longest;
    char name[32];
};

/* One line; false: there are no more. */
static bool read_use(FILE *file, struct use *use)
{
    return fscanf(file, "%u %lu %lu %llu %llu %31[^\n]", &use->rank, &use->taken, &use->waited, &use->total,
                  &use->longest, use->name) == 6;
}

/* The class of that name; all zero: there is none. */
static struct use use_of(const char *name)
{
    FILE *file = fopen("/proc/lock_stat", "r");
    struct use use;
    bool found = false;

    while (!found && read_use(file, &use))
        found = strcmp(use.name, name) == 0;
    fclose(file);
    return found ? use : (struct use){0};
}

/* While other CPUs count, one of the sums may be a step ahead of another: for tap_until(). */
static bool sums_fit(void *lines)
{
    FILE *file = fopen("/proc/lock_stat", "r");
    bool fit = true;
    struct use use;

    for (*(int *)lines = 0; read_use(file, &use); ++*(int *)lines)
        fit = fit && use.rank != 0 && use.taken >= use.waited && use.total >= use.longest &&
              use.total <= use.waited * use.longest;
    fit = fit && feof(file);
    fclose(file);
    return fit;
}

static void test_lines(void)
{
    int lines;

    tap_ok(tap_until(sums_fit, &lines), "each class of locks has a rank, and sums that fit together");
    tap_ok(lines > 8, "/proc/lock_stat: %d classes of locks", lines);
}

static void test_taken(void)
{
    unsigned long before = use_of("processes").taken, after;

    for (int i = 0; i < 1000; i++)
        getsid(0);
    after = use_of("processes").taken;
    tap_ok(after - before >= 1000, "each time that a lock is taken counts");
}

static int asks_on(void *unused)
{
    (void)unused;
    while (getsid(0) >= 0)
        continue;
    return 1;
}

static bool is_waited_for(void *before)
{
    struct use use = use_of("processes");

    return use.waited > *(unsigned long *)before && use.total >= use.longest && use.longest > 0;
}

static void test_waited(void)
{
    unsigned long before = use_of("processes").waited;
    pid_t asking[2];

    if (sysconf(_SC_NPROCESSORS_ONLN) < 2 || tap_time_is_exact()) {
        tap_skip("one CPU at a time: nobody waits for a lock");
        return;
    }
    for (int i = 0; i < 2; i++)
        asking[i] = tap_start(asks_on, NULL);
    tap_ok(tap_until(is_waited_for, &before), "a lock that several CPUs want is waited for, and how long is told");
    for (int i = 0; i < 2; i++) {
        kill(asking[i], SIGKILL);
        tap_wait(asking[i]);
    }
}

int main(void)
{
    tap_begin();
    if (access("/proc/lock_stat", F_OK) != 0) {
        tap_skip("this kernel is no debug kernel");
        return tap_end();
    }
    test_lines();
    test_taken();
    test_waited();
    return tap_end();
}
