/*
 * fs_times.c - the three times of a file: what moves which, and setting them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static struct stat before, after;
static const struct timespec *volatile nowhere = (struct timespec *)16;

static long long ns(struct timespec time)
{
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

/* Remember the times and let the clock go on. */
static void mark(const char *path)
{
    static const struct timespec little = {.tv_nsec = 1000000};

    lstat(path, &before);
    nanosleep(&little, NULL);
}

/* Which times have moved since: a, m and c as bits 4, 2 and 1. */
static int moved(const char *path)
{
    lstat(path, &after);
    return (ns(after.st_atim) != ns(before.st_atim)) << 2 | (ns(after.st_mtim) != ns(before.st_mtim)) << 1 |
           (ns(after.st_ctim) != ns(before.st_ctim));
}

static void test_marking(void)
{
    struct timespec earlier, now;
    char byte;
    int fd;

    clock_gettime(CLOCK_REALTIME, &earlier);
    fd = open("file", O_CREAT | O_RDWR, 0644);
    clock_gettime(CLOCK_REALTIME, &now);
    fstat(fd, &after);
    tap_ok(ns(after.st_mtim) >= ns(earlier) && ns(after.st_mtim) <= ns(now), "a new file is of now");
    mark("file");
    write(fd, "x", 1);
    tap_is(moved("file"), 3, "a write marks mtime and ctime");
    mark("file");
    pread(fd, &byte, 1, 0);
    tap_is(moved("file"), 4, "a read marks atime");
    mark("file");
    chmod("file", 0600);
    tap_is(moved("file"), 1, "chmod marks ctime");
    mark("file");
    ftruncate(fd, 0);
    tap_is(moved("file"), 3, "ftruncate marks mtime and ctime");
    mark("file");
    link("file", "second");
    tap_is(moved("file"), 1, "link marks ctime");
    mark("file");
    unlink("second");
    tap_is(moved("file"), 1, "unlink marks ctime");
    close(fd);
}

static void test_directory(void)
{
    mkdir("dir", 0755);
    mark("dir");
    close(open("dir/file", O_CREAT | O_WRONLY, 0644));
    tap_is(moved("dir") & 3, 3, "a new name marks mtime and ctime of its directory");
    mark("dir");
    rename("dir/file", "dir/other");
    tap_is(moved("dir") & 3, 3, "rename too");
    mark("dir");
    unlink("dir/other");
    tap_is(moved("dir") & 3, 3, "unlink too");
    rmdir("dir");
}

static void test_pipe(void)
{
    struct stat old, new;
    struct timespec now;
    int ends[2];
    char byte;

    pipe(ends);
    fstat(ends[0], &old);
    nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    write(ends[1], "x", 1);
    fstat(ends[0], &new);
    tap_ok(ns(new.st_mtim) > ns(old.st_mtim), "a pipe has its times too: a write marks mtime");
    read(ends[0], &byte, 1);
    fstat(ends[0], &new);
    clock_gettime(CLOCK_REALTIME, &now);
    tap_ok(ns(new.st_atim) > ns(old.st_atim) && ns(new.st_atim) <= ns(now), "a read marks atime");
    close(ends[0]);
    close(ends[1]);
}

static void test_setting(void)
{
    struct timespec times[2] = {{.tv_sec = 1000, .tv_nsec = 5}, {.tv_sec = 2000, .tv_nsec = 999999999}};
    int fd = open("file", O_RDWR);

    tap_works(utimensat(AT_FDCWD, "file", times, 0), "utimensat");
    stat("file", &after);
    tap_ok(ns(after.st_atim) == 1000000000005ll && ns(after.st_mtim) == 2000999999999ll, "sets both to the nanosecond");
    times[0].tv_nsec = UTIME_OMIT;
    times[1] = (struct timespec){.tv_sec = -5, .tv_nsec = 7};
    tap_works(futimens(fd, times), "futimens with UTIME_OMIT");
    fstat(fd, &after);
    tap_ok(ns(after.st_atim) == 1000000000005ll, "leaves that one");
    tap_ok(after.st_mtim.tv_sec == -5 && after.st_mtim.tv_nsec == 7, "a time before 1970");
    times[0].tv_nsec = UTIME_NOW;
    tap_works(utimensat(AT_FDCWD, "file", times, 0), "UTIME_NOW");
    stat("file", &after);
    tap_ok(after.st_atim.tv_sec > 1000, "is now");
    tap_works(utimensat(AT_FDCWD, "file", NULL, 0), "no times: now");
    stat("file", &after);
    tap_ok(after.st_mtim.tv_sec > 2000, "both");
    times[0] = (struct timespec){.tv_sec = INT64_MAX / 2};
    tap_works(utimensat(AT_FDCWD, "file", times, 0), "a time that cannot be kept");
    stat("file", &after);
    tap_ok(after.st_atim.tv_sec > 9000000000ll, "is cut to the last that can");
    times[0] = (struct timespec){.tv_nsec = 1000000000};
    tap_fails(utimensat(AT_FDCWD, "file", times, 0), EINVAL, "POSIX utimensat: EINVAL");
    times[0].tv_nsec = -1;
    tap_fails(utimensat(AT_FDCWD, "file", times, 0), EINVAL, "POSIX utimensat: EINVAL, below 0");
    tap_fails(utimensat(AT_FDCWD, "none", NULL, 0), ENOENT, "POSIX utimensat: ENOENT");
    tap_fails(utimensat(AT_FDCWD, "file", nowhere, 0), EFAULT, "times nowhere: EFAULT");
    tap_fails(utimensat(AT_FDCWD, "/proc/uptime", NULL, 0), EROFS, "POSIX utimensat: EROFS");
    tap_fails(futimens(99, NULL), EBADF, "POSIX futimens: EBADF");
    close(fd);
}

static void test_links(void)
{
    struct timespec times[2] = {{.tv_sec = 11}, {.tv_sec = 22}};

    symlink("file", "link");
    mark("file");
    tap_works(utimensat(AT_FDCWD, "link", times, AT_SYMLINK_NOFOLLOW), "AT_SYMLINK_NOFOLLOW");
    tap_is(moved("file"), 0, "leaves the file");
    lstat("link", &after);
    tap_is(after.st_mtim.tv_sec, 22, "and sets the link's own");
    unlink("link");
}

int main(void)
{
    tap_begin();
    if (mkdir("/tmp/times", 0755) < 0 || chdir("/tmp/times") < 0)
        tap_give_up("/tmp/times cannot be made");
    test_marking();
    test_directory();
    test_pipe();
    test_setting();
    test_links();
    unlink("file");
    chdir("/");
    tap_works(rmdir("/tmp/times"), "nothing is left");
    return tap_end();
}
