/*
 * proc_spawn.c - posix_spawn: what the new program finds by each attribute and file action, every way to fail, which
 * leaves no child; posix_spawnp; and vfork.
 *
 * The program spawns itself; argv[1] then says what to look at.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "tap.h"

#define SELF "/tests/proc_spawn"
#define FOLDER "/tmp/proc_spawn"
#define FILE_NAME FOLDER "/file"
#define FIFO FOLDER "/fifo"

#define ARGUMENTS(...)            \
    (char *[])                    \
    {                             \
        __VA_ARGS__, (char *)NULL \
    }

/* What the spawned program looks at; 100 says that all is right. */
static int look(char **argv)
{
    const char *what = argv[1];
    struct sigaction action;
    char text[64];
    sigset_t set;

    if (strcmp(what, "environment") == 0)
        return environ[0] && strcmp(environ[0], "A=1") == 0 && environ[1] == NULL ? 100 : 101;
    if (strcmp(what, "group") == 0)
        return getpgrp() == (atoi(argv[2]) ? atoi(argv[2]) : getpid()) ? 100 : 101;
    if (strcmp(what, "session") == 0)
        return getsid(0) == getpid() ? 100 : 101;
    if (strcmp(what, "mask") == 0) {
        sigprocmask(SIG_BLOCK, NULL, &set);
        return sigismember(&set, SIGUSR1) == 1 && sigismember(&set, SIGUSR2) == 0 ? 100 : 101;
    }
    if (strcmp(what, "actions") == 0) {
        sigaction(SIGUSR1, NULL, &action);
        if (action.sa_handler != SIG_DFL)
            return 101;
        sigaction(SIGUSR2, NULL, &action);
        return action.sa_handler == SIG_IGN ? 100 : 102;
    }
    if (strcmp(what, "policy") == 0) {
        struct sched_param param;

        sched_getparam(0, &param);
        return sched_getscheduler(0) == SCHED_RR && param.sched_priority == atoi(argv[2]) ? 100 : 101;
    }
    if (strcmp(what, "ids") == 0)
        return geteuid() == (uid_t)atoi(argv[2]) && getegid() == (gid_t)atoi(argv[3]) ? 100 : 101;
    if (strcmp(what, "write") == 0)
        return write(atoi(argv[2]), "hello", 5) == 5 ? 100 : 101;
    if (strcmp(what, "closed") == 0)
        return fcntl(atoi(argv[2]), F_GETFD) == -1 && errno == EBADF ? 100 : 101;
    if (strcmp(what, "directory") == 0)
        return getcwd(text, sizeof text) != NULL && strcmp(text, argv[2]) == 0 ? 100 : 101;
    if (strcmp(what, "sleep") == 0)
        pause();
    return 99;
}

/* Spawn, wait: the exit status, -signal, or 1000 + the error. */
static int run(const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes, char **arguments)
{
    pid_t pid = -1;
    int status, error = posix_spawn(&pid, SELF, actions, attributes, arguments, environ);

    if (error != 0)
        return 1000 + error;
    status = tap_wait(pid);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void test_plain(void)
{
    char *environment[] = {"A=1", NULL};
    int status, error;
    pid_t pid = -1;

    errno = 0;
    error = posix_spawn(&pid, SELF, NULL, NULL, ARGUMENTS("x", "environment"), environment);
    tap_is(error, 0, "posix_spawn");
    tap_is(errno, 0, "leaves errno alone");
    tap_ok(pid > 0, "and gives the child's number");
    tap_is(waitpid(pid, &status, 0), pid, "of a child that can be waited for");
    tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 100, "and had its arguments and environment");
    error = posix_spawn(NULL, SELF, NULL, NULL, ARGUMENTS("x", "environment"), environment);
    tap_ok(error == 0 && wait(&status) > 0, "nobody has to ask for the number");
}

static volatile sig_atomic_t children;

static void count_child(int signal)
{
    (void)signal;
    children++;
}

static void test_errors(void)
{
    char *arguments[] = {"x", "sleep", NULL};
    pid_t pid = 77;
    char *path;

    signal(SIGCHLD, count_child);
    tap_is(posix_spawn(&pid, "/nowhere", NULL, NULL, arguments, environ), ENOENT, "POSIX posix_spawn: as exec: ENOENT");
    tap_is(pid, 77, "and the number is not touched");
    tap_fails(wait(NULL), ECHILD, "there is no child");
    tap_is(children, 0, "nor a SIGCHLD");
    signal(SIGCHLD, SIG_DFL);
    tap_is(posix_spawn(&pid, "/etc/passwd", NULL, NULL, arguments, environ), EACCES, "POSIX exec: EACCES");
    tap_is(posix_spawn(&pid, "/tmp", NULL, NULL, arguments, environ), EACCES, "POSIX exec: EACCES, a directory");
    tap_is(posix_spawn(&pid, "/etc/passwd/x", NULL, NULL, arguments, environ), ENOTDIR, "POSIX exec: ENOTDIR");
    tap_is(posix_spawn(&pid, (char *)0x80000000, NULL, NULL, arguments, environ), EFAULT, "a path that is no memory");
    tap_is(posix_spawn(&pid, SELF, NULL, NULL, (char **)0x80000000, environ), EFAULT, "arguments that are no memory");
    tap_is(posix_spawn(&pid, SELF, NULL, (void *)0x80000000, arguments, environ), EFAULT, "attributes likewise");
    tap_fails(syscall(SYS_spawn, SELF, arguments, environ, NULL, 0x80000000, 1), EFAULT, "file actions likewise");
    tap_fails(syscall(SYS_spawn, SELF, arguments, environ, NULL, NULL, ~0u), EFAULT, "any number of them");
    path = malloc(200000);
    memset(path, 'x', 199999);
    path[199999] = '\0';
    tap_is(posix_spawn(&pid, path, NULL, NULL, arguments, environ), ENAMETOOLONG, "POSIX exec: ENAMETOOLONG");
    tap_is(posix_spawn(&pid, SELF, NULL, NULL, ARGUMENTS("x", path), environ), E2BIG, "POSIX exec: E2BIG");
    free(path);
    tap_fails(wait(NULL), ECHILD, "there never was a child");
}

static void test_signals(void)
{
    posix_spawnattr_t attributes;
    sigset_t set;

    posix_spawnattr_init(&attributes);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    posix_spawnattr_setsigmask(&attributes, &set);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    tap_is(run(NULL, &attributes, ARGUMENTS("x", "mask")), 100, "POSIX_SPAWN_SETSIGMASK");
    sigprocmask(SIG_BLOCK, &set, NULL);
    tap_is(run(NULL, NULL, ARGUMENTS("x", "mask")), 100, "without it the caller's mask");
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    signal(SIGUSR1, SIG_IGN);
    signal(SIGUSR2, SIG_IGN);
    tap_is(run(NULL, NULL, ARGUMENTS("x", "actions")), 101, "what is ignored stays ignored");
    posix_spawnattr_setsigdefault(&attributes, &set);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    tap_is(run(NULL, &attributes, ARGUMENTS("x", "actions")), 100, "but for POSIX_SPAWN_SETSIGDEF");
    sigfillset(&set);
    posix_spawnattr_setsigdefault(&attributes, &set);
    tap_is(run(NULL, &attributes, ARGUMENTS("x", "actions")), 102, "which may name all signals");
    signal(SIGUSR1, SIG_DFL);
    signal(SIGUSR2, SIG_DFL);
    posix_spawnattr_destroy(&attributes);
}

static void test_groups(void)
{
    posix_spawnattr_t attributes;
    char group[16];
    pid_t pid;

    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    tap_is(run(NULL, &attributes, ARGUMENTS("x", "group", "0")), 100, "POSIX_SPAWN_SETPGROUP: a group of its own");
    tap_is(posix_spawn(&pid, SELF, NULL, &attributes, ARGUMENTS("x", "sleep"), environ), 0, "one that sleeps");
    tap_is(getpgid(pid), pid, "its group is there when posix_spawn returns");
    posix_spawnattr_setpgroup(&attributes, pid);
    snprintf(group, sizeof group, "%d", (int)pid);
    tap_is(run(NULL, &attributes, ARGUMENTS("x", "group", group)), 100, "another joins it");
    tap_kill(pid);
    tap_is(run(NULL, &attributes, ARGUMENTS("x", "group", group)), 1000 + EPERM, "POSIX setpgid: EPERM, no such group");
    posix_spawnattr_setpgroup(&attributes, -1);
    tap_is(run(NULL, &attributes, ARGUMENTS("x", "group", "0")), 1000 + EINVAL, "POSIX setpgid: EINVAL");
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    tap_is(run(NULL, &attributes, ARGUMENTS("x", "session")), 100, "POSIX_SPAWN_SETSID");
    snprintf(group, sizeof group, "%d", (int)getpgrp());
    tap_is(run(NULL, NULL, ARGUMENTS("x", "group", group)), 100, "else the caller's group");
}

static int drops_user(void *unused)
{
    posix_spawnattr_t attributes;
    struct sched_param param = {5};

    (void)unused;
    if (setresgid(1000, 0, 0) == -1 || setresuid(1000, 0, 0) == -1)
        return 1;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_RESETIDS);
    if (run(NULL, &attributes, ARGUMENTS("x", "ids", "1000", "1000")) != 100)
        return 2;
    if (run(NULL, NULL, ARGUMENTS("x", "ids", "0", "0")) != 100)
        return 3;
    if (setresuid(1000, 1000, 1000) == -1)
        return 4;
    posix_spawnattr_setschedpolicy(&attributes, SCHED_RR);
    posix_spawnattr_setschedparam(&attributes, &param);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSCHEDULER);
    return run(NULL, &attributes, ARGUMENTS("x", "policy", "5")) == 1000 + EPERM ? 0 : 5;
}

static void test_scheduling(void)
{
    posix_spawnattr_t attributes;
    struct sched_param param = {7};

    posix_spawnattr_init(&attributes);
    posix_spawnattr_setschedpolicy(&attributes, SCHED_RR);
    posix_spawnattr_setschedparam(&attributes, &param);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSCHEDULER);
    tap_is(run(NULL, &attributes, ARGUMENTS("x", "policy", "7")), 100, "POSIX_SPAWN_SETSCHEDULER");
    param.sched_priority = 3;
    sched_setscheduler(0, SCHED_RR, &param);
    posix_spawnattr_setschedpolicy(&attributes, SCHED_FIFO);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSCHEDPARAM);
    tap_is(run(NULL, &attributes, ARGUMENTS("x", "policy", "7")), 100, "POSIX_SPAWN_SETSCHEDPARAM keeps the policy");
    tap_is(run(NULL, NULL, ARGUMENTS("x", "policy", "3")), 100, "else the caller's");
    param.sched_priority = 1000;
    posix_spawnattr_setschedparam(&attributes, &param);
    tap_is(run(NULL, &attributes, ARGUMENTS("x", "policy", "7")), 1000 + EINVAL, "POSIX sched_setparam: EINVAL");
    param.sched_priority = 0;
    sched_setscheduler(0, SCHED_OTHER, &param);
}

static void test_attributes(void)
{
    posix_spawnattr_t attributes;
    struct sched_param param = {9};
    sigset_t set;
    short flags = -1;
    pid_t group = -1;
    int policy = -1;

    posix_spawnattr_init(&attributes);
    tap_ok(posix_spawnattr_getflags(&attributes, &flags) == 0 && flags == 0, "posix_spawnattr_init: no flags");
    tap_ok(posix_spawnattr_getpgroup(&attributes, &group) == 0 && group == 0, "group 0");
    tap_is(posix_spawnattr_setflags(&attributes, 0x4000), EINVAL, "POSIX posix_spawnattr_setflags: EINVAL");
    tap_is(posix_spawnattr_setschedpolicy(&attributes, 99), EINVAL, "POSIX posix_spawnattr_setschedpolicy: EINVAL");
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_RESETIDS);
    posix_spawnattr_setpgroup(&attributes, 12);
    posix_spawnattr_setschedpolicy(&attributes, SCHED_FIFO);
    posix_spawnattr_setschedparam(&attributes, &param);
    sigemptyset(&set);
    sigaddset(&set, SIGRTMAX);
    posix_spawnattr_setsigmask(&attributes, &set);
    sigaddset(&set, SIGHUP);
    posix_spawnattr_setsigdefault(&attributes, &set);
    posix_spawnattr_getflags(&attributes, &flags);
    posix_spawnattr_getpgroup(&attributes, &group);
    posix_spawnattr_getschedpolicy(&attributes, &policy);
    tap_ok(flags == (POSIX_SPAWN_SETSID | POSIX_SPAWN_RESETIDS) && group == 12 && policy == SCHED_FIFO, "what was set");
    param.sched_priority = 0;
    posix_spawnattr_getschedparam(&attributes, &param);
    tap_is(param.sched_priority, 9, "the priority too");
    posix_spawnattr_getsigmask(&attributes, &set);
    tap_ok(sigismember(&set, SIGRTMAX) && !sigismember(&set, SIGHUP), "the mask");
    posix_spawnattr_getsigdefault(&attributes, &set);
    tap_ok(sigismember(&set, SIGRTMAX) && sigismember(&set, SIGHUP), "the default actions");
    posix_spawnattr_destroy(&attributes);
}

static const char *content(const char *path)
{
    static char text[64];
    int fd = open(path, O_RDONLY);
    ssize_t n = read(fd, text, sizeof text - 1);

    close(fd);
    text[n > 0 ? n : 0] = '\0';
    return text;
}

static void test_files(void)
{
    posix_spawn_file_actions_t actions;
    struct stat status;
    int fd;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 9, FILE_NAME, O_WRONLY | O_CREAT | O_EXCL, 0640);
    posix_spawn_file_actions_adddup2(&actions, 9, 12);
    posix_spawn_file_actions_addclose(&actions, 9);
    tap_is(run(&actions, NULL, ARGUMENTS("x", "write", "12")), 100, "open, dup2, close, in that order");
    tap_is_text(content(FILE_NAME), "hello", "what it wrote is there");
    tap_ok(stat(FILE_NAME, &status) == 0 && (status.st_mode & 0777) == 0640, "with the mode asked for");
    tap_is(run(&actions, NULL, ARGUMENTS("x", "closed", "9")), 1000 + EEXIST,
           "POSIX open: EEXIST, given to the caller");
    posix_spawn_file_actions_destroy(&actions);

    posix_spawn_file_actions_addopen(&actions, 1, FILE_NAME, O_WRONLY | O_TRUNC, 0);
    tap_is(run(&actions, NULL, ARGUMENTS("x", "write", "1")), 100, "open at a number in use");
    posix_spawn_file_actions_addopen(&actions, 8, FILE_NAME, O_RDONLY | O_CLOEXEC, 0);
    tap_is(run(&actions, NULL, ARGUMENTS("x", "closed", "8")), 100, "O_CLOEXEC holds");
    posix_spawn_file_actions_addclose(&actions, 500);
    tap_is(run(&actions, NULL, ARGUMENTS("x", "closed", "500")), 100,
           "closing what is not open is no error, as on Linux");
    posix_spawn_file_actions_adddup2(&actions, 501, 3);
    tap_is(run(&actions, NULL, ARGUMENTS("x", "closed", "500")), 1000 + EBADF, "POSIX dup2: EBADF");
    posix_spawn_file_actions_destroy(&actions);

    fd = open(FILE_NAME, O_WRONLY | O_CLOEXEC);
    posix_spawn_file_actions_adddup2(&actions, fd, fd);
    tap_is(run(&actions, NULL, ARGUMENTS("x", "write", (char[]){'0' + fd, '\0'})), 100,
           "POSIX posix_spawn_file_actions_adddup2: to itself it stays open on exec");
    posix_spawn_file_actions_destroy(&actions);
    close(fd);

    tap_is(posix_spawn_file_actions_addclose(&actions, -1), EBADF, "POSIX posix_spawn_file_actions_addclose: EBADF");
    tap_is(posix_spawn_file_actions_adddup2(&actions, 0, 100000), EBADF,
           "POSIX posix_spawn_file_actions_adddup2: EBADF");
    tap_is(posix_spawn_file_actions_addopen(&actions, -1, "/", 0, 0), EBADF,
           "POSIX posix_spawn_file_actions_addopen: EBADF");
    posix_spawn_file_actions_addopen(&actions, 5, "/nowhere/x", O_RDONLY, 0);
    tap_is(run(&actions, NULL, ARGUMENTS("x", "closed", "5")), 1000 + ENOENT,
           "POSIX open: ENOENT, given to the caller");
    posix_spawn_file_actions_destroy(&actions);
}

static void test_directories(void)
{
    posix_spawn_file_actions_t actions;
    char here[64];

    getcwd(here, sizeof here);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addchdir_np(&actions, FOLDER);
    tap_is(run(&actions, NULL, ARGUMENTS("x", "directory", FOLDER)), 100, "posix_spawn_file_actions_addchdir_np");
    posix_spawn_file_actions_addopen(&actions, 7, "/", O_RDONLY, 0);
    posix_spawn_file_actions_addfchdir_np(&actions, 7);
    tap_is(run(&actions, NULL, ARGUMENTS("x", "directory", "/")), 100, "posix_spawn_file_actions_addfchdir_np");
    posix_spawn_file_actions_addchdir_np(&actions, "etc/passwd");
    tap_is(run(&actions, NULL, ARGUMENTS("x", "directory", "/")), 1000 + ENOTDIR, "POSIX chdir: ENOTDIR");
    posix_spawn_file_actions_destroy(&actions);
    tap_is(run(NULL, NULL, ARGUMENTS("x", "directory", here)), 100, "the caller's directory is as it was");
}

/* Blocks in a file action: opening a FIFO that nobody writes to. */
static int spawns_blocked(void *unused)
{
    posix_spawn_file_actions_t actions;

    (void)unused;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, FIFO, O_RDONLY, 0);
    return run(&actions, NULL, ARGUMENTS("x", "closed", "99")) - 1000;
}

static bool is_opening(void *pid)
{
    return strncmp(process_text(*(pid_t *)pid, "wchan"), "fifo", 4) == 0;
}

/* The child of that process. */
static pid_t find_child(pid_t parent)
{
    char path[64];

    for (pid_t pid = parent + 1; pid < parent + 100; pid++) {
        int its_parent = 0;
        FILE *file;

        snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
        file = fopen(path, "r");
        if (file == NULL)
            continue;
        fscanf(file, "%*d (%*[^)]) %*c %d", &its_parent);
        fclose(file);
        if (its_parent == parent)
            return pid;
    }
    return 0;
}

static bool child_is_opening(void *parent)
{
    pid_t child = find_child(*(pid_t *)parent);

    return child != 0 && is_opening(&child);
}

static void test_blocked(void)
{
    pid_t parent;
    int status;

    mkfifo(FIFO, 0600);
    parent = tap_start(spawns_blocked, NULL);
    tap_ok(tap_until(child_is_opening, &parent), "a spawned process waits in a file action");
    kill(find_child(parent), SIGKILL);
    status = tap_wait(parent);
    tap_ok(WIFEXITED(status) && WEXITSTATUS(status) == EINTR, "killed there, it never was: EINTR");
    parent = tap_start(spawns_blocked, NULL);
    tap_ok(tap_until(child_is_opening, &parent), "another waits there");
    status = find_child(parent);
    kill(parent, SIGKILL);
    tap_is(tap_wait(parent), SIGKILL, "its parent can be killed meanwhile");
    kill(status, SIGKILL);
}

static void test_search(void)
{
    char *old = strdup(getenv("PATH"));
    pid_t pid;

    setenv("PATH", "/nowhere:/etc:/tests", 1);
    tap_is(posix_spawnp(&pid, "proc_spawn", NULL, NULL, ARGUMENTS("x", "closed", "99"), environ), 0,
           "posix_spawnp looks along PATH");
    tap_is(tap_wait(pid), 100 << 8, "and runs what it found");
    tap_is(posix_spawnp(&pid, "passwd", NULL, NULL, ARGUMENTS("x"), environ), EACCES, "POSIX exec: EACCES");
    tap_is(posix_spawnp(&pid, "no-such-thing", NULL, NULL, ARGUMENTS("x"), environ), ENOENT, "POSIX exec: ENOENT");
    tap_is(posix_spawnp(&pid, "", NULL, NULL, ARGUMENTS("x"), environ), ENOENT, "POSIX exec: ENOENT, no name");
    tap_is(posix_spawnp(&pid, SELF, NULL, NULL, ARGUMENTS("x", "closed", "99"), environ), 0,
           "a path is taken as it is");
    tap_wait(pid);
    setenv("PATH", old, 1);
    free(old);
}

static void test_vfork(void)
{
    volatile int shared = 0;
    int status;
    pid_t pid = vfork();

    if (pid == 0) {
        shared = 1;
        _exit(5);
    }
    tap_is(shared, 1, "vfork: the child ran in the parent's memory, before it");
    tap_is(waitpid(pid, &status, 0), pid, "and is its child");
    tap_is(status, 5 << 8, "with a status");
    pid = vfork();
    if (pid == 0) {
        execl(SELF, "x", "sleep", (char *)NULL);
        _exit(6);
    }
    tap_is(kill(pid, 0), 0, "the parent goes on when the child has executed a program");
    tap_kill(pid);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return look(argv);
    tap_begin();
    mkdir(FOLDER, 0755);
    test_plain();
    test_errors();
    test_signals();
    test_groups();
    test_scheduling();
    tap_is(tap_child_result(drops_user, NULL), 0, "POSIX_SPAWN_RESETIDS, and EPERM for who is not privileged");
    test_attributes();
    test_files();
    test_directories();
    test_blocked();
    test_search();
    test_vfork();
    unlink(FILE_NAME);
    unlink(FIFO);
    rmdir(FOLDER);
    return tap_end();
}
