/*
 * chrt.c - the scheduling of a process: chrt [-f | -r | -o] PRIORITY COMMAND..., chrt [-f | -r | -o] -p [PRIORITY] PID.
 *
 * -f SCHED_FIFO, -r SCHED_RR (what is meant without a letter), -o SCHED_OTHER, -m what priorities there are; -a with
 * -p: all threads of the process, which otherwise is its first one.
 */
#include <sched.h>
#include <string.h>

#include "lib/proc.h"
#include "lib/util.h"

static const struct {
    const char *name;
    int policy;
} policies[] = {{"SCHED_OTHER", SCHED_OTHER}, {"SCHED_FIFO", SCHED_FIFO}, {"SCHED_RR", SCHED_RR}};

/* What is wanted. */
static int policy = SCHED_RR;
static struct sched_param wanted;

static void show(int pid)
{
    struct sched_param param;
    int now = sched_getscheduler(pid);
    if (now < 0 || sched_getparam(pid, &param) < 0)
        util_err("failed to get pid %d's policy", (int)pid);
    for (size_t i = 0; i < UTIL_COUNT(policies); i++) {
        if (policies[i].policy == now)
            printf("pid %d's current scheduling policy: %s\n", (int)pid, policies[i].name);
    }
    printf("pid %d's current scheduling priority: %d\n", (int)pid, param.sched_priority);
}

static void show_priorities(void)
{
    for (size_t i = 0; i < UTIL_COUNT(policies); i++)
        printf("%s min/max priority\t: %d/%d\n", policies[i].name, sched_get_priority_min(policies[i].policy),
               sched_get_priority_max(policies[i].policy));
}

static void parse_priority(const char *text)
{
    long long number;
    if (!util_parse(text, 10, &number))
        util_errx("invalid priority argument: '%s'", text);
    if (number < sched_get_priority_min(policy) || number > sched_get_priority_max(policy))
        util_errx("unsupported priority value for the policy: %lld: see -m for valid range", number);
    wanted.sched_priority = number;
}

static void set(int pid)
{
    if (sched_setscheduler(pid, policy, &wanted) < 0)
        util_err("failed to set pid %d's policy", (int)pid);
}

int main(int argc, char **argv)
{
    bool running = false, all = false;
    util_start("chrt", "[-f | -r | -o] PRIORITY COMMAND [ARGUMENT]... | [-a] [-f | -r | -o] -p [PRIORITY] PID | -m", 1);
    for (int option; (option = getopt(argc, argv, "+afropm")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'm') {
            show_priorities();
            return util_finish(0);
        }
        running |= option == 'p';
        all |= option == 'a';
        policy = option == 'f' ? SCHED_FIFO : option == 'r' ? SCHED_RR : option == 'o' ? SCHED_OTHER : policy;
    }
    if (argc - optind < 2 - running || (running && argc - optind > 2))
        util_usage();
    bool shows = running && argc - optind == 1;
    if (!shows)
        parse_priority(argv[optind]);
    if (!running) {
        set(0);
        util_exec(argv + optind + 1);
    }
    proc_each_thread(util_number(argv[argc - 1], 0, 0x7fffffff, "pid"), all, shows ? show : set);
    return util_finish(0);
}
