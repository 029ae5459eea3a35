/*
 * fail-nth.c - makes the n-th allocation of a program fail, for one n after another (it is no test itself).
 *
 *      fail-nth BUDGET FILE...
 *
 * Wants a debug kernel, which counts the allocations of one session (/proc/sys/debug).  Each program runs in a session
 * of its own again and again, with n = 1, 2, 3 ... until a run ends before its n-th allocation.  What the program makes
 * of the error does not matter here; a point holds when the kernel lived and nothing was left behind.  What a program
 * prints goes nowhere; it runs in a directory of its own.
 *
 * The first run, in which none fails, is not judged: it warms up, and counts.  A later one may take twice its time and
 * some more: who lacks memory may wait in vain.  All of a program's may take BUDGET seconds of the guest's time: where
 * that is too little for every n, n goes in larger steps, past the first ten; 0: they are only counted.  The
 * program's point says how many of its allocations have failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <paths.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "leak.h"
#include "sweep.h"

enum { surely = 10 };

static const double warm_seconds = 600, more_seconds = 0.3;

#define FOLDER "/fail-nth"
#define NEVER 4000000000u

static struct leak_snapshot before;
static volatile sig_atomic_t time_is_up;
static unsigned long failed;
static unsigned out_of_time; /* runs of this program */

static void on_alarm(int number)
{
    (void)number;
    time_is_up = 1;
}

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void set(const char *path, unsigned value)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0 || dprintf(fd, "%u\n", value) < 0)
        perror(path);
    close(fd);
}

static unsigned allocations_to_go(void)
{
    char text[16] = "";
    int fd = open("/proc/sys/debug/fail_nth", O_RDONLY | O_CLOEXEC);

    if (fd < 0 || read(fd, text, sizeof text - 1) < 0)
        perror("fail_nth");
    close(fd);
    return (unsigned)strtoul(text, NULL, 10);
}

static void run(const char *file, unsigned n)
{
    int nowhere = open("/dev/null", O_RDWR);

    setsid();
    for (int fd = 0; fd < 3; fd++)
        dup2(nowhere, fd);
    close(nowhere);
    set("/proc/sys/debug/fail_session", (unsigned)getpid());
    set("/proc/sys/debug/fail_nth", n);
    if (chdir(FOLDER) == 0)
        execl(file, file, (char *)NULL);
    _exit(127);
}

static pid_t newest_pid(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    waitpid(pid, NULL, 0);
    return pid;
}

/* Kills the test and all that came after it, which may have made groups and sessions of their own, until nothing
 * new comes. */
static void kill_from(pid_t test)
{
    pid_t newest;

    do {
        newest = newest_pid();
        for (pid_t pid = test; pid != newest; pid = pid < 32768 ? pid + 1 : 2)
            if (pid != getpid() && pid != getppid())
                kill(pid, SIGKILL);
    } while (newest_pid() != newest + 1);
}

static void sweep(void)
{
    sweep_folder(FOLDER);
    sweep_folder("/tmp");
    unlink(_PATH_UTMPX);
    sweep_objects();
}

static void await(pid_t pid, double seconds)
{
    const struct itimerval limit = {
        .it_value = {.tv_sec = (time_t)seconds, .tv_usec = (long)(seconds * 1e6) % 1000000}};
    const struct itimerval none = {0};
    bool ended;

    time_is_up = 0;
    setitimer(ITIMER_REAL, &limit, NULL);
    while (!(ended = waitpid(pid, NULL, 0) == pid) && !time_is_up)
        continue;
    setitimer(ITIMER_REAL, &none, NULL);
    out_of_time += time_is_up;
    kill_from(pid);
    if (!ended)
        waitpid(pid, NULL, 0);
}

static void show_what_is_left(void)
{
    if (system("ls -lR " FOLDER " /dev/shm /dev/mqueue; ps -e; tail -n 20 /proc/objects") != 0)
        perror("sh");
}

/* One run.  How many allocations were still to come when it ended: 0, the n-th was made to fail. */
static unsigned run_with(const char *file, unsigned n, double seconds)
{
    pid_t pid;
    unsigned left;
    const char *remains;

    leak_take(&before);
    pid = fork();
    if (pid == 0)
        run(file, n);
    await(pid, seconds);
    left = allocations_to_go();
    set("/proc/sys/debug/fail_nth", 0);
    sweep();
    remains = n == NEVER ? NULL : leak_since(&before);
    if (remains) {
        printf("not ok - %s, n = %u: left behind:%s\n", file, n, remains);
        fflush(stdout);
        show_what_is_left();
        failed++;
    }
    return left;
}

/* How far to go for the next n, so that all of a program's are done in time. */
static unsigned step(unsigned n, unsigned count, unsigned most, double spent, double budget)
{
    double left = budget - spent, wanted = (double)(most - n) * spent / count;

    if (n < surely || n >= most || wanted <= left)
        return 1;
    return left > 0 ? (unsigned)(wanted / left) + 1 : most - n;
}

/* Every allocation of a program in turn.  Adds up how many failed, and how many there are. */
static void try_program(const char *file, double budget, unsigned long *tried, unsigned long *all)
{
    double start = now();
    unsigned most = NEVER - run_with(file, NEVER, warm_seconds), count = 0;
    double seconds = 2 * (now() - start) + more_seconds;

    start = now();
    out_of_time = 0;
    for (unsigned n = 1; budget > 0 && run_with(file, n, seconds) == 0;) {
        count++;
        n += step(n, count, most, now() - start, budget);
    }
    printf("ok - %s: %u of %u allocations failed, %u runs cut off, in %.1f s\n", file, count, most, out_of_time,
           now() - start);
    fflush(stdout);
    *tried += count;
    *all += most;
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = on_alarm};
    unsigned long tried = 0, all = 0;
    double start = now();

    if (argc < 3) {
        fprintf(stderr, "usage: fail-nth BUDGET FILE...\n");
        return 2;
    }
    sigaction(SIGALRM, &action, NULL);
    if (mkdir(FOLDER, 0777) != 0)
        perror(FOLDER);
    sweep();
    printf("# %d programs\n", argc - 2); /* what printing needs is there before the first count */
    fflush(stdout);
    leak_take(&before);
    leak_since(&before);
    for (int i = 2; i < argc; i++)
        try_program(argv[i], atof(argv[1]), &tried, &all);
    printf("# %lu of %lu allocations failed, in %.0f s; %lu left something behind\n", tried, all, now() - start,
           failed);
    return failed > 0;
}
