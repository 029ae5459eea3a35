/*
 * fs_lock.c - locks on files: record locks (fcntl), locks of open files (F_OFD_), flock() and lockf(); who holds them,
 * when they go, who waits, and what would be a deadlock.
 *
 * What another process finds is looked at in a child each time: `other()` tries a lock without waiting and answers its
 * errno, or 0.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ask.h"
#include "tap.h"

#define PATH "/tmp/lock"

static int file;

static int set(int fd, int command, int type, int whence, off_t start, off_t length)
{
    struct flock lock = {.l_type = (short)type, .l_whence = (short)whence, .l_start = start, .l_len = length};

    return fcntl(fd, command, &lock);
}

static int set_bytes(int type, off_t start, off_t length)
{
    return set(file, F_SETLK, type, SEEK_SET, start, length);
}

struct attempt {
    int command, type;
    off_t start, length;
};

static int attempt(void *context)
{
    const struct attempt *a = context;

    return set(file, a->command, a->type, SEEK_SET, a->start, a->length) == 0 ? 0 : errno;
}

static int other(int type, off_t start, off_t length)
{
    struct attempt a = {F_SETLK, type, start, length};

    return tap_child_result(attempt, &a);
}

/* Is the process waiting for a lock? */
static bool waits(void *context)
{
    return strcmp(process_text(*(pid_t *)context, "wchan"), "file lock") == 0;
}

static void test_arguments(void)
{
    int reader = open(PATH, O_RDONLY), writer = open(PATH, O_WRONLY), pipes[2];

    tap_fails(set(99, F_SETLK, F_RDLCK, SEEK_SET, 0, 0), EBADF, "POSIX fcntl: EBADF");
    tap_fails(set(writer, F_SETLK, F_RDLCK, SEEK_SET, 0, 0), EBADF, "POSIX fcntl: EBADF, a read lock, not readable");
    tap_fails(set(reader, F_SETLK, F_WRLCK, SEEK_SET, 0, 0), EBADF, "POSIX fcntl: EBADF, a write lock, not writable");
    tap_fails(set_bytes(7, 0, 0), EINVAL, "POSIX fcntl: EINVAL, type");
    tap_fails(set(file, F_GETLK, F_UNLCK, SEEK_SET, 0, 0), EINVAL, "POSIX fcntl: EINVAL, F_GETLK of F_UNLCK");
    tap_fails(set(file, F_SETLK, F_RDLCK, 9, 0, 0), EINVAL, "POSIX fcntl: EINVAL, whence");
    tap_fails(set_bytes(F_RDLCK, -1, 0), EINVAL, "POSIX fcntl: EINVAL, before the file");
    tap_fails(set_bytes(F_RDLCK, 5, -6), EINVAL, "POSIX fcntl: EINVAL, the length reaches before the file");
    write(file, "a byte", 6);
    tap_fails(set_bytes(F_RDLCK, INT64_MAX, 2), EOVERFLOW, "POSIX fcntl: EOVERFLOW");
    tap_fails(set(file, F_SETLK, F_RDLCK, SEEK_END, INT64_MAX, 1), EOVERFLOW, "POSIX fcntl: EOVERFLOW, from the end");
    tap_fails(fcntl(file, F_SETLK, (struct flock *)8), EFAULT, "a bad address");
    tap_fails(fcntl(file, F_GETLK, (struct flock *)0x80000000), EFAULT, "the kernel's address");
    tap_works(set_bytes(F_WRLCK, INT64_MAX, 1), "the very last byte");
    pipe(pipes);
    tap_works(set(pipes[0], F_SETLK, F_RDLCK, SEEK_SET, 0, 0), "a pipe can be locked");
    close(pipes[0]);
    close(pipes[1]);
    close(reader);
    close(writer);
}

static void test_ranges(void)
{
    tap_works(set_bytes(F_WRLCK, 10, 10), "a write lock on bytes 10 to 19");
    tap_is(other(F_RDLCK, 9, 1), 0, "POSIX fcntl: byte 9 is free");
    tap_is(other(F_RDLCK, 10, 1), EAGAIN, "POSIX fcntl: EAGAIN on byte 10");
    tap_is(other(F_RDLCK, 19, 0), EAGAIN, "on byte 19, to the end");
    tap_is(other(F_WRLCK, 20, 0), 0, "byte 20 is free");
    tap_works(set_bytes(F_RDLCK, 12, 3), "the middle becomes a read lock");
    tap_is(other(F_RDLCK, 12, 3), 0, "which others may share");
    tap_is(other(F_WRLCK, 14, 1), EAGAIN, "for reading alone");
    tap_is(other(F_RDLCK, 11, 1), EAGAIN, "before it is as it was");
    tap_is(other(F_RDLCK, 15, 1), EAGAIN, "and behind it");
    tap_works(set_bytes(F_UNLCK, 16, 2), "a hole");
    tap_is(other(F_WRLCK, 16, 2), 0, "is free");
    tap_is(other(F_RDLCK, 15, 1), EAGAIN, "not what stands before");
    tap_is(other(F_RDLCK, 18, 1), EAGAIN, "nor behind");
    tap_works(set_bytes(F_UNLCK, 15, -5), "a negative length goes backwards");
    tap_is(other(F_WRLCK, 10, 5), 0, "from 10 to 14");
    tap_is(other(F_RDLCK, 15, 1), EAGAIN, "and no further");
    lseek(file, 100, SEEK_SET);
    tap_works(set(file, F_SETLK, F_WRLCK, SEEK_CUR, -5, 1), "from the position");
    tap_is(other(F_RDLCK, 95, 1), EAGAIN, "byte 95");
    ftruncate(file, 50);
    tap_works(set(file, F_SETLK, F_WRLCK, SEEK_END, -10, 5), "from the end");
    tap_is(other(F_RDLCK, 40, 1), EAGAIN, "byte 40");
    tap_is(other(F_RDLCK, 45, 1), 0, "not 45");
    tap_works(set_bytes(F_UNLCK, 0, 0), "all is given up");
    tap_is(other(F_WRLCK, 0, 0), 0, "all is free");
}

/* What F_GETLK tells a child: 0, or the number of what was wrong. */
static int looks(void *unused)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    (void)unused;
    if (fcntl(file, F_GETLK, &lock) != 0 || lock.l_type != F_WRLCK || lock.l_pid != getppid())
        return 1;
    if (lock.l_start != 5 || lock.l_len != 15 || lock.l_whence != SEEK_SET)
        return 2;
    lock = (struct flock){.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 1000, .l_pid = 77};
    if (fcntl(file, F_GETLK, &lock) != 0 || lock.l_type != F_UNLCK || lock.l_start != 1000 || lock.l_pid != 77)
        return 3;
    return 0;
}

static void test_look(void)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    set_bytes(F_WRLCK, 5, 5);
    set_bytes(F_WRLCK, 10, 10); /* they become one */
    tap_is(tap_child_result(looks, NULL), 0, "POSIX fcntl: F_GETLK shows who holds what; F_UNLCK where it is free");
    fcntl(file, F_GETLK, &lock);
    tap_is(lock.l_type, F_UNLCK, "own locks are in nobody's own way");
    set_bytes(F_UNLCK, 0, 0);
}

static int inherits(void *unused)
{
    (void)unused;
    return set_bytes(F_RDLCK, 0, 1) == -1 && errno == EAGAIN ? 0 : 1;
}

/* Closing another descriptor of the file gives up a lock; a child's close does not. */
static void test_lifetime(void)
{
    int copy, pid;

    set_bytes(F_WRLCK, 0, 0);
    tap_is(tap_child_result(inherits, NULL), 0, "POSIX fork: locks are not inherited");
    tap_is(other(F_RDLCK, 0, 1), EAGAIN, "and the child's end leaves the parent's alone");
    copy = open(PATH, O_RDONLY);
    close(copy);
    tap_is(other(F_RDLCK, 0, 1), 0, "POSIX close: any close of the file gives up the process's locks");
    set_bytes(F_WRLCK, 0, 0);
    copy = dup(file);
    dup2(STDOUT_FILENO, copy);
    close(copy);
    tap_is(other(F_RDLCK, 0, 1), 0, "POSIX dup2: so does what it closes");
    pid = tap_start(attempt, &(struct attempt){F_SETLK, F_WRLCK, 0, 0});
    tap_wait(pid);
    tap_is(other(F_WRLCK, 0, 0), 0, "POSIX exit: the end of a process gives up its locks");
}

static int locks_and_executes(void *unused)
{
    (void)unused;
    fcntl(file, F_SETFD, 0);
    if (set_bytes(F_WRLCK, 0, 0) != 0)
        return 1;
    execl("/bin/sleep", "sleep", "1000", NULL);
    return 2;
}

static bool locked_by_other(void *unused)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    (void)unused;
    fcntl(file, F_GETLK, &lock);
    return lock.l_type == F_WRLCK;
}

static bool is_asleep_in_exec(void *context)
{
    return sleeps_in(*(pid_t *)context, "sleep");
}

static void test_exec(void)
{
    pid_t pid = tap_start(locks_and_executes, NULL);

    tap_ok(tap_until(is_asleep_in_exec, &pid), "another program runs");
    tap_ok(locked_by_other(NULL), "POSIX exec: locks stay");
    tap_kill(pid);
    tap_ok(!locked_by_other(NULL), "SIGKILL gives them up");
}

static void on_signal(int number)
{
    (void)number;
}

static int interrupted(void *context)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = *(int *)context};

    sigaction(SIGUSR1, &action, NULL);
    return set(file, F_SETLKW, F_WRLCK, SEEK_SET, 0, 0) == 0 ? 0 : errno;
}

static void test_waiting(void)
{
    struct attempt first = {F_SETLKW, F_WRLCK, 0, 5}, second = {F_SETLKW, F_RDLCK, 5, 5};
    int plain = 0, restart = SA_RESTART;
    pid_t a, b;

    set_bytes(F_WRLCK, 0, 10);
    a = tap_start(attempt, &first);
    b = tap_start(attempt, &second);
    tap_ok(tap_until(waits, &a) && tap_until(waits, &b), "F_SETLKW waits");
    set_bytes(F_UNLCK, 5, 5);
    tap_is(tap_wait(b), 0, "until what it wants is free");
    tap_ok(waits(&a), "and no earlier");
    set_bytes(F_RDLCK, 0, 10);
    tap_ok(waits(&a), "a read lock is still in a writer's way");
    set_bytes(F_UNLCK, 0, 0);
    tap_is(tap_wait(a), 0, "not for ever");

    set_bytes(F_WRLCK, 0, 0);
    a = tap_start(interrupted, &plain);
    tap_until(waits, &a);
    kill(a, SIGUSR1);
    tap_is(WEXITSTATUS(tap_wait(a)), EINTR, "POSIX fcntl: EINTR");
    a = tap_start(interrupted, &restart);
    tap_until(waits, &a);
    kill(a, SIGUSR1);
    tap_ok(tap_until(waits, &a), "with SA_RESTART it waits on");
    set_bytes(F_UNLCK, 0, 0);
    tap_is(tap_wait(a), 0, "and gets the lock");
    set_bytes(F_WRLCK, 0, 0);
    a = tap_start(attempt, &first);
    tap_until(waits, &a);
    kill(a, SIGKILL);
    tap_is(WTERMSIG(tap_wait(a)), SIGKILL, "a waiting process can be killed");
    set_bytes(F_UNLCK, 0, 0);
}

/* A chain: each has byte `n` and wants byte `n + 1`, which the one started before has. */
struct link {
    int number, ready[2];
};

static int link_of_chain(void *context)
{
    const struct link *link = context;

    if (set_bytes(F_WRLCK, link->number, 1) != 0)
        return 1;
    write(link->ready[1], "", 1);
    return set(file, F_SETLKW, F_WRLCK, SEEK_SET, link->number + 1, 1) == 0 ? 0 : errno;
}

static void test_deadlock(void)
{
    enum { links = 3 };
    struct link link = {.number = 0};
    pid_t pids[links];
    char byte;

    pipe(link.ready);
    set_bytes(F_WRLCK, links, 1);
    set_bytes(F_RDLCK, 50, 1);
    for (link.number = links - 1; link.number >= 0; link.number--) {
        pids[link.number] = tap_start(link_of_chain, &link);
        read(link.ready[0], &byte, 1);
    }
    for (int i = 0; i < links; i++)
        tap_until(waits, &pids[i]);
    tap_fails(set(file, F_SETLKW, F_WRLCK, SEEK_SET, 0, 1), EDEADLK, "POSIX fcntl: EDEADLK, around a chain of four");
    tap_fails(set(file, F_SETLKW, F_RDLCK, SEEK_SET, 2, 1), EDEADLK, "POSIX fcntl: EDEADLK, around two");
    tap_fails(set_bytes(F_WRLCK, 0, 1), EAGAIN, "who does not wait is in no deadlock");
    tap_ok(waits(&pids[0]) && waits(&pids[2]), "the others wait on");
    set_bytes(F_UNLCK, links, 1);
    for (int i = links - 1; i >= 0; i--)
        tap_is(tap_wait(pids[i]), 0, "and get what they want, one after the other");
    close(link.ready[0]);
    close(link.ready[1]);
    set_bytes(F_UNLCK, 0, 0);
}

static void test_open_file_locks(void)
{
    int second = open(PATH, O_RDWR), copy;
    struct flock lock = {.l_type = F_RDLCK, .l_pid = 1};

    tap_fails(fcntl(file, F_OFD_SETLK, &lock), EINVAL, "Linux F_OFD_SETLK: EINVAL, l_pid is not 0");
    tap_works(set(file, F_OFD_SETLK, F_WRLCK, SEEK_SET, 0, 10), "an open file locks");
    tap_fails(set(second, F_OFD_SETLK, F_RDLCK, SEEK_SET, 5, 1), EAGAIN, "against another of the same process");
    lock = (struct flock){.l_type = F_RDLCK};
    tap_works(fcntl(second, F_OFD_GETLK, &lock), "F_OFD_GETLK");
    tap_ok(lock.l_type == F_WRLCK && lock.l_pid == -1 && lock.l_len == 10, "no process has it");
    tap_fails(set_bytes(F_RDLCK, 0, 1), EAGAIN, "nor may record locks lie across");
    copy = dup(file);
    close(copy);
    tap_is(other(F_RDLCK, 0, 1), EAGAIN, "the close of a copy does not give it up");
    close(file);
    tap_works(set(second, F_OFD_SETLKW, F_WRLCK, SEEK_SET, 0, 0), "the last close does");
    file = open(PATH, O_RDWR | O_CLOEXEC);
    close(second);
}

static int flocks(void *context)
{
    int fd = open(PATH, O_RDONLY);

    return flock(fd, *(int *)context) == 0 ? 0 : errno;
}

static void test_flock(void)
{
    int second = open(PATH, O_RDONLY), exclusive = LOCK_EX, shared = LOCK_SH | LOCK_NB;
    pid_t pid;

    tap_fails(flock(99, LOCK_SH), EBADF, "Linux flock: EBADF");
    tap_fails(flock(file, 0), EINVAL, "Linux flock: EINVAL");
    tap_fails(flock(file, LOCK_SH | LOCK_EX), EINVAL, "Linux flock: EINVAL, both");
    tap_works(flock(file, LOCK_SH), "LOCK_SH");
    tap_works(flock(second, LOCK_SH | LOCK_NB), "is shared");
    tap_fails(flock(second, LOCK_EX | LOCK_NB), EAGAIN, "Linux flock: EWOULDBLOCK");
    tap_works(flock(file, LOCK_EX | LOCK_NB), "who failed to change its lock has lost it");
    tap_is(other(F_WRLCK, 0, 0), 0, "record locks are another thing");
    tap_is(tap_child_result(flocks, &shared), EAGAIN, "an exclusive lock");
    pid = tap_start(flocks, &exclusive);
    tap_ok(tap_until(waits, &pid), "is waited for");
    tap_works(flock(file, LOCK_UN), "LOCK_UN");
    tap_is(tap_wait(pid), 0, "the other gets it");
    tap_works(flock(second, LOCK_EX | LOCK_NB), "and its end gives it up");
    close(second);
    tap_works(flock(file, LOCK_EX | LOCK_NB), "as a close does");
    flock(file, LOCK_UN);
}

static int lockf_other(void *context)
{
    lseek(file, 0, SEEK_SET);
    return lockf(file, *(int *)context, 5) == 0 ? 0 : errno;
}

static void test_lockf(void)
{
    int test = F_TEST, try = F_TLOCK;

    lseek(file, 0, SEEK_SET);
    tap_works(lockf(file, F_LOCK, 5), "lockf: F_LOCK");
    tap_works(lockf(file, F_TEST, 5), "F_TEST of an own lock");
    tap_is(tap_child_result(lockf_other, &test), EACCES, "POSIX lockf: EACCES");
    tap_is(tap_child_result(lockf_other, &try), EAGAIN, "POSIX lockf: EAGAIN");
    tap_works(lockf(file, F_ULOCK, 0), "F_ULOCK");
    tap_is(tap_child_result(lockf_other, &test), 0, "it is free");
    tap_fails(lockf(file, 9, 0), EINVAL, "POSIX lockf: EINVAL");
}

static int done[2], go_on[2];

/* An ordinary user's locks on one byte in two, until there are as many as it may have. */
static int takes_all(void *unused)
{
    off_t n = 0;
    char byte;

    (void)unused;
    if (setuid(1000) != 0)
        return 4;
    while (set_bytes(F_RDLCK, 2 * n, 1) == 0)
        n++;
    if (errno != ENOLCK || n < 100)
        return 1;
    write(done[1], "x", 1);
    read(go_on[0], &byte, 1);
    if (set_bytes(F_UNLCK, 2, 1) != 0 || set_bytes(F_RDLCK, 4 * n, 1) != 0)
        return 2;
    return set_bytes(F_UNLCK, 0, 0) == 0 ? 0 : 3;
}

static int takes_one(void *user)
{
    struct flock lock = {.l_type = F_RDLCK, .l_start = 1, .l_len = 1};

    return setuid(*(uid_t *)user) != 0 || fcntl(file, F_SETLK, &lock) != 0 ? errno : 0;
}

static void test_limit(void)
{
    uid_t same = 1000, other_user = 1001, root = 0;
    char byte;
    pid_t pid;

    pipe(done);
    pipe(go_on);
    pid = tap_start(takes_all, NULL);
    read(done[0], &byte, 1);
    tap_is(tap_child_result(takes_one, &same), ENOLCK, "POSIX fcntl: ENOLCK, for all processes of a user");
    tap_is(tap_child_result(takes_one, &other_user), 0, "another user has locks of its own");
    tap_is(tap_child_result(takes_one, &root), 0, "and the superuser");
    write(go_on[1], "x", 1);
    tap_is(tap_wait(pid), 0, "POSIX fcntl: ENOLCK, and one more when one is given up");
    for (int i = 0; i < 2; i++) {
        close(done[i]);
        close(go_on[i]);
    }
}

/* The lines of /proc/locks. */
static void test_shown(void)
{
    struct attempt wanted = {F_SETLKW, F_WRLCK, 7, 3};
    char text[1000] = "", held[60], waiting[60];
    pid_t pid;
    int fd;

    set_bytes(F_RDLCK, 7, 3);
    pid = tap_start(attempt, &wanted);
    tap_until(waits, &pid);
    fd = open("/proc/locks", O_RDONLY);
    read(fd, text, sizeof text - 1);
    close(fd);
    snprintf(held, sizeof held, ": POSIX  ADVISORY  READ  %d ", (int)getpid());
    snprintf(waiting, sizeof waiting, ": -> POSIX  ADVISORY  WRITE %d ", (int)pid);
    tap_ok(strstr(text, held) != NULL && strstr(text, " 7 9\n") != NULL, "/proc/locks shows who holds");
    tap_ok(strstr(text, waiting) != NULL, "and who waits");
    set_bytes(F_UNLCK, 0, 0);
    tap_wait(pid);
}

int main(void)
{
    tap_begin();
    file = open(PATH, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    test_arguments();
    test_ranges();
    test_look();
    test_lifetime();
    test_exec();
    test_waiting();
    test_deadlock();
    test_open_file_locks();
    test_flock();
    test_lockf();
    test_limit();
    test_shown();
    unlink(PATH);
    return tap_end();
}
