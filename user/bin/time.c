/*
 * time.c - runs a command and tells on standard error how long it took: in all, in user mode, in the kernel.
 *
 * -p for the form that POSIX wants.  The status is the command's.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#include "lib/util.h"

static void print(const char *what, long long seconds, long micros, bool posix)
{
    if (posix)
        fprintf(stderr, "%s %lld.%02ld\n", what, seconds, micros / 10000);
    else
        fprintf(stderr, "%s\t%lldm%lld.%03lds\n", what, seconds / 60, seconds % 60, micros / 1000);
}

static int wait_for(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            util_err("wait");
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int main(int argc, char **argv)
{
    bool posix = false;
    struct timespec start, end;
    struct rusage used;
    util_start("time", "[-p] COMMAND [ARGUMENT]...", 125);
    for (int option; (option = getopt(argc, argv, "+p")) != -1;) {
        if (option == '?')
            util_usage();
        posix = true;
    }
    if (optind == argc)
        util_usage();
    clock_gettime(CLOCK_MONOTONIC, &start);
    pid_t child = fork();
    if (child < 0)
        util_err("fork");
    if (child == 0)
        util_exec(argv + optind);
    int status = wait_for(child);
    clock_gettime(CLOCK_MONOTONIC, &end);
    getrusage(RUSAGE_CHILDREN, &used);
    long long nanoseconds = (end.tv_sec - start.tv_sec) * 1000000000ll + end.tv_nsec - start.tv_nsec;
    if (!posix)
        fputc('\n', stderr);
    print("real", nanoseconds / 1000000000, nanoseconds % 1000000000 / 1000, posix);
    print("user", used.ru_utime.tv_sec, used.ru_utime.tv_usec, posix);
    print("sys", used.ru_stime.tv_sec, used.ru_stime.tv_usec, posix);
    return status;
}
