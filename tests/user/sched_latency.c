/*
 * sched_latency.c - from a wake-up to the first instruction: how long a real-time thread waits at most.
 *
 * It sleeps on CPU 0, for a time by chance again and again, while a process of the time-sharing class keeps that CPU
 * busy inside the kernel.  It is made ready by the timer, by another thread there, and by one on another CPU.  What it
 * waits is what it sees: from the time that was due, or that the other read just before its sem_post(), to the time
 * that it reads itself.  With --icount a nanosecond is an instruction.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#define BUFFER (4 * 1024 * 1024)
#define WAKES 300
#define BOUND 10000 /* ns */

static struct shared {
    volatile bool end;
    volatile int64_t posted;
    sem_t wake;
} * shared;

static char *buffer; /* all of its pages are there */
static uint32_t chance = 20240607;

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void sleep_until(int64_t due)
{
    struct timespec t = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000};

    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

/* 20 to 220 us. */
static int64_t interval(void)
{
    chance = chance * 1664525 + 1013904223;
    return 20000 + (chance >> 8) % 200000;
}

static bool set_priority(int policy, int priority)
{
    struct sched_param param = {.sched_priority = priority};

    return sched_setscheduler(0, policy, &param) == 0;
}

/* What keeps the kernel busy, one round each. */

static void load_fork(void)
{
    pid_t child = fork();

    if (child == 0)
        _exit(0);
    waitpid(child, NULL, 0);
}

static void load_exit(void)
{
    pid_t child = fork();

    if (child == 0) {
        memset(buffer, 2, BUFFER); /* a copy of each page, to be given back */
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void load_spawn(void)
{
    char *arguments[] = {"true", NULL};
    pid_t child;

    if (posix_spawn(&child, "/bin/true", NULL, NULL, arguments, NULL) == 0)
        waitpid(child, NULL, 0);
}

static void load_read(void)
{
    int zero = open("/dev/zero", O_RDONLY);

    if (read(zero, buffer, BUFFER) != BUFFER)
        abort();
    close(zero);
}

static void load_map(void)
{
    char *memory = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    memset(memory, 1, BUFFER);
    mprotect(memory, BUFFER, PROT_READ);
    munmap(memory, BUFFER);
}

static void load_file(void)
{
    char name[] = "/tmp/latency-XXXXXX";
    int file = mkstemp(name);

    if (write(file, buffer, BUFFER) != BUFFER)
        abort();
    unlink(name);
    close(file);
}

static void load_proc(void)
{
    static const char *const names[] = {"/proc/self/maps", "/proc/meminfo", "/proc/interrupts", "/proc/self/stat"};
    DIR *directory = opendir("/proc");

    while (readdir(directory) != NULL)
        ;
    closedir(directory);
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        int file = open(names[i], O_RDONLY);

        while (read(file, buffer, 4096) > 0)
            ;
        close(file);
    }
}

static void load_pipe(void)
{
    int ends[2];

    if (pipe(ends) != 0)
        abort();
    for (int i = 0; i < 100; i++)
        if (write(ends[1], buffer, 4096) != 4096 || read(ends[0], buffer, 4096) != 4096)
            abort();
    close(ends[0]);
    close(ends[1]);
}

static const struct load {
    const char *name;
    void (*round)(void);
} loads[] = {
    {"nothing", NULL},
    {"fork", load_fork},
    {"the end of a process with 4 MiB", load_exit},
    {"posix_spawn", load_spawn},
    {"read() of 4 MiB", load_read},
    {"mmap and munmap of 4 MiB", load_map},
    {"files of 4 MiB", load_file},
    {"/proc", load_proc},
    {"a pipe", load_pipe},
};

static int keep_busy(void *context)
{
    void (*const *round)(void) = context;

    set_priority(SCHED_OTHER, 0);
    while (!shared->end)
        (*round)();
    return 0;
}

/* Wake the first process WAKES times, from CPU `*context`. */
static int post(void *context)
{
    tap_bind(1u << *(int *)context);
    set_priority(SCHED_FIFO, 10);
    for (int i = 0; i < WAKES; i++) {
        sleep_until(now() + interval());
        shared->posted = now();
        sem_post(&shared->wake);
    }
    return 0;
}

static int64_t wake_by_timer(void)
{
    int64_t due = now() + interval();

    sleep_until(due);
    return now() - due;
}

static int64_t wake_by_post(void)
{
    sem_wait(&shared->wake);
    return now() - shared->posted;
}

static void measure(const char *waker, const struct load *load, int64_t (*wake)(void))
{
    pid_t busy = 0;
    int64_t total = 0, worst = 0;

    shared->end = false;
    if (load->round != NULL)
        busy = tap_start(keep_busy, (void *)&load->round);
    for (int i = 0; i < WAKES; i++) {
        int64_t late = wake();

        total += late;
        worst = late > worst ? late : worst;
    }
    shared->end = true;
    if (busy != 0)
        tap_is(tap_wait(busy), 0, "the load, %s, ended well", load->name);
    tap_in_time(worst < BOUND, "woken by %s, beside %s: after %d ns, at most %d", waker, load->name,
                (int)(total / WAKES), (int)worst);
}

static void test_post(const char *waker, int cpu, const struct load *load)
{
    pid_t poster = tap_start(post, &cpu);

    measure(waker, load, wake_by_post);
    tap_is(tap_wait(poster), 0, "the waker ended well");
}

int main(void)
{
    tap_begin();
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    buffer = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED || buffer == MAP_FAILED)
        tap_give_up("mmap");
    memset(buffer, 1, BUFFER);
    sem_init(&shared->wake, 1, 0);
    tap_bind(1);
    tap_ok(set_priority(SCHED_FIFO, 20), "real-time, on CPU 0; seed %u", (unsigned)chance);
    for (unsigned i = 0; i < sizeof loads / sizeof loads[0]; i++)
        measure("the timer", &loads[i], wake_by_timer);
    test_post("a thread of this CPU", 0, &loads[0]);
    if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
        for (unsigned i = 0; i < sizeof loads / sizeof loads[0]; i++)
            test_post("a thread of another CPU", 1, &loads[i]);
    return tap_end();
}
