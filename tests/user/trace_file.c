/*
 * trace_file.c - /proc/PID/trace as a file: who may open it, one tracer at a time, reading, poll, what is lost,
 * children that are followed, and the end of either side.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "tap.h"
#include "tracer.h"

enum { user = 1000, other = 1001 };

static int fd;

static int sleeps(void *unused)
{
    (void)unused;
    while (pause() < 0)
        ;
    return 1;
}

static pid_t start_sleeper(void)
{
    return tap_start_asleep(sleeps, NULL);
}

static void test_open(void)
{
    pid_t pid = start_sleeper();
    struct stat status;
    char path[32];

    snprintf(path, sizeof path, "/proc/%d/trace", (int)pid);
    tap_works(stat(path, &status), "there is a file");
    tap_is(status.st_mode, S_IFREG | 0400, "its owner reads it");
    tap_fails(open(path, O_RDWR), EROFS, "POSIX open: EROFS");
    tap_fails(open(path, O_WRONLY), EROFS, "POSIX open: EROFS");
    fd = tracer_open(pid, 0);
    tap_works(fd, "it can be opened");
    tap_fails(open(path, O_RDONLY), EBUSY, "a process has one tracer: EBUSY");
    tap_fails(lseek(fd, 0, SEEK_SET), ESPIPE, "POSIX lseek: ESPIPE");
    tap_fails(write(fd, "", 1), EBADF, "POSIX write: EBADF");
    tap_fails(ioctl(fd, TRACE_SET, TRACE_BYTES_MAX + 1), EINVAL, "too many bytes: EINVAL");
    tap_fails(ioctl(fd, TRACE_SET + 1, 0), ENOTTY, "POSIX ioctl: ENOTTY");
    close(fd);
    fd = tracer_open(pid, 0);
    tap_works(fd, "when it was closed, it can be opened again");
    close(fd);
    kill(pid, SIGKILL);
    waitid(P_PID, (id_t)pid, &(siginfo_t){0}, WEXITED | WNOWAIT);
    tap_fails(open(path, O_RDONLY), ESRCH, "a zombie: ESRCH");
    tap_wait(pid);
    tap_fails(open(path, O_RDONLY), ENOENT, "POSIX open: ENOENT");
}

static int calls_when_continued(void *unused)
{
    (void)unused;
    raise(SIGSTOP);
    getppid();
    raise(SIGSTOP);
    getppid();
    raise(SIGSTOP);
    return 5;
}

static void next_stop(pid_t pid)
{
    kill(pid, SIGCONT);
    waitpid(pid, &(int){0}, WUNTRACED);
}

static void test_attach(void)
{
    pid_t pid = tap_start(calls_when_continued, NULL);

    waitpid(pid, &(int){0}, WUNTRACED);
    fd = tracer_open(pid, O_NONBLOCK);
    tap_is(tracer_next(fd) == NULL && errno == EAGAIN, true, "nothing to read: EAGAIN with O_NONBLOCK");
    next_stop(pid);
    tap_ok(tracer_find(fd, TRACE_CALL, SYS_getppid), "what it calls after it was attached to is there");
    close(fd);
    next_stop(pid);
    fd = tracer_open(pid, O_NONBLOCK);
    tap_is(tracer_next(fd) == NULL && errno == EAGAIN, true, "what it called with nobody attached is not");
    kill(pid, SIGCONT);
    tap_is(WEXITSTATUS(tap_wait(pid)), 5, "it ends as it would");
    tap_ok(tracer_find(fd, TRACE_EXIT, -1), "what it left can be read when it is gone");
    tap_is(read(fd, &(char){0}, 1), 0, "and then there is no more");
    close(fd);
}

static int asks(void *unused)
{
    (void)unused;
    getppid();
    return 0;
}

static void test_read(void)
{
    static _Alignas(8) char buffer[TRACE_RECORD_MAX];
    const struct abi_trace_record *record = (void *)buffer;
    pid_t pid = tracer_start(asks, NULL, 0, &fd);
    struct abi_trace_record first;
    ssize_t n;

    tap_wait(pid);
    tap_fails(read(fd, buffer, sizeof *record - 1), EINVAL, "read: no room for one record: EINVAL");
    tap_fails(read(fd, (void *)0xffff0000, sizeof buffer), EFAULT, "POSIX read: EFAULT");
    n = read(fd, buffer, sizeof *record);
    tap_is(n, sizeof *record, "read: room for one record");
    first = *record;
    n = read(fd, buffer, 2 * sizeof *record + 1);
    tap_ok(n > 0 && n % sizeof *record == 0, "read: whole records");
    tap_ok(first.time <= record->time && (first.kind != record->kind || first.number != record->number),
           "the next after the first: what failed has taken nothing");
    close(fd);
}

static void test_poll(void)
{
    pid_t pid = start_sleeper();
    struct pollfd entry = {.events = POLLIN};

    fd = entry.fd = tracer_open(pid, 0);
    tap_is(read(fd, &(char){0}, 0), 0, "read: 0 bytes are not waited for");
    tap_is(poll(&entry, 1, 0), 0, "poll: nothing yet");
    pid_t killer = tap_fork();
    if (killer == 0) {
        pid_t parent = getppid();

        tap_until(tap_is_asleep, &parent);
        kill(pid, SIGKILL);
        _exit(0);
    }
    tap_is(poll(&entry, 1, -1), 1, "poll waits for a record");
    tap_ok(entry.revents & POLLIN, "POLLIN");
    tap_wait(pid);
    tap_wait(killer);
    tap_is(poll(&entry, 1, 0), 1, "after the end");
    tap_is(entry.revents, POLLIN | POLLHUP, "records and the end");
    tracer_count(fd);
    poll(&entry, 1, 0);
    tap_is(entry.revents, POLLHUP, "the end");
    close(fd);
}

static void handles(int signal)
{
    (void)signal;
}

static void test_wait(void)
{
    struct sigaction action = {.sa_handler = handles};
    pid_t pid = start_sleeper(), helper;

    fd = tracer_open(pid, 0);
    sigaction(SIGUSR1, &action, NULL);
    helper = tap_signal_when_asleep(SIGUSR1);
    tap_fails(read(fd, &(char[TRACE_RECORD_MAX]){0}, TRACE_RECORD_MAX), EINTR, "POSIX read: EINTR");
    tap_wait(helper);
    close(fd);
    tap_kill(pid);
}

enum { rounds = 4000 };

static int asks_much(void *unused)
{
    (void)unused;
    for (int i = 0; i < rounds; i++)
        getppid();
    return 0;
}

static void test_lost(void)
{
    pid_t pid = tracer_start(asks_much, NULL, 0, &fd);
    const struct abi_trace_record *record;
    unsigned seen = 0, lost = 0;

    tap_is(tap_wait(pid), 0, "nobody reads, and the process goes on");
    while ((record = tracer_next(fd))) {
        seen += record->number == SYS_getppid;
        lost += record->lost;
    }
    tap_ok(seen > rounds / 2 && seen < 2 * rounds, "%u of %u records fit", seen, 2 * rounds);
    tap_is(lost, 0, "what comes no more cannot tell of those that were lost");
    close(fd);
}

static int asks_twice(void *context)
{
    asks_much(NULL);
    write(((int *)context)[1], "", 1);
    raise(SIGSTOP);
    getppid();
    return 0;
}

static void test_lost_told(void)
{
    unsigned seen = 0, lost = 0, first = 0;
    const struct abi_trace_record *record;
    int ends[2];
    pid_t pid;

    pipe(ends);
    pid = tracer_start(asks_twice, ends, 0, &fd);
    waitpid(pid, &(int){0}, WUNTRACED);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    while ((record = tracer_next(fd)))
        first++;
    kill(pid, SIGCONT);
    tap_wait(pid);
    while ((record = tracer_next(fd))) {
        if (seen++ == 0)
            lost = record->lost;
        else
            lost += record->lost ? 1000000 : 0;
    }
    tap_ok(first + lost >= 2 * rounds && first + lost < 2 * rounds + 32, "%u lost records are told by the next", lost);
    tap_ok(seen >= 3 && seen < 32, "with room again all is there");
    close(fd);
    close(ends[0]);
    close(ends[1]);
}

/* A child that asks, and has one that asks. */
static int forks(void *unused)
{
    pid_t pid = fork();

    (void)unused;
    if (pid == 0) {
        pid = fork();
        if (pid == 0) {
            getsid(0);
            _exit(0);
        }
        _exit(tap_wait(pid));
    }
    return tap_wait(pid);
}

static void test_follow(void)
{
    pid_t pid = tracer_start(forks, NULL, TRACE_FOLLOW, &fd), parent = pid;
    const struct abi_trace_record *record;
    int deep = 0, ends = 0, asked = 0;

    while ((record = tracer_next(fd))) {
        if (record->kind == TRACE_FORK && record->result == parent) {
            parent = record->pid;
            deep++;
        }
        asked += record->kind == TRACE_RESULT && record->number == SYS_getsid && record->pid == parent && deep == 2;
        ends += record->kind == TRACE_EXIT;
    }
    tap_is(deep, 2, "TRACE_FOLLOW: the child of a child is followed, too");
    tap_is(asked, 1, "with what it asks");
    tap_is(ends, 3, "the end of the file is the end of them all");
    tap_is(tap_wait(pid), 0, "and they did as they would");
    close(fd);

    pid = tracer_start(forks, NULL, 0, &fd);
    for (deep = ends = 0; (record = tracer_next(fd)); ends += record->kind == TRACE_EXIT)
        deep += record->pid != pid;
    tap_ok(deep == 0 && ends == 1, "without it one process is traced");
    tap_wait(pid);
    close(fd);
}

/* As a user: opens the trace of process `context`; its errno. */
static int opens_as_user(void *context)
{
    setresgid(user, user, user);
    setresuid(user, user, user);
    return tracer_open(*(pid_t *)context, 0) < 0 ? errno : 0;
}

/* Process with those ids, real, effective and saved. */
static int sleeps_as(void *context)
{
    const uid_t *ids = context;

    setresgid(user, user, ids[3]);
    setresuid(ids[0], ids[1], ids[2]);
    return sleeps(NULL);
}

static int sleeps_in_program(void *group)
{
    gid_t gid = *(gid_t *)group;

    setresgid(gid, gid, gid);
    setresuid(user, user, user);
    execl("/bin/sleep", "sleep", "1000", (char *)NULL);
    return 1;
}

/* As a user: opens traces of children that end at once, until there are no more. */
static int opens_many(void *unused)
{
    int count = 0;

    (void)unused;
    setresgid(user, user, user);
    setresuid(user, user, user);
    for (;; count++) {
        pid_t pid = tap_fork();
        int error;

        if (pid == 0)
            _exit(execl("/bin/sleep", "sleep", "1000", (char *)NULL));
        do
            error = tracer_open(pid, 0) < 0 ? errno : 0;
        while (error == EACCES); /* until it has executed */
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        if (error != 0 || count > 100)
            return error == EMFILE ? count : -1;
    }
}

static void test_permission(void)
{
    static const struct {
        uid_t ids[4];
        int error;
        const char *what;
    } cases[] = {
        {{user, user, user, user}, EACCES, "one that was root, and has executed nothing since: EACCES"},
        {{other, other, other, user}, EACCES, "another user's process: EACCES"},
        {{user, 0, 0, user}, EACCES, "one with S_ISUID: EACCES"},
        {{user, user, 0, user}, EACCES, "one that can get more rights again: EACCES"},
        {{user, user, user, other}, EACCES, "one with S_ISGID: EACCES"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pid_t pid = tap_start_asleep(sleeps_as, (void *)cases[i].ids);
        tap_is(tap_child_result(opens_as_user, &pid), cases[i].error, "%s", cases[i].what);
        fd = tracer_open(pid, 0);
        tap_works(fd, "root may");
        close(fd);
        tap_kill(pid);
    }
    tap_is(tap_child_result(opens_as_user, &(pid_t){1}), EACCES, "init: EACCES");
    for (gid_t group = user; group <= other; group++) {
        pid_t pid = tap_start_asleep(sleeps_in_program, &group);
        tap_is(tap_child_result(opens_as_user, &pid), group == user ? 0 : EACCES,
               group == user ? "the same user may" : "but not what runs with another group: EACCES");
        tap_kill(pid);
    }
    tap_is(tap_child_result(opens_many, NULL), 16, "a user has sixteen open, of processes that have ended as well");
}

static void copy_program(const char *from, const char *to)
{
    int in = open(from, O_RDONLY), out = open(to, O_CREAT | O_WRONLY | O_TRUNC, 0755);
    char block[4096];
    ssize_t n;

    while ((n = read(in, block, sizeof block)) > 0)
        write(out, block, (size_t)n);
    close(in);
    close(out);
    chmod(to, 04755);
}

static int executes(void *path)
{
    execl(path, "id", NULL);
    return 1;
}

/* A user traces a program with S_ISUID: it has its rights, and what it does is not seen.  0: so it is. */
static int traces_privileged(void)
{
    const struct abi_trace_record *record;
    int seen = 0, begun = 0;
    pid_t pid;

    pid = tracer_start(executes, "/tmp/trace-id", TRACE_BYTES, &fd);
    while ((record = tracer_next(fd))) {
        seen += begun;
        begun += record->kind == TRACE_CALL && record->number == SYS_execve;
    }
    return seen != 0 || begun != 1 || tap_wait(pid) != 0;
}

/* This program anew: what was root before is not shown to users. */
static int becomes_user(void *unused)
{
    (void)unused;
    setresgid(user, user, user);
    setresuid(user, user, user);
    return execl("/proc/self/exe", "trace_file", "privileged", (char *)NULL);
}

static void test_privileged(void)
{
    copy_program("/bin/true", "/tmp/trace-id");
    tap_is(tap_child_result(becomes_user, NULL), 0, "a user sees nothing of a program with S_ISUID");
    unlink("/tmp/trace-id");
}

static int traces(void *context)
{
    fd = tracer_open(*(pid_t *)context, 0);
    tracer_count(fd);
    return 0;
}

/* Is somebody's trace being read? */
static bool reads_trace(void *pid)
{
    return strcmp(process_text(*(pid_t *)pid, "wchan"), "trace") == 0;
}

static void test_killed_tracer(void)
{
    pid_t pid = start_sleeper(), tracer = tap_start(traces, &pid);

    tap_until(reads_trace, &tracer);
    tap_is(tracer_open(pid, 0) < 0 && errno == EBUSY, true, "it is traced");
    tap_kill(tracer);
    fd = tracer_open(pid, 0);
    tap_works(fd, "a killed tracer leaves nothing");
    close(fd);
    tap_kill(pid);
}

static int traces_itself(void *unused)
{
    const struct abi_trace_record *record;

    (void)unused;
    fd = tracer_open(getpid(), 0);
    getppid();
    record = tracer_find(fd, TRACE_RESULT, SYS_getppid);
    return record && record->result == getppid() ? 0 : 1;
}

static void test_self(void)
{
    tap_is(tap_child_result(traces_itself, NULL), 0, "a process may trace itself");
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return traces_privileged();
    tap_begin();
    test_open();
    test_attach();
    test_read();
    test_poll();
    test_wait();
    test_lost();
    test_lost_told();
    test_follow();
    test_permission();
    test_privileged();
    test_killed_tracer();
    test_self();
    return tap_end();
}
