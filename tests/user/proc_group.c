/*
 * proc_group.c - process groups and sessions: every rule of setpgid, setsid, getpgid and getsid, and orphaned groups.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static const struct timespec millisecond = {.tv_nsec = 1000000};

static int waits_for_signals(void *unused)
{
    (void)unused;
    while (pause() == -1)
        continue;
    return 0;
}

static int executes(void *unused)
{
    (void)unused;
    execl("/bin/sleep", "sleep", "100", (char *)NULL);
    return 127;
}

static void test_setpgid(void)
{
    pid_t child = tap_start(waits_for_signals, NULL), other = tap_start(waits_for_signals, NULL);

    tap_works(setpgid(child, child), "a child becomes the leader of a group");
    tap_is(getpgid(child), child, "its own");
    tap_works(setpgid(child, child), "again, to no effect");
    tap_works(setpgid(other, child), "another joins");
    tap_is(getpgid(other), child, "it");
    tap_works(setpgid(child, getpgrp()), "the leader goes back");
    tap_works(setpgid(other, 0), "group 0 means the process's own number");
    tap_is(getpgid(other), other, "so it does");
    tap_fails(setpgid(child, -1), EINVAL, "POSIX setpgid: EINVAL");
    tap_fails(setpgid(1, 0), ESRCH, "POSIX setpgid: ESRCH, not a child");
    tap_fails(setpgid(30000, 0), ESRCH, "POSIX setpgid: ESRCH, no such process");
    tap_fails(setpgid(child, 8000), EPERM, "POSIX setpgid: EPERM, no such group");
    tap_fails(getpgid(30000), ESRCH, "POSIX getpgid: ESRCH");
    tap_fails(getsid(30000), ESRCH, "POSIX getsid: ESRCH");
    tap_kill(child);
    tap_kill(other);
}

static int ends_at_once(void *unused)
{
    (void)unused;
    return 0;
}

/* A pipeline's first process may have ended when the shell puts the second one into its group. */
static void test_zombie(void)
{
    pid_t first = tap_start(ends_at_once, NULL), second = tap_start(waits_for_signals, NULL);
    siginfo_t info;

    waitid(P_PID, (id_t)first, &info, WEXITED | WNOWAIT);
    tap_works(setpgid(first, first), "a zombie leads a group");
    tap_works(setpgid(second, first), "which others join");
    waitpid(first, NULL, 0);
    tap_is(getpgid(second), first, "and are left in");
    tap_kill(second);
}

static bool has_execed(void *context)
{
    pid_t pid = *(pid_t *)context;

    return setpgid(pid, pid) == -1 && errno == EACCES;
}

static void test_execed(void)
{
    pid_t pid = tap_start(executes, NULL);

    tap_ok(tap_until(has_execed, &pid), "POSIX setpgid: EACCES, a child that has executed a program");
    tap_kill(pid);
}

static int leads_session(void *unused)
{
    (void)unused;
    if (setsid() != getpid() || getpgrp() != getpid() || getsid(0) != getpid())
        return 1;
    if (setsid() != -1 || errno != EPERM)
        return 2; /* POSIX setsid: EPERM, it leads a group */
    if (setpgid(0, 0) != -1 || errno != EPERM)
        return 3; /* POSIX setpgid: EPERM, it leads a session */
    return 0;
}

static int stays_in_session(void *context)
{
    int *ready = context;

    if (setsid() < 0)
        return 1;
    *(volatile int *)ready = 1;
    return waits_for_signals(NULL);
}

static bool is_set(void *word)
{
    return *(volatile int *)word != 0;
}

static void test_sessions(void)
{
    int *ready = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid;

    tap_is(tap_child_result(leads_session, NULL), 0, "setsid makes a session and a group; a leader cannot leave them");
    pid = tap_start(stays_in_session, ready);
    tap_ok(tap_until(is_set, ready), "a child in a session of its own");
    tap_is(getsid(pid), pid, "getsid of another");
    tap_fails(setpgid(pid, getpgrp()), EPERM, "POSIX setpgid: EPERM, a child in another session");
    tap_kill(pid);
    munmap(ready, 4096);
}

static int joins_group_of_dead_leader(void *unused)
{
    pid_t leader, member, late;

    (void)unused;
    leader = tap_start(waits_for_signals, NULL);
    member = tap_start(waits_for_signals, NULL);
    late = tap_start(waits_for_signals, NULL);
    if (setpgid(leader, leader) != 0 || setpgid(member, leader) != 0)
        return 1;
    tap_kill(leader);
    if (setpgid(late, leader) != 0 || getpgid(late) != leader)
        return 2;
    if (kill(-leader, SIGTERM) != 0)
        return 3;
    if (waitpid(-leader, NULL, 0) <= 0 || waitpid(-leader, NULL, 0) <= 0)
        return 4;
    return kill(-leader, 0) == -1 && errno == ESRCH ? 0 : 5;
}

/* Words that the processes below write: what the grandchild got, and how far things are. */
struct orphans {
    volatile int hup, cont, ready, grandchild;
};
static struct orphans *orphans;

static void on_hup(int signal)
{
    (void)signal;
    orphans->hup++;
}

static void on_cont(int signal)
{
    (void)signal;
    orphans->cont++;
}

static int stops_in_own_group(void *unused)
{
    (void)unused;
    signal(SIGHUP, on_hup);
    signal(SIGCONT, on_cont);
    setpgid(0, 0);
    orphans->grandchild = getpid();
    orphans->ready = 1;
    kill(getpid(), SIGSTOP);
    orphans->ready = 2;
    _exit(0);
}

/* The link between the grandchild's group and the session. */
static int parent_that_ends(void *unused)
{
    pid_t pid = tap_start(stops_in_own_group, NULL);
    int status;

    (void)unused;
    waitpid(pid, &status, WUNTRACED);
    return WIFSTOPPED(status) ? 0 : 1;
}

static bool went_on(void *unused)
{
    (void)unused;
    return orphans->ready == 2;
}

static void test_orphaned(void)
{
    tap_is(tap_child_result(parent_that_ends, NULL), 0, "a parent ends whose child is stopped in a group of its own");
    tap_ok(tap_until(went_on, NULL), "POSIX _exit: a group that becomes orphaned with a stopped member is continued");
    tap_ok(orphans->hup == 1 && orphans->cont == 1, "by SIGHUP and SIGCONT");
}

static int does_not_stop(void *unused)
{
    pid_t self = getpid();

    (void)unused;
    if (fork() != 0)
        _exit(0);
    while (getppid() == self)
        nanosleep(&millisecond, NULL);
    setpgid(0, 0);
    kill(getpid(), SIGTSTP);
    kill(getpid(), SIGTTIN);
    kill(getpid(), SIGTTOU);
    orphans->ready = 3;
    _exit(0);
}

static bool did_not_stop(void *unused)
{
    (void)unused;
    return orphans->ready == 3;
}

int main(void)
{
    tap_begin();
    orphans = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    test_setpgid();
    test_zombie();
    test_execed();
    test_sessions();
    tap_is(tap_child_result(joins_group_of_dead_leader, NULL), 0, "a group outlives its leader");
    test_orphaned();
    tap_is(tap_child_result(does_not_stop, NULL), 0, "a process in an orphaned group");
    tap_ok(tap_until(did_not_stop, NULL), "POSIX 2.4.3: does not stop by SIGTSTP, SIGTTIN, SIGTTOU");
    munmap(orphans, 4096);
    return tap_end();
}
