/*
 * mq_open.c - POSIX message queues as things with names: making, finding, removing, who may, how many, what ls sees.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static struct mq_attr shape = {.mq_maxmsg = 4, .mq_msgsize = 32};
static char buffer[64];

static void test_names(void)
{
    static char long_name[NAME_MAX + 3];

    tap_fails(mq_open("/q", O_RDWR), ENOENT, "POSIX mq_open: ENOENT");
    tap_fails(mq_open("q", O_RDWR | O_CREAT, 0600, NULL), EINVAL, "POSIX mq_open: EINVAL, a name without a slash");
    tap_fails(mq_open("/", O_RDWR | O_CREAT, 0600, NULL), ENOENT, "the empty name");
    tap_fails(mq_open("/a/b", O_RDWR | O_CREAT, 0600, NULL), EACCES, "a name with two slashes");
    tap_fails(mq_open("/..", O_RDWR | O_CREAT, 0600, NULL), EACCES, "a name that is a directory");
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[0] = '/';
    tap_fails(mq_open(long_name, O_RDWR | O_CREAT, 0600, NULL), ENAMETOOLONG, "POSIX mq_open: ENAMETOOLONG");
    tap_fails(mq_unlink(long_name), ENAMETOOLONG, "POSIX mq_unlink: ENAMETOOLONG");
    tap_fails(mq_unlink("/q"), ENOENT, "POSIX mq_unlink: ENOENT");
    tap_fails(mq_open("/q", O_RDWR | O_APPEND), EINVAL, "a flag that queues do not have");
}

static void test_creation(void)
{
    struct mq_attr got;
    struct stat status;
    mqd_t q, again;

    umask(027);
    tap_works(q = mq_open("/q", O_RDWR | O_CREAT | O_EXCL, 0666, &shape), "mq_open makes a queue");
    tap_fails(mq_open("/q", O_RDWR | O_CREAT | O_EXCL, 0666, &shape), EEXIST, "POSIX mq_open: EEXIST");
    tap_is(fcntl(q, F_GETFD), FD_CLOEXEC, "exec will close it");
    tap_works(mq_getattr(q, &got), "mq_getattr");
    tap_ok(got.mq_maxmsg == 4 && got.mq_msgsize == 32 && got.mq_curmsgs == 0 && got.mq_flags == 0, "its shape");
    tap_works(again = mq_open("/q", O_RDWR | O_CREAT | O_NONBLOCK, 0600, NULL), "another open of the same");
    mq_getattr(again, &got);
    tap_ok(got.mq_maxmsg == 4 && got.mq_flags == O_NONBLOCK,
           "attributes count for a new queue alone, flags for the open");
    tap_works(stat("/dev/mqueue/q", &status), "it has a name below /dev/mqueue");
    tap_ok(S_ISREG(status.st_mode) && (status.st_mode & 07777) == 0640, "with the umask's mode");
    tap_fails(mq_unlink("q"), EINVAL, "POSIX mq_unlink: EINVAL");
    tap_works(mq_send(q, "last", 4, 1), "a message");
    tap_works(mq_close(again), "mq_close");
    tap_fails(mq_close(again), EBADF, "POSIX mq_close: EBADF");
    tap_works(mq_unlink("/q"), "mq_unlink");
    tap_fails(mq_open("/q", O_RDWR), ENOENT, "the name is gone");
    tap_is(mq_receive(q, buffer, sizeof buffer, NULL), 4, "the queue lives on while it is open");
    mq_close(q);
    umask(022);
}

static void test_shapes(void)
{
    struct mq_attr bad = shape, got;
    mqd_t q;

    bad.mq_maxmsg = 0;
    tap_fails(mq_open("/q", O_RDWR | O_CREAT, 0600, &bad), EINVAL, "POSIX mq_open: EINVAL, no messages");
    bad.mq_maxmsg = -1;
    tap_fails(mq_open("/q", O_RDWR | O_CREAT, 0600, &bad), EINVAL, "POSIX mq_open: EINVAL, fewer than none");
    bad.mq_maxmsg = 1;
    bad.mq_msgsize = 0;
    tap_fails(mq_open("/q", O_RDWR | O_CREAT, 0600, &bad), EINVAL, "POSIX mq_open: EINVAL, no bytes");
    bad.mq_msgsize = LONG_MAX;
    tap_fails(mq_open("/q", O_RDWR | O_CREAT, 0600, &bad), EINVAL, "POSIX mq_open: EINVAL, too many bytes");
    tap_fails(mq_open("/q", O_RDWR | O_CREAT, 0600, (struct mq_attr *)8), EFAULT, "attributes that cannot be read");
    tap_works(q = mq_open("/q", O_RDWR | O_CREAT, 0600, NULL), "without attributes");
    mq_getattr(q, &got);
    tap_ok(got.mq_maxmsg == 10 && got.mq_msgsize == 8192, "a queue has Linux's default shape");
    mq_close(q);
    mq_unlink("/q");
}

static void test_attributes(void)
{
    struct mq_attr new = {.mq_flags = O_NONBLOCK, .mq_maxmsg = 99}, old;
    mqd_t q = mq_open("/q", O_RDWR | O_CREAT, 0600, &shape);
    int pipes[2];

    mq_unlink("/q");
    tap_works(mq_setattr(q, &new, &old), "mq_setattr");
    tap_is(old.mq_flags, 0, "answers what was");
    mq_getattr(q, &old);
    tap_ok(old.mq_flags == O_NONBLOCK && old.mq_maxmsg == 4, "and sets O_NONBLOCK alone");
    tap_is(fcntl(q, F_GETFL) & O_NONBLOCK, O_NONBLOCK, "fcntl sees it, too");
    new.mq_flags = O_APPEND;
    tap_fails(mq_setattr(q, &new, NULL), EINVAL, "another flag");
    new.mq_flags = 0;
    pipe(pipes);
    tap_fails(mq_getattr(pipes[0], &old), EBADF, "POSIX mq_getattr: EBADF, a pipe");
    tap_fails(mq_setattr(99, &new, NULL), EBADF, "POSIX mq_setattr: EBADF");
    tap_fails(mq_close(pipes[0]), EBADF, "POSIX mq_close: EBADF, a pipe");
    close(pipes[0]);
    close(pipes[1]);
    mq_close(q);
}

/* As user 1000, who is in no group of root's. */
static int stranger(void *unused)
{
    mqd_t q;

    (void)unused;
    if (setgid(1000) != 0 || setuid(1000) != 0)
        return 100;
    if (mq_open("/q", O_RDONLY) != -1 || errno != EACCES)
        return 1;
    if ((q = mq_open("/q", O_WRONLY)) == -1)
        return 2;
    if (mq_receive(q, buffer, sizeof buffer, NULL) != -1 || errno != EBADF)
        return 3;
    if (mq_send(q, "x", 1, 0) != 0)
        return 4;
    if (mq_unlink("/q") != -1 || errno != EACCES)
        return 5;
    if (mq_open("/mine", O_RDWR | O_CREAT, 0600, NULL) == -1)
        return 6;
    shape.mq_maxmsg = 11;
    if (mq_open("/large", O_RDWR | O_CREAT, 0600, &shape) != -1 || errno != EINVAL)
        return 7;
    return mq_unlink("/mine") == 0 ? 0 : 8;
}

/* The directory's mode says who may make names. */
static int cannot_make(void *unused)
{
    (void)unused;
    if (setuid(1000) != 0)
        return 1;
    return mq_open("/q2", O_RDWR | O_CREAT, 0600, NULL) == -1 && errno == EACCES ? 0 : 2;
}

static void test_who_may(void)
{
    mqd_t q = mq_open("/q", O_RDONLY | O_CREAT, 0600, &shape);

    chmod("/dev/mqueue/q", 0602);
    tap_is(tap_child_result(stranger, NULL), 0, "POSIX mq_open, mq_unlink: EACCES for a stranger; what he may he can");
    tap_fails(mq_send(q, "x", 1, 0), EBADF, "POSIX mq_send: EBADF, not open for writing");
    tap_is(mq_receive(q, buffer, sizeof buffer, NULL), 1, "his message has come");
    chown("/dev/mqueue/q", 1000, 1000);
    mq_close(q);
    tap_works(unlink("/dev/mqueue/q"), "rm does for mq_unlink");
    chmod("/dev/mqueue", 0755);
    tap_is(tap_child_result(cannot_make, NULL), 0, "POSIX mq_open: EACCES, no names may be made");
    chmod("/dev/mqueue", 01777);
}

static int fills(void *unused)
{
    struct rlimit limit = {4096, 4096};
    struct mq_attr large = {.mq_maxmsg = 2, .mq_msgsize = 2048};
    mqd_t q;

    (void)unused;
    setrlimit(RLIMIT_MSGQUEUE, &limit);
    if (mq_open("/large", O_RDWR | O_CREAT, 0600, &large) != -1 || errno != EMFILE)
        return 1;
    large.mq_maxmsg = 1;
    if ((q = mq_open("/large", O_RDWR | O_CREAT, 0600, &large)) == -1)
        return 2;
    mq_unlink("/large");
    if (mq_open("/more", O_RDWR | O_CREAT, 0600, &large) != -1 || errno != EMFILE)
        return 3;
    mq_close(q);
    q = mq_open("/more", O_RDWR | O_CREAT, 0600, &large);
    return q != -1 && mq_unlink("/more") == 0 ? 0 : 4;
}

static int opens_too_many(void *unused)
{
    struct rlimit limit = {3, 3};

    (void)unused;
    setrlimit(RLIMIT_NOFILE, &limit);
    return mq_open("/q", O_RDWR | O_CREAT, 0600, NULL) == -1 && errno == EMFILE ? 0 : 1;
}

static bool write_limit(const char *text)
{
    int fd = open("/proc/sys/fs/mqueue/queues_max", O_WRONLY | O_TRUNC);
    bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);

    close(fd);
    return written;
}

static int one_too_many(void *unused)
{
    (void)unused;
    if (setuid(1000) != 0)
        return 1;
    return mq_open("/q2", O_RDWR | O_CREAT, 0600, NULL) == -1 && errno == ENOSPC ? 0 : 2;
}

static void test_limits(void)
{
    mqd_t q = mq_open("/q", O_RDWR | O_CREAT, 0600, &shape);

    tap_is(tap_child_result(fills, NULL), 0, "Linux mq_open: EMFILE past RLIMIT_MSGQUEUE");
    tap_is(tap_child_result(opens_too_many, NULL), 0, "POSIX mq_open: EMFILE");
    tap_ok(write_limit("1\n"), "queues_max can be set");
    tap_is(tap_child_result(one_too_many, NULL), 0, "POSIX mq_open: ENOSPC");
    tap_ok(!write_limit("many"), "to a number alone");
    tap_ok(write_limit("256"), "and set back");
    mq_close(q);
    mq_unlink("/q");
}

static void test_directory(void)
{
    int fd, seen = 0;
    struct dirent *entry;
    DIR *dir;
    mqd_t q = mq_open("/q", O_RDWR | O_CREAT, 0600, &shape);

    dir = opendir("/dev/mqueue");
    while ((entry = readdir(dir)) != NULL)
        seen += strcmp(entry->d_name, "q") == 0;
    closedir(dir);
    tap_is(seen, 1, "the directory lists it");
    mq_send(q, "12345", 5, 0);
    fd = open("/dev/mqueue/q", O_RDONLY);
    tap_is(read(fd, buffer, sizeof buffer), 60, "cat shows");
    tap_ok(strncmp(buffer, "QSIZE:5          NOTIFY:0     SIGNO:0     NOTIFY_PID:0     \n", 60) == 0, "its bytes");
    tap_is(read(fd, buffer, sizeof buffer), 0, "and that is all");
    tap_fails(write(q, "x", 1), EINVAL, "write sends nothing");
    tap_is(mq_receive(fd, buffer, sizeof buffer, NULL), 5, "what open() has opened can receive");
    close(fd);
    tap_fails(mkdir("/dev/mqueue/d", 0700), EPERM, "POSIX mkdir: EPERM");
    tap_fails(link("/dev/mqueue/q", "/dev/mqueue/r"), EROFS, "no links");
    tap_works(unlink("/dev/mqueue/q"), "a queue that has lost its name");
    tap_fails(linkat(q, "", AT_FDCWD, "/dev/mqueue/q", AT_EMPTY_PATH), EROFS, "gets no other");
    mq_close(q);
    q = mq_open("/q", O_RDWR | O_CREAT, 0600, &shape);
    tap_fails(rename("/dev/mqueue/q", "/dev/mqueue/r"), EROFS, "no other name");
    tap_fails(rename("/dev/mqueue/q", "/tmp/q"), EXDEV, "and not elsewhere");
    tap_fails(rmdir("/dev/mqueue"), EBUSY, "the directory stays");
    mq_close(q);
    mq_unlink("/q");
    tap_works(fd = open("/dev/mqueue/touched", O_WRONLY | O_CREAT, 0600), "open() makes a queue, too");
    tap_works(mq_send(fd, "x", 1, 0), "of the default shape");
    close(fd);
    unlink("/dev/mqueue/touched");
}

int main(void)
{
    tap_begin();
    test_names();
    test_creation();
    test_shapes();
    test_attributes();
    test_who_may();
    test_limits();
    test_directory();
    return tap_end();
}
