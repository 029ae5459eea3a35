/*
 * socket_stream.c - streams between two sockets: bytes, ends, shutdown, flags, timeouts, options, polls.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

enum { capacity = 131072 }; /* of a queue: it holds less than that and one packet */

static int pair[2];
static char data[2 * capacity], back[2 * capacity];
static void *volatile nowhere = (void *)16;

static void open_pair(void)
{
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        tap_give_up("no socketpair: errno %d", errno);
}

static void close_pair(void)
{
    close(pair[0]);
    close(pair[1]);
}

static int number_option(int fd, int option)
{
    int value = -1;
    socklen_t length = sizeof value;

    return getsockopt(fd, SOL_SOCKET, option, &value, &length) == 0 ? value : -errno;
}

static void test_made(void)
{
    struct stat status;

    tap_fails(socketpair(AF_INET, SOCK_STREAM, 0, pair), EAFNOSUPPORT, "POSIX socketpair: EAFNOSUPPORT");
    tap_fails(socket(AF_INET, SOCK_STREAM, 0), EAFNOSUPPORT, "POSIX socket: EAFNOSUPPORT");
    tap_fails(socket(AF_UNIX, 77, 0), EPROTOTYPE, "POSIX socket: EPROTOTYPE");
    tap_fails(socket(AF_UNIX, SOCK_STREAM, 9), EPROTONOSUPPORT, "POSIX socket: EPROTONOSUPPORT");
    tap_fails(socketpair(AF_UNIX, SOCK_STREAM, 0, nowhere), EFAULT, "an array nowhere: EFAULT");
    tap_works(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair), "a pair with flags");
    tap_is(fcntl(pair[0], F_GETFD), FD_CLOEXEC, "SOCK_CLOEXEC");
    tap_is(fcntl(pair[1], F_GETFL), O_RDWR | O_NONBLOCK, "SOCK_NONBLOCK, open to read and to write");
    fstat(pair[0], &status);
    tap_ok(S_ISSOCK(status.st_mode), "fstat says socket");
    tap_is(number_option(pair[0], SO_TYPE), SOCK_STREAM, "SO_TYPE");
    tap_is(number_option(pair[0], SO_DOMAIN), AF_UNIX, "SO_DOMAIN");
    tap_is(number_option(pair[0], SO_ACCEPTCONN), 0, "SO_ACCEPTCONN: it does not listen");
    close_pair();
}

static void test_bytes(void)
{
    int waiting = 0;

    open_pair();
    tap_is(write(pair[0], "hello", 5), 5, "write");
    tap_is(write(pair[1], "back", 4), 4, "and the other way");
    tap_works(ioctl(pair[1], FIONREAD, &waiting), "FIONREAD");
    tap_is(waiting, 5, "says how many");
    tap_is(recv(pair[1], back, 3, MSG_PEEK), 3, "MSG_PEEK");
    tap_is(read(pair[1], back, 100), 5, "takes nothing");
    tap_ok(memcmp(back, "hello", 5) == 0, "in order");
    tap_is(read(pair[0], back, 100), 4, "each direction has its own bytes");
    tap_fails(recv(pair[0], back, 1, MSG_DONTWAIT), EAGAIN, "POSIX recv: EAGAIN");
    tap_fails(recv(pair[0], back, 1, MSG_OOB), EOPNOTSUPP, "POSIX recv: EOPNOTSUPP");
    tap_fails(send(pair[0], back, 1, MSG_OOB), EOPNOTSUPP, "POSIX send: EOPNOTSUPP");
    tap_fails(send(pair[0], nowhere, 1, 0), EFAULT, "bytes from nowhere: EFAULT");
    tap_fails(lseek(pair[0], 0, SEEK_SET), ESPIPE, "POSIX lseek: ESPIPE");
    tap_fails(sendto(pair[0], "x", 1, 0, (struct sockaddr *)data, sizeof(struct sockaddr_un)), EISCONN,
              "POSIX sendto: EISCONN");
    write(pair[0], "kept", 4);
    tap_fails(recv(pair[1], nowhere, 4, 0), EFAULT, "bytes to nowhere: EFAULT");
    tap_is(recv(pair[1], back, 100, 0), 4, "are not lost");
    close_pair();
}

/* Bytes of one write are no unit of a stream, not for one who peeks either. */
static void test_peek(void)
{
    open_pair();
    write(pair[0], "one", 3);
    write(pair[0], "two", 3);
    write(pair[0], data, 3000);
    write(pair[0], "end", 3);
    tap_is(recv(pair[1], back, 5, MSG_PEEK), 5, "MSG_PEEK looks beyond one write");
    tap_ok(memcmp(back, "onetw", 5) == 0, "in order");
    read(pair[1], back, 2);
    tap_is(recv(pair[1], back, sizeof back, MSG_PEEK), 3007, "and at all that is there, wherever a read has ended");
    tap_ok(memcmp(back, "etwo", 4) == 0 && memcmp(back + 4, data, 3000) == 0 && memcmp(back + 3004, "end", 3) == 0,
           "in order");
    tap_is(recv(pair[1], back, sizeof back, MSG_PEEK | MSG_WAITALL), 3007,
           "with MSG_WAITALL it does not wait for more");
    tap_is(read(pair[1], back, sizeof back), 3007, "it takes nothing");
    close_pair();
}

static int write_all_slowly(void *unused)
{
    (void)unused;
    for (int i = 0; i < 4; i++) {
        if (write(pair[0], data + i * 1000, 1000) != 1000)
            return 1;
        if (read(pair[0], back, 1) != 1)
            return 2;
    }
    return 0;
}

static void test_wait_all(void)
{
    pid_t writer;

    open_pair();
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 7 + i / 251);
    write(pair[1], "goon", 4);
    writer = tap_start(write_all_slowly, NULL);
    tap_is(recv(pair[1], back, 4000, MSG_WAITALL), 4000, "MSG_WAITALL waits for all");
    tap_ok(memcmp(back, data, 4000) == 0, "of them, in order");
    tap_is(tap_wait(writer), 0, "the writer has written them in parts");
    write(pair[0], "end", 3);
    shutdown(pair[0], SHUT_WR);
    tap_is(recv(pair[1], back, 100, MSG_WAITALL), 3, "the end of the stream ends it");
    close_pair();
}

static int copy_back(void *unused)
{
    ssize_t n;

    (void)unused;
    while ((n = read(pair[1], back, sizeof back)) > 0) {
        if (write(pair[1], back, (size_t)n) != n)
            return 1;
    }
    return n == 0 ? 0 : 2;
}

static void test_much(void)
{
    pid_t peer;
    size_t got = 0;
    ssize_t n;

    open_pair();
    peer = tap_start(copy_back, NULL);
    close(pair[1]);
    tap_is(write(pair[0], data, capacity / 2), capacity / 2, "many bytes at once");
    while (got < capacity / 2 && (n = read(pair[0], back + got, sizeof back - got)) > 0)
        got += (size_t)n;
    tap_is((long)got, capacity / 2, "come back");
    tap_ok(memcmp(back, data, capacity / 2) == 0, "in order");
    shutdown(pair[0], SHUT_WR);
    tap_is(tap_wait(peer), 0, "shutdown for writing is the other side's end of file");
    tap_is(read(pair[0], back, 1), 0, "whose end is ours");
    close(pair[0]);
}

static void on_signal(int number)
{
    (void)number;
}

static void test_shutdown(void)
{
    int one = socket(AF_UNIX, SOCK_STREAM, 0);

    tap_fails(shutdown(one, SHUT_RD), ENOTCONN, "POSIX shutdown: ENOTCONN");
    tap_fails(send(one, "x", 1, 0), ENOTCONN, "POSIX send: ENOTCONN");
    tap_fails(recv(one, back, 1, 0), ENOTCONN, "POSIX recv: ENOTCONN");
    close(one);
    open_pair();
    tap_fails(shutdown(pair[0], 3), EINVAL, "POSIX shutdown: EINVAL");
    tap_fails(shutdown(99, SHUT_RD), EBADF, "POSIX shutdown: EBADF");
    tap_fails(shutdown(0, SHUT_RD), ENOTSOCK, "POSIX shutdown: ENOTSOCK");
    write(pair[0], "last", 4);
    tap_works(shutdown(pair[0], SHUT_WR), "no more writing");
    tap_is(read(pair[1], back, 100), 4, "what was written is read");
    tap_is(read(pair[1], back, 100), 0, "then comes the end of file");
    tap_fails(send(pair[0], "x", 1, MSG_NOSIGNAL), EPIPE, "POSIX send: EPIPE");
    tap_is(write(pair[1], "y", 1), 1, "the other direction stays");
    tap_is(read(pair[0], back, 1), 1, "and is read");
    tap_works(shutdown(pair[0], SHUT_RD), "no more reading");
    tap_fails(send(pair[1], "x", 1, MSG_NOSIGNAL), EPIPE, "the other side cannot write: EPIPE");
    tap_is(read(pair[0], back, 1), 0, "and we read the end");
    close_pair();
}

static int write_to_closed(void *unused)
{
    (void)unused;
    open_pair();
    close(pair[1]);
    write(pair[0], "x", 1);
    return 0;
}

static void test_closed(void)
{
    tap_is(tap_child_result(write_to_closed, NULL), -SIGPIPE, "POSIX send: SIGPIPE");
    open_pair();
    close(pair[1]);
    tap_is(read(pair[0], back, 1), 0, "the other side is closed: end of file");
    tap_fails(send(pair[0], "x", 1, MSG_NOSIGNAL), EPIPE, "and EPIPE");
    close(pair[0]);
    open_pair();
    write(pair[0], "unread", 6);
    close(pair[1]);
    tap_fails(read(pair[0], back, 1), ECONNRESET, "closed with bytes unread: ECONNRESET");
    tap_is(read(pair[0], back, 1), 0, "once");
    close(pair[0]);
}

static void set_timeout(int option, long microseconds)
{
    struct timeval time = {.tv_usec = microseconds};

    setsockopt(pair[0], SOL_SOCKET, option, &time, sizeof time);
}

static void test_waits(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    pid_t sender;
    ssize_t sent;

    open_pair();
    sigaction(SIGUSR1, &action, NULL);
    sender = tap_signal_when_asleep(SIGUSR1);
    tap_fails(read(pair[0], back, 1), EINTR, "a signal ends a read: EINTR");
    tap_wait(sender);
    set_timeout(SO_RCVTIMEO, 20000);
    tap_fails(recv(pair[0], back, 1, 0), EAGAIN, "SO_RCVTIMEO is over: EAGAIN");
    set_timeout(SO_SNDTIMEO, 20000);
    sent = write(pair[0], data, sizeof data);
    tap_ok(sent > capacity / 2 && sent < 2 * capacity, "SO_SNDTIMEO is over: what there was room for");
    tap_fails(write(pair[0], data, 1), EAGAIN, "and EAGAIN where there is none");
    signal(SIGUSR1, SIG_DFL);
    close_pair();
}

static int ready(int fd, int events)
{
    struct pollfd set = {.fd = fd, .events = (short)events};

    return poll(&set, 1, 0) < 0 ? -errno : set.revents;
}

static int write_when_asleep(void *pid)
{
    if (!tap_until(tap_is_asleep, pid))
        return 1;
    return write(pair[1], "x", 1) == 1 ? 0 : 2;
}

static void test_polls(void)
{
    struct pollfd set = {.events = POLLIN};
    pid_t self = getpid(), writer;

    open_pair();
    tap_is(ready(pair[0], POLLIN | POLLOUT), POLLOUT, "a fresh one can be written");
    writer = tap_start(write_when_asleep, &self);
    set.fd = pair[0];
    tap_is(poll(&set, 1, -1), 1, "poll waits for a byte");
    tap_is(set.revents, POLLIN, "and says so");
    tap_is(tap_wait(writer), 0, "which came when it slept");
    set_timeout(SO_SNDTIMEO, 1000);
    write(pair[0], data, sizeof data);
    tap_is(ready(pair[0], POLLOUT), 0, "a full one cannot be written");
    read(pair[1], back, sizeof back);
    tap_is(ready(pair[0], POLLOUT), POLLOUT, "an empty one can");
    shutdown(pair[1], SHUT_WR);
    tap_ok(ready(pair[0], POLLIN) & POLLIN, "an end of file can be read");
    close(pair[1]);
    tap_ok(ready(pair[0], POLLIN) & POLLHUP, "POLLHUP: the other side is closed");
    close(pair[0]);
}

static void test_options(void)
{
    struct timeval time = {.tv_sec = 3, .tv_usec = 500000};
    socklen_t length = sizeof time;
    int on = 1;

    open_pair();
    tap_fails(getsockopt(pair[0], 77, SO_TYPE, &on, &length), ENOPROTOOPT, "POSIX getsockopt: ENOPROTOOPT, the level");
    tap_fails(getsockopt(pair[0], SOL_SOCKET, 77, &on, &length), ENOPROTOOPT, "POSIX getsockopt: ENOPROTOOPT");
    tap_fails(setsockopt(pair[0], SOL_SOCKET, 77, &on, sizeof on), ENOPROTOOPT, "POSIX setsockopt: ENOPROTOOPT");
    tap_fails(setsockopt(pair[0], SOL_SOCKET, SO_KEEPALIVE, &on, 1), EINVAL, "POSIX setsockopt: EINVAL");
    tap_fails(setsockopt(pair[0], SOL_SOCKET, SO_KEEPALIVE, nowhere, 4), EFAULT, "a value nowhere: EFAULT");
    tap_works(setsockopt(pair[0], SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on), "a switch");
    tap_is(number_option(pair[0], SO_KEEPALIVE), 1, "is kept");
    tap_is(number_option(pair[1], SO_KEEPALIVE), 0, "for this socket alone");
    tap_is(number_option(pair[0], SO_ERROR), 0, "SO_ERROR: none");
    tap_works(setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time), "SO_RCVTIMEO");
    memset(&time, 0, sizeof time);
    length = sizeof time;
    getsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, &length);
    tap_is((long)time.tv_sec * 1000 + (long)time.tv_usec / 1000, 3500, "is told as it was set");
    time.tv_usec = 1000000;
    tap_fails(setsockopt(pair[0], SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time), EDOM, "POSIX setsockopt: EDOM");
    on = 4096;
    tap_works(setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &on, sizeof on), "SO_SNDBUF");
    tap_is(number_option(pair[0], SO_SNDBUF), 4096, "is as large as was asked for");
    tap_is(send(pair[0], data, capacity, MSG_DONTWAIT), 4096, "and takes so many bytes");
    close_pair();
}

int main(void)
{
    tap_begin();
    test_made();
    test_bytes();
    test_peek();
    test_wait_all();
    test_much();
    test_shutdown();
    test_closed();
    test_waits();
    test_polls();
    test_options();
    return tap_end();
}
