/*
 * pipe_stream.c - pipes as streams of bytes: order, ends, end of file, EPIPE, blocking and not, partial moves, limits.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

enum { pipe_buf = 4096, capacity = 65536, page = 4096 };

static int ends[2];
static char data[4 * capacity], back[4 * capacity];
static void *volatile nowhere = (void *)16;

static int waiting_bytes(void)
{
    int n = -1;

    ioctl(ends[0], FIONREAD, &n);
    return n;
}

static void close_both(void)
{
    close(ends[0]);
    close(ends[1]);
}

static void test_bytes(void)
{
    struct stat status;

    tap_works(pipe(ends), "pipe");
    tap_is(write(ends[1], "hello", 5), 5, "write");
    tap_is(waiting_bytes(), 5, "FIONREAD");
    tap_is(read(ends[0], back, 2), 2, "read a part");
    tap_is(read(ends[0], back + 2, 100), 3, "read the rest");
    tap_ok(memcmp(back, "hello", 5) == 0, "in order");
    tap_is(write(ends[1], data, 0), 0, "a write of nothing");
    tap_is(read(ends[0], data, 0), 0, "a read of nothing does not wait");
    fstat(ends[0], &status);
    tap_ok(S_ISFIFO(status.st_mode) && status.st_size == 0, "fstat says FIFO");
    tap_is(fcntl(ends[0], F_GETFL), O_RDONLY, "one end reads");
    tap_is(fcntl(ends[1], F_GETFL), O_WRONLY, "the other writes");
    close_both();
}

static void test_errors(void)
{
    tap_fails(pipe(nowhere), EFAULT, "an array nowhere: EFAULT");
    tap_fails(pipe2(ends, O_APPEND), EINVAL, "Linux pipe2: EINVAL");
    pipe(ends);
    tap_fails(write(ends[0], "x", 1), EBADF, "POSIX write: EBADF, the reading end");
    tap_fails(read(ends[1], back, 1), EBADF, "POSIX read: EBADF, the writing end");
    tap_fails(lseek(ends[0], 0, SEEK_SET), ESPIPE, "POSIX lseek: ESPIPE");
    tap_fails(pread(ends[0], back, 1, 0), ESPIPE, "POSIX pread: ESPIPE");
    tap_fails(pwrite(ends[1], back, 1, 0), ESPIPE, "POSIX pwrite: ESPIPE");
    tap_fails(ftruncate(ends[1], 0), EINVAL, "POSIX ftruncate: EINVAL");
    tap_fails(fsync(ends[1]), EINVAL, "POSIX fsync: EINVAL");
    tap_fails(fchdir(ends[1]), ENOTDIR, "POSIX fchdir: ENOTDIR");
    tap_fails(ioctl(ends[0], TIOCGWINSZ, back), ENOTTY, "POSIX ioctl: ENOTTY");
    tap_fails(ioctl(ends[0], FIONREAD, nowhere), EFAULT, "FIONREAD to nowhere: EFAULT");
    tap_fails(write(ends[1], nowhere, 1), EFAULT, "POSIX write: EFAULT");
    tap_is(waiting_bytes(), 0, "writes nothing");
    write(ends[1], "kept", 4);
    tap_fails(read(ends[0], nowhere, 4), EFAULT, "POSIX read: EFAULT");
    tap_is(read(ends[0], back, 4), 4, "loses nothing");
    tap_ok(memcmp(back, "kept", 4) == 0, "the bytes are there");
    close_both();
}

/* The second of two pages is missing. */
static void test_half_buffers(void)
{
    char *two = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    munmap(two + page, page);
    pipe(ends);
    tap_fails(write(ends[1], two + page - 10, 20), EFAULT, "a short write from half a buffer: EFAULT");
    tap_is(waiting_bytes(), 0, "all or nothing");
    write(ends[1], data, 20);
    ssize_t n = read(ends[0], two + page - 10, 20);
    tap_ok(n == 10 || (n == -1 && errno == EFAULT), "a read into half a buffer");
    tap_is(waiting_bytes(), n < 0 ? 20 : 10, "takes what it says");
    close_both();
    munmap(two, page);
}

static void test_end_of_file(void)
{
    int copy;

    pipe(ends);
    copy = dup(ends[1]);
    write(ends[1], "last", 4);
    close(ends[1]);
    close(copy);
    tap_is(read(ends[0], back, 100), 4, "bytes are read after the last writer's end");
    tap_is(read(ends[0], back, 100), 0, "then the end of file");
    tap_is(read(ends[0], back, 100), 0, "again and again");
    close(ends[0]);
}

static volatile sig_atomic_t broken;

static void on_broken_pipe(int number)
{
    (void)number;
    broken++;
}

static int writes_to_nobody(void *unused)
{
    (void)unused;
    pipe(ends);
    close(ends[0]);
    write(ends[1], "x", 1);
    return 0;
}

static void test_broken(void)
{
    tap_is(tap_child_result(writes_to_nobody, NULL), -SIGPIPE, "POSIX write: SIGPIPE ends a process");
    signal(SIGPIPE, on_broken_pipe);
    pipe(ends);
    close(ends[0]);
    tap_fails(write(ends[1], "x", 1), EPIPE, "POSIX write: EPIPE");
    tap_is(broken, 1, "with SIGPIPE");
    signal(SIGPIPE, SIG_IGN);
    tap_fails(write(ends[1], "x", 1), EPIPE, "POSIX write: EPIPE, SIGPIPE ignored");
    tap_is(write(ends[1], "x", 0), 0, "a write of nothing is none");
    close(ends[1]);
    signal(SIGPIPE, SIG_DFL);
}

static void test_nonblocking(void)
{
    ssize_t n;
    int total = 0;

    tap_works(pipe2(ends, O_NONBLOCK | O_CLOEXEC), "pipe2");
    tap_is(fcntl(ends[0], F_GETFL) & O_NONBLOCK, O_NONBLOCK, "with O_NONBLOCK");
    tap_is(fcntl(ends[1], F_GETFD), FD_CLOEXEC, "and O_CLOEXEC");
    tap_fails(read(ends[0], back, 1), EAGAIN, "POSIX read: EAGAIN");
    tap_is(write(ends[1], data, capacity + 5000), capacity, "a long write fills the pipe");
    tap_fails(write(ends[1], data, 1), EAGAIN, "POSIX write: EAGAIN");
    read(ends[0], back, 100);
    tap_fails(write(ends[1], data, 101), EAGAIN, "POSIX write: EAGAIN, up to PIPE_BUF it is all or nothing");
    tap_is(write(ends[1], data, 100), 100, "what fits is written");
    read(ends[0], back, 100);
    tap_is(write(ends[1], data, pipe_buf + 1), 100, "above PIPE_BUF a part is");
    while ((n = read(ends[0], back, 5000)) > 0)
        total += (int)n;
    tap_is(total, capacity, "all comes out");
    tap_fails(n, EAGAIN, "until it is empty");
    tap_is(fcntl(ends[0], F_GETPIPE_SZ), capacity, "F_GETPIPE_SZ");
    close_both();
}

static int counts_up(void *unused)
{
    (void)unused;
    close(ends[0]);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i % 251);
    return write(ends[1], data, sizeof data) != sizeof data;
}

/* Odd sizes, so that every edge of the ring is met. */
static void test_long_write(void)
{
    pid_t child;
    size_t total = 0, wrong = 0, size = 1;
    ssize_t n;

    pipe(ends);
    child = tap_start(counts_up, NULL);
    close(ends[1]);
    while ((n = read(ends[0], back, size)) > 0) {
        for (ssize_t i = 0; i < n; i++)
            wrong += back[i] != (char)((total + (size_t)i) % 251);
        total += (size_t)n;
        size = size * 3 % 9973 + 1;
    }
    tap_is(tap_wait(child), 0, "a write four times as long as the pipe waits until all is read");
    tap_is(total, sizeof data, "every byte came");
    tap_is(wrong, 0, "in its place");
    close(ends[0]);
}

static void test_vectors(void)
{
    struct iovec parts[3] = {{"one ", 4}, {"two ", 4}, {"three", 5}};

    pipe(ends);
    tap_is(writev(ends[1], parts, 3), 13, "writev");
    tap_is(read(ends[0], back, 100), 13, "is one write");
    tap_ok(memcmp(back, "one two three", 13) == 0, "of all parts");
    write(ends[1], "123456", 6);
    parts[0] = (struct iovec){back, 2};
    parts[1] = (struct iovec){back + 10, 10};
    tap_is(readv(ends[0], parts, 2), 6, "readv");
    tap_ok(memcmp(back, "12", 2) == 0 && memcmp(back + 10, "3456", 4) == 0, "fills part after part");
    close_both();
}

static int makes_many(void *unused)
{
    struct rlimit limit = {40, 40};
    int open_before = 0, count = 0;

    (void)unused;
    setrlimit(RLIMIT_NOFILE, &limit);
    for (int fd = 0; fd < 40; fd++)
        open_before += fcntl(fd, F_GETFD) >= 0;
    while (pipe(ends) == 0)
        count += 2;
    if (errno != EMFILE)
        return 1; /* POSIX pipe: EMFILE */
    while (dup(0) >= 0)
        count++;
    return open_before + count == 40 ? 0 : 2;
}

int main(void)
{
    tap_begin();
    test_bytes();
    test_errors();
    test_half_buffers();
    test_end_of_file();
    test_broken();
    test_nonblocking();
    test_long_write();
    test_vectors();
    tap_is(tap_child_result(makes_many, NULL), 0, "POSIX pipe: EMFILE, with no descriptor left over");
    return tap_end();
}
