/*
 * proc_fork.c - fork and vfork: what the child has of its parent, what it has not, and what may fail.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static int child_knows_its_ids(void *context)
{
    pid_t parent = *(pid_t *)context;

    return getppid() == parent && getpid() != parent && getpgrp() == getpgid(parent) && getsid(0) == getsid(parent) ? 0
                                                                                                                    : 1;
}

static void test_ids(void)
{
    pid_t self = getpid();

    tap_is(tap_child_result(child_knows_its_ids, &self), 0,
           "the child has its own pid, and its parent's group and session");
}

static int child_reads_on(void *context)
{
    char byte;

    return read(*(int *)context, &byte, 1) == 1 && byte == 'b' ? 0 : 1;
}

static void test_descriptors(void)
{
    int fd = open("/tmp/proc_fork", O_RDWR | O_CREAT | O_TRUNC, 0600);
    char byte = 0;

    tap_works(fd, "a file");
    tap_is(write(fd, "abc", 3), 3, "with three bytes");
    lseek(fd, 1, SEEK_SET);
    tap_is(tap_child_result(child_reads_on, &fd), 0, "the child reads on where its parent stood");
    tap_ok(read(fd, &byte, 1) == 1 && byte == 'c', "and moves the one position that both have");
    close(fd);
    unlink("/tmp/proc_fork");
}

static volatile int caught;

static void handler(int signal)
{
    caught = signal;
}

static int child_inherits_signals(void *unused)
{
    struct sigaction action;
    sigset_t set;

    (void)unused;
    sigpending(&set);
    if (sigismember(&set, SIGUSR1))
        return 1; /* POSIX fork: pending signals are not inherited */
    sigprocmask(SIG_BLOCK, NULL, &set);
    if (!sigismember(&set, SIGUSR1))
        return 2;
    sigaction(SIGUSR1, NULL, &action);
    return action.sa_handler == handler ? 0 : 3;
}

static void test_signals(void)
{
    struct sigaction action = {.sa_handler = handler};
    sigset_t set, old;

    sigaction(SIGUSR1, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    kill(getpid(), SIGUSR1);
    tap_is(tap_child_result(child_inherits_signals, NULL), 0,
           "mask and actions are inherited, pending signals are not");
    sigprocmask(SIG_SETMASK, &old, NULL);
    tap_is(caught, SIGUSR1, "the parent's own signal was kept for it");
}

static int child_has_no_alarm(void *unused)
{
    struct itimerval left;

    (void)unused;
    getitimer(ITIMER_REAL, &left);
    return left.it_value.tv_sec == 0 && left.it_value.tv_usec == 0 ? 0 : 1;
}

static void test_alarm(void)
{
    alarm(1000);
    tap_is(tap_child_result(child_has_no_alarm, NULL), 0, "POSIX fork: alarms are not inherited");
    tap_ok(alarm(0) > 900, "the parent keeps its alarm");
}

static int child_under_limit(void *unused)
{
    struct rlimit limit = {1, 1};
    pid_t pid;

    (void)unused;
    if (setrlimit(RLIMIT_NPROC, &limit) != 0)
        return 1;
    if (setuid(12345) != 0)
        return 2;
    pid = fork();
    if (pid == 0)
        _exit(0);
    return pid == -1 && errno == EAGAIN ? 0 : 3;
}

static int root_over_limit(void *unused)
{
    struct rlimit limit = {1, 1};

    (void)unused;
    if (setrlimit(RLIMIT_NPROC, &limit) != 0)
        return 1;
    return tap_child_result(child_has_no_alarm, NULL);
}

static void test_limit(void)
{
    tap_is(tap_child_result(child_under_limit, NULL), 0, "POSIX fork: EAGAIN, at RLIMIT_NPROC");
    tap_is(tap_child_result(root_over_limit, NULL), 0, "the superuser has no such limit");
}

static volatile int shared;

static void test_vfork(void)
{
    int status;
    pid_t pid = vfork();

    if (pid == 0) {
        shared = 7;
        _exit(3);
    }
    tap_is(shared, 7, "vfork: the parent goes on when the child has ended, and sees what it wrote");
    tap_ok(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 3, "vfork: it is waited for like any other");
}

static void test_vfork_exec(void)
{
    char *const arguments[] = {"true", NULL};
    int status;
    pid_t pid = vfork();

    if (pid == 0) {
        execve("/bin/true", arguments, NULL);
        _exit(9);
    }
    tap_ok(waitpid(pid, &status, 0) == pid && status == 0, "vfork and exec");
    shared = 8;
    tap_is(shared, 8, "the parent has its memory for itself again");
}

static void test_many(void)
{
    enum { children = 50 };
    pid_t pids[children];
    bool right = true;

    for (int i = 0; i < children; i++) {
        pids[i] = fork();
        if (pids[i] == 0)
            _exit(i);
    }
    for (int i = children - 1; i >= 0; i--) {
        int status;

        right &= waitpid(pids[i], &status, 0) == pids[i] && WEXITSTATUS(status) == i;
    }
    tap_ok(right, "fifty children, waited for by pid from the last to the first");
}

int main(void)
{
    tap_begin();
    test_ids();
    test_descriptors();
    test_signals();
    test_alarm();
    test_limit();
    test_vfork();
    test_vfork_exec();
    test_many();
    return tap_end();
}
