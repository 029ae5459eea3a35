/*
 * lock_stat.c - /proc/lock_stat, which only a debug kernel has: how often each class of spinlocks was taken, and how
 * long CPUs waited for it.
 */
#include <signal.h>
#include <unistd.h>

#include "lock_use.h"
#include "tap.h"

/* While other CPUs count, one of the sums may be a step ahead of another: for tap_until(). */
static bool sums_fit(void *lines)
{
    FILE *file = fopen("/proc/lock_stat", "r");
    bool fit = true;
    struct lock_use use;

    for (*(int *)lines = 0; lock_use_read(file, &use); ++*(int *)lines)
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
    unsigned long before = lock_use_of("processes").taken, after;

    for (int i = 0; i < 1000; i++)
        getsid(0);
    after = lock_use_of("processes").taken;
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
    struct lock_use use = lock_use_of("processes");

    return use.waited > *(unsigned long *)before && use.total >= use.longest && use.longest > 0;
}

static void test_waited(void)
{
    unsigned long before = lock_use_of("processes").waited;
    pid_t asking[2];

    if (sysconf(_SC_NPROCESSORS_ONLN) < 2 || tap_time_is_exact()) {
        tap_skip("one CPU at a time: nobody waits for a lock");
        return;
    }
    for (int i = 0; i < 2; i++)
        asking[i] = tap_start(asks_on, NULL);
    tap_ok(tap_until(is_waited_for, &before), "a lock that several CPUs want is waited for, and how long is told");
    for (int i = 0; i < 2; i++) {
        tap_kill(asking[i]);
    }
}

int main(void)
{
    tap_begin();
    if (!lock_use_counted()) {
        tap_skip("this kernel is no debug kernel");
        return tap_end();
    }
    test_lines();
    test_taken();
    test_waited();
    return tap_end();
}
