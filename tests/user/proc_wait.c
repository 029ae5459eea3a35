/*
 * proc_wait.c - wait, waitpid, wait4, waitid: which child, which news, which error; SIGCHLD and its siginfo; children
 * that nobody waits for.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static int exits(void *context)
{
    return *(int *)context;
}

static int waits_for_signals(void *unused)
{
    (void)unused;
    while (pause() == -1)
        continue;
    return 0;
}

static void test_status(void)
{
    int code = 42, status;
    pid_t pid = tap_start(exits, &code);

    tap_is(waitpid(pid, &status, 0), pid, "waitpid answers the child");
    tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 42, "with its exit status");
    code = 0x1234;
    status = tap_child(exits, &code);
    tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 0x34, "POSIX _exit: the low 8 bits");
    pid = tap_start(waits_for_signals, NULL);
    kill(pid, SIGTERM);
    tap_is(waitpid(pid, &status, 0), pid, "a child that was killed");
    tap_ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM, "with the signal");
}

static void test_errors(void)
{
    int status, one = 1;
    siginfo_t info;
    pid_t pid;

    tap_fails(wait(&status), ECHILD, "POSIX wait: ECHILD, without children");
    tap_fails(waitpid(getppid(), &status, 0), ECHILD, "POSIX waitpid: ECHILD, not a child");
    tap_fails(waitpid(-1, &status, 0x10000), EINVAL, "POSIX waitpid: EINVAL");
    tap_fails(waitid(P_ALL, 0, &info, WEXITED), ECHILD, "POSIX waitid: ECHILD");
    tap_fails(waitid(P_ALL, 0, &info, WNOHANG), EINVAL, "POSIX waitid: EINVAL, nothing asked for");
    tap_fails(waitid((idtype_t)7, 0, &info, WEXITED), EINVAL, "POSIX waitid: EINVAL, no such kind of id");
    pid = tap_start(exits, &one);
    tap_fails(waitpid(-pid, &status, 0), ECHILD, "POSIX waitpid: ECHILD, no child in that group");
    tap_fails(wait4(pid, (int *)0x80000000, 0, NULL), EFAULT, "a status that cannot be stored");
}

static bool has_ended(void *context)
{
    siginfo_t info = {0};

    return waitid(P_PID, *(id_t *)context, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

static void test_no_hang(void)
{
    int status = -1;
    pid_t pid = tap_start(waits_for_signals, NULL);
    siginfo_t info;
    id_t id = (id_t)pid;

    tap_is(waitpid(pid, &status, WNOHANG), 0, "WNOHANG: 0 while the child runs");
    tap_is(status, -1, "and no status");
    memset(&info, 0xff, sizeof info);
    tap_is(waitid(P_PID, id, &info, WEXITED | WNOHANG), 0, "waitid with WNOHANG");
    tap_ok(info.si_pid == 0 && info.si_signo == 0, "says so by si_pid and si_signo of 0");
    kill(pid, SIGKILL);
    tap_ok(tap_until(has_ended, &id), "WNOWAIT sees the end");
    tap_ok(has_ended(&id), "and leaves it to be seen again");
    tap_is(waitpid(pid, &status, WNOHANG), pid, "WNOHANG takes it");
    tap_fails(waitpid(pid, &status, WNOHANG), ECHILD, "once");
}

static void test_info(void)
{
    int code = 17;
    siginfo_t info;
    pid_t pid = tap_start(exits, &code);

    tap_is(waitid(P_PID, (id_t)pid, &info, WEXITED), 0, "waitid");
    tap_ok(info.si_signo == SIGCHLD && info.si_code == CLD_EXITED, "CLD_EXITED");
    tap_ok(info.si_pid == pid && info.si_uid == getuid() && info.si_status == 17, "with pid, user and status");
    pid = tap_start(waits_for_signals, NULL);
    kill(pid, SIGKILL);
    tap_is(waitid(P_ALL, 0, &info, WEXITED), 0, "waitid for any child");
    tap_ok(info.si_pid == pid && info.si_code == CLD_KILLED && info.si_status == SIGKILL, "CLD_KILLED");
}

static void test_stop(void)
{
    siginfo_t info;
    int status;
    pid_t pid = tap_start(waits_for_signals, NULL);

    kill(pid, SIGSTOP);
    tap_is(waitpid(pid, &status, WUNTRACED), pid, "WUNTRACED tells of a stop");
    tap_ok(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP, "with its signal");
    tap_is(waitpid(pid, &status, WUNTRACED | WNOHANG), 0, "once");
    kill(pid, SIGCONT);
    tap_is(waitpid(pid, &status, WCONTINUED), pid, "WCONTINUED tells that it goes on");
    tap_ok(WIFCONTINUED(status), "with its status");
    setpgid(pid, pid); /* our group may be an orphaned one, in which SIGTSTP stops nobody */
    kill(pid, SIGTSTP);
    tap_is(waitid(P_PID, (id_t)pid, &info, WSTOPPED), 0, "waitid with WSTOPPED");
    tap_ok(info.si_code == CLD_STOPPED && info.si_status == SIGTSTP && info.si_pid == pid, "CLD_STOPPED");
    kill(pid, SIGCONT);
    tap_is(waitid(P_PID, (id_t)pid, &info, WCONTINUED), 0, "waitid with WCONTINUED");
    tap_ok(info.si_code == CLD_CONTINUED && info.si_status == SIGCONT, "CLD_CONTINUED");
    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    kill(pid, SIGKILL);
    waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT);
    tap_fails(waitid(P_PID, (id_t)pid, &info, WCONTINUED), ECHILD, "one that has ended will not go on: ECHILD");
    tap_fails(waitid(P_ALL, 0, &info, WSTOPPED), ECHILD, "nor stop: ECHILD");
    tap_is(waitpid(pid, &status, 0), pid, "SIGKILL ends a stopped child");
    tap_ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "at once");
}

static void test_groups(void)
{
    int first = 1, second = 2, status;
    pid_t other = tap_start(exits, &first), same;

    setpgid(other, other);
    same = tap_start(exits, &second);
    tap_is(waitpid(0, &status, 0), same, "waitpid(0) means children in the own group");
    tap_is(WEXITSTATUS(status), 2, "and takes no other");
    tap_is(waitpid(-other, &status, 0), other, "waitpid(-group)");
    tap_is(WEXITSTATUS(status), 1, "takes the other");
}

static volatile sig_atomic_t handled;
static siginfo_t told;

static void on_child(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    told = *info;
    handled++;
}

static void test_signal(void)
{
    struct sigaction action = {.sa_sigaction = on_child, .sa_flags = SA_SIGINFO | SA_RESTART}, old;
    int code = 5, status;
    pid_t pid;

    sigaction(SIGCHLD, &action, &old);
    pid = tap_start(exits, &code);
    tap_is(waitpid(pid, &status, 0), pid, "SA_RESTART: waitpid goes on after SIGCHLD");
    tap_is(handled, 1, "SIGCHLD came");
    tap_ok(told.si_code == CLD_EXITED && told.si_pid == pid && told.si_status == 5, "with the child's siginfo");
    pid = tap_start(waits_for_signals, NULL);
    kill(pid, SIGSTOP);
    waitpid(pid, &status, WUNTRACED);
    tap_ok(handled == 2 && told.si_code == CLD_STOPPED, "SIGCHLD for a stop");
    action.sa_flags |= SA_NOCLDSTOP;
    sigaction(SIGCHLD, &action, NULL);
    kill(pid, SIGCONT);
    waitpid(pid, &status, WCONTINUED);
    tap_is(handled, 2, "POSIX sigaction: SA_NOCLDSTOP, none for stop and continue");
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    tap_is(handled, 3, "but for the end");
    sigaction(SIGCHLD, &old, NULL);
}

static void interrupt(int signal)
{
    (void)signal;
}

static void test_interrupted(void)
{
    struct sigaction action = {.sa_handler = interrupt}, old;
    int status;
    pid_t pid = tap_start(waits_for_signals, NULL), sender;

    sigaction(SIGALRM, &action, &old);
    sender = tap_signal_when_asleep(SIGALRM);
    tap_fails(waitpid(pid, &status, 0), EINTR, "POSIX waitpid: EINTR");
    tap_wait(sender);
    sigaction(SIGALRM, &old, NULL);
    kill(pid, SIGKILL);
    tap_is(waitpid(pid, &status, 0), pid, "the child is still there to be waited for");
}

static int nobody_waits(void *context)
{
    int code = 3, status;
    struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};

    if (*(bool *)context)
        action.sa_handler = SIG_IGN;
    sigaction(SIGCHLD, &action, NULL);
    tap_start(exits, &code);
    tap_start(exits, &code);
    return wait(&status) == -1 && errno == ECHILD ? 0 : 1;
}

static void test_automatic(void)
{
    bool ignored = true;

    tap_is(tap_child_result(nobody_waits, &ignored), 0,
           "POSIX wait: with SIGCHLD ignored it waits for all, then ECHILD");
    ignored = false;
    tap_is(tap_child_result(nobody_waits, &ignored), 0, "POSIX wait: so it does with SA_NOCLDWAIT");
}

static int burns(void *unused)
{
    volatile unsigned n = 0;

    (void)unused;
    while (clock() < CLOCKS_PER_SEC / 20)
        n++;
    return 0;
}

static void test_usage(void)
{
    struct rusage usage, before, after;
    int status;
    long long used, added;
    pid_t pid;

    getrusage(RUSAGE_CHILDREN, &before);
    pid = tap_start(burns, NULL);
    tap_is(wait4(pid, &status, 0, &usage), pid, "wait4");
    used =
        (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000LL + usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
    tap_ok(used >= 50000, "tells the child's CPU time");
    getrusage(RUSAGE_CHILDREN, &after);
    added =
        (after.ru_utime.tv_sec + after.ru_stime.tv_sec - before.ru_utime.tv_sec - before.ru_stime.tv_sec) * 1000000LL +
        after.ru_utime.tv_usec + after.ru_stime.tv_usec - before.ru_utime.tv_usec - before.ru_stime.tv_usec;
    tap_ok(added >= used - 2 && added <= used + 2, "which is added to the parent's children's");
}

int main(void)
{
    tap_begin();
    test_status();
    test_errors();
    test_no_hang();
    test_info();
    test_stop();
    test_groups();
    test_signal();
    test_interrupted();
    test_automatic();
    test_usage();
    return tap_end();
}
