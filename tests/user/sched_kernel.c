/*
 * sched_kernel.c - preemption inside the kernel, and work that spreads over the CPUs.
 *
 * A real-time thread that wakes while another is deep in a long read() does not wait for its end. As many computing
 * processes as there are CPUs each get one of their own.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

#define READ_SIZE (4 * 1024 * 1024)
#define CPUS_MAX 8

static int64_t now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void bind_to_cpu_0(void)
{
    tap_works(tap_bind(1), "bound to CPU 0");
}

/* One read() after the other, each of some 100 us in the kernel. */
static int read_for_ever(void *context)
{
    struct sched_param none = {.sched_priority = 0};
    int zero = open("/dev/zero", O_RDONLY);

    sched_setscheduler(0, SCHED_OTHER, &none);
    while (read(zero, context, READ_SIZE) == READ_SIZE)
        ;
    return 1;
}

static void test_preemption(void)
{
    struct sched_param high = {.sched_priority = 20};
    char *buffer = mmap(NULL, READ_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int64_t worst = 0;
    pid_t reader;

    if (buffer == MAP_FAILED)
        tap_give_up("mmap");
    memset(buffer, 1, READ_SIZE);
    tap_works(sched_setscheduler(0, SCHED_FIFO, &high), "real-time");
    reader = tap_start(read_for_ever, buffer);
    sched_yield();
    for (int i = 0; i < 50; i++) {
        struct timespec rest = {.tv_nsec = 1000000 + i * 7000};
        int64_t due = now() + rest.tv_nsec, late;

        nanosleep(&rest, NULL);
        late = now() - due;
        worst = late > worst ? late : worst;
    }
    kill(reader, SIGKILL);
    tap_is(tap_wait(reader), SIGKILL, "the reader is ended inside its read()");
    tap_in_time(worst < 20000, "a real-time thread waits less than 20 us for a read() of 4 MiB: %lld ns",
                (long long)worst);
    munmap(buffer, READ_SIZE);
}

static int spin(void *context)
{
    while (context == NULL)
        ;
    return 0;
}

/* The CPU that a process runs on (field 39 of /proc/PID/stat), or -1. */
static int cpu_of(pid_t pid)
{
    char path[32], line[512], *field;
    FILE *file;
    int cpu = -1;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    file = fopen(path, "r");
    if (file != NULL && fgets(line, sizeof line, file) != NULL && (field = strrchr(line, ')')) != NULL) {
        for (int i = 2; field != NULL && i < 39; i++)
            field = strchr(field + 1, ' ');
        if (field != NULL)
            sscanf(field, "%d", &cpu);
    }
    if (file != NULL)
        fclose(file);
    return cpu;
}

static pid_t spinners[CPUS_MAX];
static long cpus;

static bool are_spread(void *unused)
{
    unsigned seen = 0;

    (void)unused;
    for (long i = 0; i < cpus; i++)
        seen |= 1u << cpu_of(spinners[i]);
    return seen == (1u << cpus) - 1;
}

static void test_balance(void)
{
    cpus = sysconf(_SC_NPROCESSORS_ONLN);
    tap_ok(cpus >= 1 && cpus <= CPUS_MAX, "sysconf tells of %ld CPUs", cpus);
    for (long i = 0; i < cpus; i++)
        spinners[i] = tap_start(spin, NULL);
    tap_ok(tap_until(are_spread, NULL), "%ld that compute run on %ld CPUs", cpus, cpus);
    for (long i = 0; i < cpus; i++) {
        tap_kill(spinners[i]);
    }
}

int main(void)
{
    tap_begin();
    test_balance();
    bind_to_cpu_0();
    test_preemption();
    return tap_end();
}
