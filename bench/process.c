/*
 * process.c - rows of processes: a child that ends at once, by fork, by fork and exec, and by posix_spawn.
 */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <unistd.h>

#include "bench.h"
#include "ipcbench.h"

static char *const no_environment[] = {NULL};

void bench_fork_wait(long n, long unused)
{
    (void)unused;
    fflush(stdout);
    bench_measure(n, "ns/op", bench_fork_once());
}

static void look_for_program(void)
{
    if (access(bench_program[0], X_OK) != 0)
        bench_fail("access");
    fflush(stdout);
}

static void fork_exec_once(void)
{
    pid_t pid = fork();

    if (pid < 0)
        bench_fail("fork");
    if (pid == 0) {
        execve(bench_program[0], bench_program, no_environment);
        _exit(127);
    }
    bench_wait(pid);
}

void bench_fork_exec_wait(long n, long unused)
{
    (void)unused;
    look_for_program();
    bench_measure(n, "ns/op", fork_exec_once());
}

static void spawn_once(void)
{
    pid_t pid;

    errno = posix_spawn(&pid, bench_program[0], NULL, NULL, bench_program, no_environment);
    if (errno != 0)
        bench_fail("posix_spawn");
    bench_wait(pid);
}

void bench_spawn_wait(long n, long unused)
{
    (void)unused;
    look_for_program();
    bench_measure(n, "ns/op", spawn_once());
}
