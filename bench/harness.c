/*
 * harness.c - runs the rows of a table of measurements and prints a line for each figure:
 *
 *      bench NAME VALUE UNIT
 *      NAME: unsupported
 *      NAME: failed (CALL: REASON)
 *
 * Usage: ipcbench [-l] [-n] [-s PERCENT] [-d FOLDER] [-x PROGRAM] [NAME...]
 *
 *      -l          lists the rows and stops
 *      -n          does not give each row a process of its own
 *      -s PERCENT  of the usual number of steps (100)
 *      -d FOLDER   for FIFOs and files (/tmp)
 *      -x PROGRAM  what the exec rows start (this program, which then ends at once)
 *      NAME...     these rows alone: "pipe_bw_64", or a family, "pipe_bw"
 *
 * Under QEMU's -icount shift=0 an instruction takes a nanosecond, so that ns/op reads as instructions for each
 * operation: of the program, of the kernel, and of the interrupts that come in between. The row `calibrate` proves it.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

const char *bench_folder = "/tmp";
char *bench_program[3];
pid_t bench_peer = -1;

static const char *row_name;
static bool is_peer;

void bench_report(const char *suffix, uint64_t total, uint64_t count, const char *unit)
{
    uint64_t thousandths = (total * 1000 + count / 2) / count;

    printf("bench %s%s %lu.%03lu %s\n", row_name, suffix, (unsigned long)(thousandths / 1000),
           (unsigned long)(thousandths % 1000), unit);
    fflush(stdout);
}

void bench_fail(const char *call)
{
    int error = errno;

    if (is_peer)
        _exit(1);
    if (error == ENOSYS || error == ENOTSUP)
        printf("%s: unsupported\n", row_name);
    else
        printf("%s: failed (%s: %s)\n", row_name, call, strerror(error));
    fflush(stdout);
    if (bench_peer > 0)
        kill(bench_peer, SIGKILL);
    _exit(1);
}

pid_t bench_fork(void)
{
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid < 0)
        bench_fail("fork");
    if (pid == 0)
        is_peer = true;
    else
        bench_peer = pid;
    return pid;
}

void bench_join(void)
{
    bench_wait(bench_peer);
    bench_peer = -1;
}

void bench_kill(void)
{
    kill(bench_peer, SIGKILL);
    bench_join();
}

void bench_pipe(int ends[2])
{
    if (pipe(ends) != 0)
        bench_fail("pipe");
}

void *bench_shared(size_t size)
{
    static const char name[] = "/ipcbench.shm";
    void *memory;
    int object;

    shm_unlink(name);
    object = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (object < 0)
        bench_fail("shm_open");
    shm_unlink(name);
    if (ftruncate(object, (off_t)size) != 0)
        bench_fail("ftruncate");
    memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, object, 0);
    if (memory == MAP_FAILED)
        bench_fail("mmap");
    close(object);
    return memory;
}

static void run(const struct row *row, long percent)
{
    long n = (long)((int64_t)row->n * percent / 100);

    row_name = row->name;
    row->run(n < 1 ? 1 : n, row->argument);
}

/* In a process of its own, so that neither its memory nor its death touches the next row. */
static void run_apart(const struct row *row, long percent)
{
    int status = 0;
    pid_t pid;

    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        run(row, percent);
        fflush(stdout);
        _exit(0);
    }
    if (pid < 0)
        printf("%s: failed (fork: %s)\n", row->name, strerror(errno));
    while (pid > 0 && waitpid(pid, &status, 0) != pid && errno == EINTR)
        continue;
    if (WIFSIGNALED(status))
        printf("%s: failed (signal %d)\n", row->name, WTERMSIG(status));
    fflush(stdout);
}

/* Is it one of these, or does it go on from one of them with a '_'? An empty list has all. */
static bool is_wanted(const char *name, char **list)
{
    if (*list == NULL)
        return true;
    for (; *list != NULL; list++) {
        size_t length = strlen(*list);

        if (strncmp(name, *list, length) == 0 && (name[length] == '\0' || name[length] == '_'))
            return true;
    }
    return false;
}

static struct {
    bool list, together;
    long percent;
} options = {.percent = 100};

static void read_options(int argc, char **argv)
{
    int option;

    bench_program[0] = argv[0];
    bench_program[1] = "--nop";
    while ((option = getopt(argc, argv, "lns:d:x:")) != -1) {
        switch (option) {
        case 'l':
            options.list = true;
            break;
        case 'n':
            options.together = true;
            break;
        case 's':
            options.percent = strtol(optarg, NULL, 10);
            break;
        case 'd':
            bench_folder = optarg;
            break;
        case 'x':
            bench_program[0] = optarg;
            bench_program[1] = NULL;
            break;
        default:
            fprintf(stderr, "usage: %s [-ln] [-s percent] [-d folder] [-x program] [name...]\n", argv[0]);
            exit(2);
        }
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--nop") == 0)
        return 0; /* the program that the exec rows start */
    read_options(argc, argv);
    for (const struct row *row = rows; row->name != NULL; row++) {
        if (!is_wanted(row->name, argv + optind))
            continue;
        if (options.list)
            printf("%s\n", row->name);
        else if (options.together)
            run(row, options.percent);
        else
            run_apart(row, options.percent);
    }
    return 0;
}
