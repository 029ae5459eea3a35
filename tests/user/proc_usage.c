/*
 * proc_usage.c - what processes and threads have used, as getrusage and wait4 tell it: memory, faults, switches.
 */
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

enum { page = 4096, pages = 500, yields = 50 };

extern char **environ;

static struct rusage usage_of(int who)
{
    struct rusage usage;

    getrusage(who, &usage);
    return usage;
}

/* Touch so many new pages and give them back. */
static void touch_pages(int count)
{
    volatile char *memory =
        mmap(NULL, (size_t)count * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    for (int i = 0; i < count; i++)
        memory[i * page] = 1;
    munmap((void *)memory, (size_t)count * page);
}

static void test_self(void)
{
    struct rusage before = usage_of(RUSAGE_SELF), after, thread;
    long kib = pages * page / 1024;

    touch_pages(pages);
    for (int i = 0; i < yields; i++)
        sched_yield();
    after = usage_of(RUSAGE_SELF);
    thread = usage_of(RUSAGE_THREAD);
    tap_ok(before.ru_maxrss > 0, "getrusage: ru_maxrss");
    tap_ok(after.ru_maxrss >= kib && after.ru_maxrss < before.ru_maxrss + kib + 64,
           "is the most that was resident: %ld KiB after %ld", after.ru_maxrss, before.ru_maxrss);
    tap_ok(after.ru_minflt - before.ru_minflt >= pages && after.ru_minflt - before.ru_minflt < pages + 32,
           "ru_minflt: a fault for each page");
    tap_ok(after.ru_nvcsw - before.ru_nvcsw >= yields, "ru_nvcsw: a switch for each sched_yield");
    tap_is(thread.ru_minflt, after.ru_minflt, "RUSAGE_THREAD: the only thread's faults");
    tap_is(thread.ru_maxrss, after.ru_maxrss, "and its process's memory");
    touch_pages(10);
    tap_is(usage_of(RUSAGE_SELF).ru_maxrss, after.ru_maxrss, "the most stays the most");
}

static int touches(void *count)
{
    touch_pages(*(int *)count);
    for (int i = 0; i < yields; i++)
        sched_yield();
    return 0;
}

/* What it does itself is less than its child does. */
static int has_child(void *count)
{
    int few = 10;

    tap_child(touches, count);
    touches(&few);
    return 0;
}

static void test_children(void)
{
    struct rusage before = usage_of(RUSAGE_CHILDREN), after, usage;
    int many = 3 * pages, less = pages;
    pid_t pid = tap_start(touches, &many);

    tap_is(wait4(pid, NULL, 0, &usage), pid, "wait4");
    after = usage_of(RUSAGE_CHILDREN);
    tap_ok(usage.ru_maxrss >= many * page / 1024, "tells the most memory that the child had");
    tap_ok(usage.ru_minflt >= many, "its faults");
    tap_ok(usage.ru_nvcsw >= yields, "and its switches");
    tap_is(after.ru_minflt - before.ru_minflt, usage.ru_minflt, "RUSAGE_CHILDREN: ru_minflt of who was waited for");
    tap_is(after.ru_nvcsw - before.ru_nvcsw, usage.ru_nvcsw, "ru_nvcsw");
    tap_is(after.ru_nivcsw - before.ru_nivcsw, usage.ru_nivcsw, "ru_nivcsw");
    tap_is(after.ru_maxrss, usage.ru_maxrss, "and the largest ru_maxrss");
    pid = tap_start(touches, &less);
    wait4(pid, NULL, 0, &usage);
    tap_ok(usage.ru_maxrss < after.ru_maxrss, "a smaller child had less");
    tap_is(usage_of(RUSAGE_CHILDREN).ru_maxrss, after.ru_maxrss, "the largest ru_maxrss stays");
}

static void test_grandchildren(void)
{
    struct rusage usage;
    int many = pages;
    pid_t pid = tap_start(has_child, &many);

    wait4(pid, NULL, 0, &usage);
    tap_ok(usage.ru_minflt >= many && usage.ru_maxrss >= many * page / 1024,
           "wait4 counts in the child's own children");
}

/* Executes this program, which does nothing: what was used before is used. */
static int touches_and_execs(void *count)
{
    touch_pages(*(int *)count);
    execve("/tests/proc_usage", (char *[]){"proc_usage", "ends", NULL}, environ);
    return 1;
}

static void test_exec(void)
{
    struct rusage usage;
    int many = pages;
    pid_t pid = tap_start(touches_and_execs, &many);

    wait4(pid, NULL, 0, &usage);
    tap_ok(usage.ru_minflt >= many && usage.ru_maxrss >= many * page / 1024, "exec keeps what the process has used");
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return 0;
    tap_begin();
    test_self();
    test_children();
    test_grandchildren();
    test_exec();
    return tap_end();
}
