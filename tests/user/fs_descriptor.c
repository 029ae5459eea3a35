/*
 * fs_descriptor.c - descriptors: dup and its kin, fcntl, sharing after fork, closing at exec, many of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static int file;

static void test_dup(void)
{
    int copy = dup(file), high;

    tap_works(copy, "dup");
    write(file, "ab", 2);
    tap_is(lseek(copy, 0, SEEK_CUR), 2, "shares the position");
    close(copy);
    tap_is(lseek(file, 0, SEEK_CUR), 2, "closing one leaves the other");
    tap_is(dup2(file, 30), 30, "dup2");
    tap_is(dup2(file, file), file, "dup2 onto itself");
    tap_fails(dup2(99, 99), EBADF, "POSIX dup2: EBADF, onto itself");
    int other = open("/dev/null", O_RDONLY);
    tap_is(dup2(other, 30), 30, "dup2 onto one that is open");
    tap_is(lseek(30, 0, SEEK_CUR), 0, "closes that");
    close(other);
    tap_is(high = fcntl(file, F_DUPFD, 20), 20, "F_DUPFD takes the lowest from a number on");
    tap_is(fcntl(file, F_DUPFD, 20), 21, "that is free");
    close(21);
    close(high);
    close(30);
    tap_fails(dup(99), EBADF, "POSIX dup: EBADF");
    tap_fails(dup(-1), EBADF, "POSIX dup: EBADF, below 0");
    tap_fails(dup2(file, -1), EBADF, "POSIX dup2: EBADF");
    tap_fails(dup2(file, 100000000), EBADF, "POSIX dup2: EBADF, too high");
    tap_fails(fcntl(file, F_DUPFD, -1), EINVAL, "POSIX fcntl: EINVAL");
    tap_fails(fcntl(file, F_DUPFD, 100000000), EINVAL, "POSIX fcntl: EINVAL, too high");
    tap_fails(dup3(file, file, 0), EINVAL, "Linux dup3: EINVAL");
    tap_fails(dup3(file, 30, O_APPEND), EINVAL, "Linux dup3: EINVAL, flags");
}

static void test_flags(void)
{
    int copy = fcntl(file, F_DUPFD_CLOEXEC, 0);

    tap_is(fcntl(copy, F_GETFD), FD_CLOEXEC, "F_DUPFD_CLOEXEC");
    tap_works(fcntl(copy, F_SETFD, 0), "F_SETFD");
    tap_is(fcntl(copy, F_GETFD), 0, "takes it away");
    tap_is(fcntl(file, F_GETFL), O_RDWR, "F_GETFL");
    tap_works(fcntl(copy, F_SETFL, O_APPEND | O_NONBLOCK | O_WRONLY | O_CREAT), "F_SETFL");
    tap_is(fcntl(file, F_GETFL), O_RDWR | O_APPEND | O_NONBLOCK, "changes what may be, for all who share the file");
    fcntl(file, F_SETFL, 0);
    close(copy);
    tap_is(dup3(file, 30, O_CLOEXEC), 30, "dup3");
    tap_is(fcntl(30, F_GETFD), FD_CLOEXEC, "with O_CLOEXEC");
    close(30);
    tap_fails(fcntl(99, F_GETFD), EBADF, "POSIX fcntl: EBADF");
    tap_fails(fcntl(99, F_GETFL), EBADF, "POSIX fcntl: EBADF, F_GETFL");
    tap_fails(fcntl(file, 12345), EINVAL, "POSIX fcntl: EINVAL, a command that nobody knows");
    tap_fails(ioctl(file, TIOCGWINSZ, NULL), ENOTTY, "POSIX ioctl: ENOTTY");
    tap_fails(ioctl(99, TIOCGWINSZ, NULL), EBADF, "POSIX ioctl: EBADF");
    tap_fails(fsync(99), EBADF, "POSIX fsync: EBADF");
    tap_works(fsync(file), "fsync");
    tap_fails(fstat(99, &(struct stat){0}), EBADF, "POSIX fstat: EBADF");
    tap_fails(fstat(file, (struct stat *)16), EFAULT, "fstat to nowhere: EFAULT");
}

static int reads_on(void *unused)
{
    char byte;

    (void)unused;
    if (read(file, &byte, 1) != 1 || byte != '2')
        return 1;
    close(file);
    return 0;
}

static void test_fork(void)
{
    char byte;

    ftruncate(file, 0);
    pwrite(file, "123", 3, 0);
    lseek(file, 1, SEEK_SET);
    tap_is(tap_child_result(reads_on, NULL), 0, "a child reads where the parent stood");
    tap_is(read(file, &byte, 1), 1, "the parent's descriptor is open still");
    tap_is(byte, '3', "and stands where the child left off");
}

static int executes(void *unused)
{
    char text[80];
    int open_on_exec = fcntl(file, F_DUPFD, 0), closed = fcntl(file, F_DUPFD_CLOEXEC, 0);

    (void)unused;
    snprintf(text, sizeof text, "test -e /proc/self/fd/%d && ! test -e /proc/self/fd/%d", open_on_exec, closed);
    execl("/bin/sh", "sh", "-c", text, (char *)NULL);
    return 99;
}

static int opens_many(void *unused)
{
    struct rlimit limit;
    int count, last = -1;

    (void)unused;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 1500 ? limit.rlim_max : 1500;
    setrlimit(RLIMIT_NOFILE, &limit);
    for (count = 0; (last = dup(file)) >= 0; count++)
        continue;
    if (errno != EMFILE)
        return 1;
    if (count < 1000 || fcntl((int)limit.rlim_cur - 1, F_GETFD) < 0)
        return 2;
    pid_t child = fork();
    if (child == 0)
        _exit(fcntl((int)limit.rlim_cur - 1, F_GETFD) < 0);
    return tap_wait(child) != 0 ? 3 : 0;
}

int main(void)
{
    tap_begin();
    file = open("/tmp/descriptor", O_CREAT | O_RDWR, 0644);
    test_dup();
    test_flags();
    test_fork();
    tap_is(tap_child_result(executes, NULL), 0, "exec closes what has FD_CLOEXEC and keeps the rest");
    tap_is(tap_child_result(opens_many, NULL), 0, "a thousand descriptors and more, which fork copies");
    close(file);
    unlink("/tmp/descriptor");
    return tap_end();
}
