/*
 * proc_ids.c - users, groups, limits, scheduling parameters, use of resources: the rules for who may change what.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

/* Checks inside children answer the number of the line that failed, modulo 250, or 0. */
#define CHECK(right)                   \
    do {                               \
        if (!(right))                  \
            return __LINE__ % 250 + 1; \
    } while (0)
#define FAILS(call, error) ((call) == -1 && errno == (error))

/* A program that gives up its rights with a wrong number keeps them, and must know it. */
static int no_ids(void *unused)
{
    (void)unused;
    CHECK(FAILS(setuid(-1), EINVAL) && FAILS(seteuid(-1), EINVAL));
    CHECK(FAILS(setgid(-1), EINVAL) && FAILS(setegid(-1), EINVAL));
    return 0;
}

static int users(void *unused)
{
    uid_t real, effective, saved;

    (void)unused;
    CHECK(setresuid(10, 20, 30) == 0);
    CHECK(getresuid(&real, &effective, &saved) == 0 && real == 10 && effective == 20 && saved == 30);
    CHECK(FAILS(setresuid(40, -1, -1), EPERM));
    CHECK(getuid() == 10 && geteuid() == 20);
    CHECK(seteuid(30) == 0 && geteuid() == 30);
    CHECK(setresuid(-1, 10, -1) == 0 && geteuid() == 10);
    CHECK(FAILS(setresuid(10, 10, 40), EPERM));
    CHECK(getresuid(&real, &effective, &saved) == 0 && saved == 30);
    CHECK(setresuid(30, 30, 30) == 0);
    CHECK(FAILS(setuid(0), EPERM));
    CHECK(FAILS(seteuid(10), EPERM));
    return 0;
}

static int groups(void *unused)
{
    gid_t real, effective, saved, list[40] = {1, 2, 3};

    (void)unused;
    CHECK(setresgid(11, 21, 31) == 0);
    CHECK(getresgid(&real, &effective, &saved) == 0 && real == 11 && effective == 21 && saved == 31);
    CHECK(setgroups(3, list) == 0 && getgroups(0, NULL) == 3);
    memset(list, 0, sizeof list);
    CHECK(getgroups(40, list) == 3 && list[0] == 1 && list[2] == 3);
    CHECK(FAILS(getgroups(2, list), EINVAL));
    CHECK(FAILS(getgroups(-1, list), EINVAL));
    CHECK(FAILS(setgroups(1000, list), EINVAL));
    CHECK(FAILS(setgroups(1, (gid_t *)0x80000000), EFAULT));
    CHECK(getgroups(0, NULL) == 3);
    CHECK(setuid(10) == 0);
    CHECK(FAILS(setgroups(0, list), EPERM));
    CHECK(FAILS(setgid(0), EPERM));
    CHECK(setegid(31) == 0 && getegid() == 31);
    CHECK(setgroups(0, NULL) == -1);
    return 0;
}

static int limits(void *unused)
{
    struct rlimit limit = {100, 200}, now;

    (void)unused;
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(getrlimit(RLIMIT_NOFILE, &now) == 0 && now.rlim_cur == 100 && now.rlim_max == 200);
    limit.rlim_cur = 201;
    CHECK(FAILS(setrlimit(RLIMIT_NOFILE, &limit), EINVAL));
    CHECK(FAILS(getrlimit(-1, &now), EINVAL));
    CHECK(FAILS(getrlimit(1000, &now), EINVAL));
    CHECK(FAILS(getrlimit(RLIMIT_NOFILE, (struct rlimit *)0x80000000), EFAULT));
    CHECK(setuid(10) == 0);
    limit = (struct rlimit){200, 201};
    CHECK(FAILS(setrlimit(RLIMIT_NOFILE, &limit), EPERM));
    limit = (struct rlimit){200, 200};
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit = (struct rlimit){50, 150};
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    limit = (struct rlimit){50, 200};
    CHECK(FAILS(setrlimit(RLIMIT_NOFILE, &limit), EPERM));
    return 0;
}

static int scheduling(void *unused)
{
    struct sched_param parameters = {.sched_priority = 5};

    (void)unused;
    CHECK(sched_getscheduler(0) == SCHED_OTHER);
    CHECK(FAILS(sched_setscheduler(0, SCHED_OTHER, &parameters), EINVAL));
    CHECK(FAILS(sched_setscheduler(0, 77, &parameters), EINVAL));
    CHECK(FAILS(sched_setscheduler(30000, SCHED_FIFO, &parameters), ESRCH));
    CHECK(FAILS(sched_getscheduler(30000), ESRCH));
    CHECK(FAILS(sched_getscheduler(-1), EINVAL));
    CHECK(sched_setscheduler(0, SCHED_RR, &parameters) == SCHED_OTHER && sched_getscheduler(0) == SCHED_RR);
    parameters.sched_priority = 0;
    CHECK(FAILS(sched_setscheduler(0, SCHED_FIFO, &parameters), EINVAL));
    CHECK(sched_getparam(0, &parameters) == 0 && parameters.sched_priority == 5);
    parameters.sched_priority = 33;
    CHECK(FAILS(sched_setscheduler(0, SCHED_FIFO, &parameters), EINVAL));
    parameters.sched_priority = 0;
    CHECK(sched_setscheduler(0, SCHED_OTHER, &parameters) == SCHED_RR);
    CHECK(setuid(10) == 0);
    parameters.sched_priority = 1;
    CHECK(FAILS(sched_setscheduler(0, SCHED_FIFO, &parameters), EPERM));
    CHECK(FAILS(sched_setscheduler(getppid(), SCHED_OTHER, &(struct sched_param){0}), EPERM));
    return 0;
}

static int niceness(void *unused)
{
    (void)unused;
    errno = 0;
    CHECK(getpriority(PRIO_PROCESS, 0) == 0 && errno == 0);
    CHECK(setpriority(PRIO_PROCESS, 0, -5) == 0 && getpriority(PRIO_PROCESS, 0) == -5);
    CHECK(setpriority(PRIO_PROCESS, 0, 100) == 0 && getpriority(PRIO_PROCESS, 0) == 19);
    CHECK(setpriority(PRIO_PROCESS, 0, 3) == 0);
    CHECK(FAILS(setpriority(9, 0, 3), EINVAL));
    errno = 0;
    CHECK(FAILS(getpriority(9, 0), EINVAL));
    errno = 0;
    CHECK(FAILS(getpriority(PRIO_PROCESS, 30000), ESRCH));
    CHECK(FAILS(setpriority(PRIO_PROCESS, 30000, 1), ESRCH));
    CHECK(setuid(10) == 0);
    CHECK(setpriority(PRIO_PROCESS, 0, 4) == 0);
    CHECK(FAILS(setpriority(PRIO_PROCESS, 0, 3), EACCES));
    CHECK(FAILS(setpriority(PRIO_PROCESS, (id_t)getppid(), 10), EPERM));
    CHECK(getpriority(PRIO_USER, 0) == 4);
    return 0;
}

static int affinity(void *unused)
{
    cpu_set_t all, set;

    (void)unused;
    CHECK(sched_getaffinity(0, sizeof all, &all) == 0);
    CHECK(CPU_COUNT(&all) == sysconf(_SC_NPROCESSORS_ONLN));
    CPU_ZERO(&set);
    CHECK(FAILS(sched_setaffinity(0, sizeof set, &set), EINVAL));
    CPU_SET(0, &set);
    CHECK(sched_setaffinity(0, sizeof set, &set) == 0);
    CHECK(sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) == 1);
    CHECK(FAILS(sched_setaffinity(30000, sizeof set, &set), ESRCH));
    CHECK(sched_setaffinity(0, sizeof all, &all) == 0);
    CHECK(setuid(10) == 0);
    CHECK(FAILS(sched_setaffinity(getppid(), sizeof all, &all), EPERM));
    return 0;
}

static int not_superuser(void *unused)
{
    struct timespec now = {.tv_sec = 1};

    (void)unused;
    CHECK(setuid(10) == 0);
    CHECK(FAILS(reboot(REBOOT_POWEROFF, 0), EPERM));
    CHECK(FAILS(clock_settime(CLOCK_REALTIME, &now), EPERM));
    return 0;
}

static void test_usage(void)
{
    struct rusage usage;
    struct utsname name;

    tap_works(getrusage(RUSAGE_SELF, &usage), "getrusage");
    tap_ok(usage.ru_minflt > 0, "counts page faults");
    tap_fails(getrusage(7, &usage), EINVAL, "POSIX getrusage: EINVAL");
    tap_fails(getrusage(RUSAGE_SELF, (struct rusage *)0x80000000), EFAULT, "a result that cannot be stored");
    tap_works(uname(&name), "uname");
    tap_ok(strcmp(name.sysname, "Parley") == 0 && strcmp(name.machine, "armv7l") == 0, "says what this is");
    tap_fails(uname((struct utsname *)0x80000000), EFAULT, "POSIX uname: EFAULT");
    tap_fails(reboot(77, 0), EINVAL, "reboot: EINVAL");
}

int main(void)
{
    tap_begin();
    tap_is(tap_child_result(no_ids, NULL), 0, "POSIX setuid, setgid, seteuid, setegid: EINVAL, -1 is no id");
    tap_is(tap_child_result(users, NULL), 0, "POSIX setuid, setreuid: EPERM, and what is allowed");
    tap_is(tap_child_result(groups, NULL), 0, "POSIX setgid, getgroups: EPERM, EINVAL, EFAULT");
    tap_is(tap_child_result(limits, NULL), 0, "POSIX setrlimit: EPERM, EINVAL");
    tap_is(tap_child_result(scheduling, NULL), 0, "POSIX sched_setscheduler: EINVAL, ESRCH, EPERM");
    tap_is(tap_child_result(niceness, NULL), 0, "POSIX setpriority: EINVAL, ESRCH, EACCES, EPERM");
    tap_is(tap_child_result(affinity, NULL), 0, "sched_setaffinity: EINVAL, ESRCH, EPERM");
    tap_is(tap_child_result(not_superuser, NULL), 0, "what only the superuser may do: EPERM");
    test_usage();
    return tap_end();
}
