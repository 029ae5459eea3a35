/*
 * chrt.c - the scheduling of a process: chrt [-f | -r | -o] PRIORITY COMMAND..., chrt [-f | -r | -o] -p [PRIORITY] PID.
 *
 * -f SCHED_FIFO, -r SCHED_RR (what is meant without a letter), -o SCHED_OTHER, -m what priorities there are.
 */
#include <sched.h>
#include <string.h>

#include "lib/util.h"

static const struct {
    const char *name;
    int policy;
} policies[] = {{"SCHED_OTHER", SCHED_OTHER}, {"SCHED_FIFO", SCHED_FIFO}, {"SCHED_RR", SCHED_RR}};

static void show(pid_t pid)
{
    struct sched_param param;
    int policy = sched_getscheduler(pid);
    if (policy < 0 || sched_getparam(pid, &param) < 0)
        util_err("failed to get pid %d's policy", (int)pid);
    for (size_t i = 0; i < UTIL_COUNT(policies); i++) {
        if (policies[i].policy == policy)
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

static void set(pid_t pid, int policy, const char *priority)
{
    struct sched_param param = {.sched_priority = util_number(priority, 0, 99, "priority argument")};
    if (sched_setscheduler(pid, policy, &param) < 0)
        util_err("failed to set pid %d's policy", (int)pid);
}

int main(int argc, char **argv)
{
    int policy = SCHED_RR;
    bool running = false;
    util_start("chrt", "[-f | -r | -o] PRIORITY COMMAND [ARGUMENT]... | [-f | -r | -o] -p [PRIORITY] PID | -m", 1);
    for (int option; (option = getopt(argc, argv, "+fropm")) != -1;) {
        if (option == '?')
            util_usage();
        if (option == 'm') {
            show_priorities();
            return util_finish(0);
        }
        running |= option == 'p';
        policy = option == 'f' ? SCHED_FIFO : option == 'r' ? SCHED_RR : option == 'o' ? SCHED_OTHER : policy;
    }
    if (running && argc - optind == 1) {
        show(util_number(argv[optind], 0, 0x7fffffff, "pid"));
        return util_finish(0);
    }
    if (argc - optind < 2 || (running && argc - optind > 2))
        util_usage();
    if (running) {
        set(util_number(argv[optind + 1], 0, 0x7fffffff, "pid"), policy, argv[optind]);
        return util_finish(0);
    }
    set(0, policy, argv[optind]);
    util_exec(argv + optind + 1);
}
