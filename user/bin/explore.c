/*
 * explore.c - runs a command under many schedules, to find the one that breaks it: explore [-av] [-s FIRST[-LAST]]
 * [-c CHOICES] [-t SECONDS] COMMAND [ARGUMENT]...
 *
 * A seed makes the kernel preempt threads and order them by chance (kernel/core/explore.c).  A run fails when the
 * command ends with another status than 0, by a signal, or not within its time, as in a deadlock.  The first seed that
 * fails is tried again with fewer and fewer choices by chance: with the least number that still fails, the last choice
 * is the one that matters.  -a tries all seeds and counts, -v tells of all runs, -c sets the number of choices.  What
 * the command prints is shown for the last failing run.  Every run has its own process group, which is killed after it.
 *
 * Before all that the command runs four times without a seed.  If all of these fail no seed is looked for; if some do
 * that is said, and the search goes on, for a seed fails each time.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "lib/util.h"

#define SEED_FILE "/proc/sys/kernel/sched_seed"
#define CHOICES_FILE "/proc/sys/kernel/sched_choices"
#define MOST 0xffffffffll
#define WARM_UP 4 /* runs by the usual scheduler, so that memory is in use as it will be in all that follow */

enum { ended, killed, timed_out };

struct run {
    int how, detail; /* an exit status or a signal */
    long long choices;
};

static long long limit = 5; /* seconds */
static long long first = 1, last = 200, most_choices = MOST;
static bool all, verbose;
static char **command;
static sigset_t awaited, mask; /* the signals that matter, blocked; what was blocked before */
static int output;             /* what the command prints, of one run */

static void set_number(const char *path, long long value)
{
    int fd = open(path, O_WRONLY);
    if (fd < 0 || dprintf(fd, "%lld", value) < 0)
        util_err("%s", path);
    close(fd);
}

static long long get_number(const char *path)
{
    char text[16] = "";
    int fd = open(path, O_RDONLY);
    long long value;
    if (fd < 0 || read(fd, text, sizeof(text) - 1) < 1 || !util_parse(strtok(text, "\n"), 10, &value))
        util_err("%s", path);
    close(fd);
    return value;
}

_Noreturn static void run_child(long long seed, long long choices)
{
    int null = open("/dev/null", O_RDONLY);
    setpgid(0, 0);
    dup2(null, 0);
    dup2(output, 1);
    dup2(output, 2);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    set_number(CHOICES_FILE, choices);
    set_number(SEED_FILE, seed);
    util_exec(command);
}

/* Somebody wants an end of it all: the kernel is to be its usual self again. */
_Noreturn static void give_up(pid_t child, int number)
{
    set_number(SEED_FILE, 0);
    kill(-child, SIGKILL);
    signal(number, SIG_DFL);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &awaited, NULL);
    _exit(128 + number);
}

/* Waits for the child, as long as the limit says; the signals that matter are blocked.  False: it has not ended. */
static bool wait_for(pid_t child, int *status)
{
    struct timespec now, end, left;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += (time_t)limit;
    for (;;) {
        if (waitpid(child, status, WNOHANG) == child)
            return true;
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec))
            return false;
        left = (struct timespec){end.tv_sec - now.tv_sec, end.tv_nsec - now.tv_nsec};
        if (left.tv_nsec < 0)
            left = (struct timespec){left.tv_sec - 1, left.tv_nsec + 1000000000};
        int number = sigtimedwait(&awaited, NULL, &left);
        if (number > 0 && number != SIGCHLD)
            give_up(child, number);
    }
}

/* One run with that seed.  True: it failed. */
static bool run(long long seed, long long choices, struct run *result)
{
    int status;
    if (ftruncate(output, 0) < 0 || lseek(output, 0, SEEK_SET) < 0)
        util_err("cannot empty the file for the output");
    pid_t child = fork();
    if (child < 0)
        util_err("cannot start a run");
    if (child == 0)
        run_child(seed, choices);
    setpgid(child, child);
    bool in_time = wait_for(child, &status);
    set_number(SEED_FILE, 0);
    result->choices = choices - get_number(CHOICES_FILE);
    kill(-child, SIGKILL);
    if (!in_time)
        waitpid(child, &status, 0);
    result->how = !in_time ? timed_out : WIFSIGNALED(status) ? killed : ended;
    result->detail = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    if (result->how == ended && (result->detail == 126 || result->detail == 127))
        util_errx("%s cannot be run", command[0]);
    return result->how != ended || result->detail != 0;
}

static void print_run(long long seed, const struct run *run)
{
    printf("seed %lld, %lld choices: ", seed, run->choices);
    if (run->how == timed_out)
        printf("not ended after %lld s\n", limit);
    else
        printf("%s %d\n", run->how == killed ? "ended by signal" : "exit status", run->detail);
}

static void print_output(void)
{
    char bytes[4096];
    lseek(output, 0, SEEK_SET);
    for (ssize_t n; (n = read(output, bytes, sizeof(bytes))) > 0;)
        fwrite(bytes, 1, (size_t)n, stdout);
}

/* The least number of choices with which that seed fails, as far as halving finds it; a last run with it. */
static void shorten(long long seed, struct run *shortest)
{
    long long low = 0, high = shortest->choices;
    struct run trial;
    while (low < high) {
        long long middle = low + (high - low) / 2;
        if (run(seed, middle, &trial))
            high = middle;
        else
            low = middle + 1;
    }
    if (run(seed, high, &trial))
        *shortest = trial;
}

/* The seeds in turn.  True: one failed. */
static bool explore(void)
{
    long long failed = 0;
    struct run result;
    for (long long seed = first; seed <= last; seed++) {
        bool fails = run(seed, most_choices, &result);
        failed += fails;
        if (fails || verbose)
            print_run(seed, &result);
        if (!fails || all)
            continue;
        if (most_choices == MOST) {
            fflush(stdout);
            shorten(seed, &result);
            printf("the shortest schedule found: ");
            print_run(seed, &result);
        }
        print_output();
        return true;
    }
    printf("%lld seeds, %lld failed\n", last - first + 1, failed);
    return failed != 0;
}

/* The runs by the usual scheduler.  Answers how many fail, and says so. */
static int fails_anyway(void)
{
    struct run result;
    int failed = 0;
    for (int i = 0; i < WARM_UP; i++)
        failed += run(0, MOST, &result);
    if (failed == WARM_UP) {
        printf("no seed is needed: ");
        print_run(0, &result);
        print_output();
    } else if (failed > 0) {
        printf("no seed is needed: %d of %d runs without one fail\n", failed, WARM_UP);
    }
    return failed;
}

static void parse_seeds(char *text)
{
    char *dash = strchr(text, '-');
    if (dash)
        *dash = '\0';
    first = last = util_number(text, 1, MOST, "seed");
    if (dash)
        last = util_number(dash + 1, first, MOST, "seed");
}

static void parse_options(int argc, char **argv)
{
    for (int option; (option = getopt(argc, argv, "+as:c:t:v")) != -1;) {
        switch (option) {
        case 'a':
            all = true;
            break;
        case 's':
            parse_seeds(optarg);
            break;
        case 'c':
            most_choices = util_number(optarg, 0, MOST, "number of choices");
            break;
        case 't':
            limit = util_number(optarg, 1, 1000000, "number of seconds");
            break;
        case 'v':
            verbose = true;
            break;
        default:
            util_usage();
        }
    }
    if (optind == argc)
        util_usage();
    command = argv + optind;
}

static void catch_signals(void)
{
    static const int numbers[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP};
    sigemptyset(&awaited);
    for (size_t i = 0; i < UTIL_COUNT(numbers); i++)
        sigaddset(&awaited, numbers[i]);
    sigprocmask(SIG_BLOCK, &awaited, &mask);
}

int main(int argc, char **argv)
{
    char name[] = "/tmp/explore.XXXXXX";
    util_start("explore", "[-av] [-s FIRST[-LAST]] [-c CHOICES] [-t SECONDS] COMMAND [ARGUMENT]...", 2);
    parse_options(argc, argv);
    output = mkstemp(name);
    if (output < 0)
        util_err("%s", name);
    unlink(name);
    catch_signals();
    set_number(SEED_FILE, 0); /* who may not ends here */
    int without = fails_anyway();
    return util_finish((without < WARM_UP && explore()) || without > 0);
}
