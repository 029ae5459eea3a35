/*
 * socket_wait.c - waiting at sockets: what ends each wait (a signal, a timeout, a shutdown of either half, the other
 * side's end), and what poll and select say and wait for.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"
#include "unix_socket.h"

#define PATH "/tmp/socket_wait"

enum { drops = 100 };

static int pair[2], server;
static pid_t self;
static char data[262144], back[262144];

/* Something that a process of its own does as soon as this one sleeps. */
static int when_asleep(void *action)
{
    if (!tap_until(tap_is_asleep, &self))
        return 1;
    return ((int (*)(void))action)();
}

/* A point: `call` ends with what the action brings about. */
#define ends_by(action, call, expected, ...)                      \
    do {                                                          \
        pid_t actor = tap_start(when_asleep, (void *)(action));   \
        tap_is(answer(call), expected, __VA_ARGS__);              \
        tap_is(tap_wait(actor), 0, "(which came when it slept)"); \
    } while (0)

static long answer(long result)
{
    return result < 0 ? -errno : result;
}

static int do_signal(void)
{
    return kill(self, SIGUSR1);
}

static int do_write(void)
{
    return write(pair[1], "x", 1) == 1 ? 0 : 2;
}

static int do_read(void)
{
    return read(pair[1], back, sizeof back) > 0 ? 0 : 3;
}

static int do_shut_reading(void)
{
    return shutdown(pair[1], SHUT_RD);
}

static int do_shut_writing(void)
{
    return shutdown(pair[1], SHUT_WR);
}

static int do_shut_own_reading(void)
{
    return shutdown(pair[0], SHUT_RD);
}

static int do_shut_own_writing(void)
{
    return shutdown(pair[0], SHUT_WR);
}

static int do_shut_server(void)
{
    return shutdown(server, SHUT_RD);
}

static int do_connect(void)
{
    return unix_connect(socket(AF_UNIX, SOCK_STREAM, 0), PATH);
}

/* Until nothing more can be sent. */
static void fill(int fd)
{
    while (send(fd, data, 1000, MSG_DONTWAIT) > 0)
        continue;
}

static void on_signal(int number)
{
    (void)number;
}

static void catch_signal(int flags)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags};

    sigaction(SIGUSR1, &action, NULL);
}

static void test_interrupted(int type)
{
    struct iovec vector = {back, 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};

    catch_signal(0);
    unix_pair(type, pair);
    ends_by(do_signal, read(pair[0], back, 1), -EINTR, "POSIX read: EINTR");
    ends_by(do_signal, recv(pair[0], back, 1, 0), -EINTR, "POSIX recv: EINTR");
    ends_by(do_signal, recvmsg(pair[0], &message, 0), -EINTR, "POSIX recvmsg: EINTR");
    fill(pair[0]);
    ends_by(do_signal, write(pair[0], data, 1000), -EINTR, "POSIX write: EINTR");
    ends_by(do_signal, send(pair[0], data, 1000, 0), -EINTR, "POSIX send: EINTR");
    message.msg_iov->iov_len = 1000;
    ends_by(do_signal, sendmsg(pair[0], &message, 0), -EINTR, "POSIX sendmsg: EINTR");
    ends_by(do_read, send(pair[0], data, 1000, 0), 1000, "room ends the wait for it");
    unix_set_time(pair[0], SO_SNDTIMEO, 10000);
    fill(pair[0]);
    tap_fails(send(pair[0], data, 1000, 0), EAGAIN, "SO_SNDTIMEO is over: EAGAIN");
    unix_set_time(pair[0], SO_RCVTIMEO, 10000);
    tap_fails(recv(pair[0], back, 1, 0), EAGAIN, "SO_RCVTIMEO is over: EAGAIN");
    unix_close(pair);
}

static int do_signal_then_write(void)
{
    do_signal();
    return do_write();
}

static void test_restarted(void)
{
    catch_signal(SA_RESTART);
    unix_pair(SOCK_STREAM, pair);
    ends_by(do_signal_then_write, read(pair[0], back, 1), 1, "SA_RESTART: read goes on");
    catch_signal(0);
    write(pair[1], "abc", 3);
    ends_by(do_signal, recv(pair[0], back, 10, MSG_WAITALL), 3, "MSG_WAITALL: a signal ends it with what has come");
    unix_close(pair);
}

/* A byte now and then, each only when the receiver sleeps. */
static int drip(void *unused)
{
    (void)unused;
    for (int i = 0; i < drops; i++) {
        if (!tap_until(tap_is_asleep, &self) || do_write() != 0)
            return 1;
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    return 0;
}

/* A time limit is the call's, not that of each of its waits. */
static void test_one_time_limit(void)
{
    pid_t child;
    long got;

    unix_pair(SOCK_STREAM, pair);
    unix_set_time(pair[0], SO_RCVTIMEO, 50000);
    child = tap_start(drip, NULL);
    got = answer(recv(pair[0], back, drops, MSG_WAITALL));
    tap_kill(child);
    tap_ok(got > 0 && got < drops, "MSG_WAITALL: SO_RCVTIMEO ends it, though there is always something new (%ld)", got);
    unix_close(pair);
}

static int do_shut_peer_reading(void)
{
    return shutdown(pair[1], SHUT_RD);
}

static void test_hang_up(void)
{
    struct pollfd one = {.events = 0};

    unix_pair(SOCK_STREAM, pair);
    one.fd = pair[0];
    shutdown(pair[1], SHUT_WR);
    ends_by(do_shut_peer_reading, poll(&one, 1, -1), 1, "poll: the other side shuts down reading, too");
    tap_is(one.revents, POLLHUP, "that is POLLHUP");
    unix_close(pair);
}

static void test_server_interrupted(void)
{
    int client = socket(AF_UNIX, SOCK_STREAM, 0), other = socket(AF_UNIX, SOCK_STREAM, 0);

    server = unix_listener(SOCK_STREAM, PATH, 0);
    ends_by(do_signal, accept(server, NULL, NULL), -EINTR, "POSIX accept: EINTR");
    unix_set_time(server, SO_RCVTIMEO, 10000);
    tap_fails(accept(server, NULL, NULL), EAGAIN, "SO_RCVTIMEO is over: EAGAIN");
    unix_set_time(server, SO_RCVTIMEO, 0);
    unix_connect(client, PATH);
    ends_by(do_signal, unix_connect(other, PATH), -EINTR, "POSIX connect: EINTR");
    unix_set_time(other, SO_SNDTIMEO, 10000);
    tap_fails(unix_connect(other, PATH), EAGAIN, "SO_SNDTIMEO is over: EAGAIN");
    close(accept(server, NULL, NULL));
    tap_works(unix_connect(other, PATH), "an interrupted connect can be tried again");
    close(accept(server, NULL, NULL));
    ends_by(do_shut_server, accept(server, NULL, NULL), -EINVAL, "shutdown() ends accept: EINVAL");
    tap_fails(accept(server, NULL, NULL), EINVAL, "for good");
    tap_fails(unix_connect(socket(AF_UNIX, SOCK_STREAM, 0), PATH), ECONNREFUSED, "and nobody is let in");
    close(server);
    close(client);
    close(other);
    close(other + 1);
    unlink(PATH);
}

/* What is left of the four ways when pair[0] has been shut down. */
static void test_halves(int type, int how, const char *name, bool out, bool in)
{
    unix_pair(type, pair);
    write(pair[1], "old", 3);
    tap_works(shutdown(pair[0], how), "%s", name);
    tap_works(shutdown(pair[0], how), "%s once more", name);
    tap_is(answer(send(pair[0], "x", 1, MSG_NOSIGNAL)), out ? 1 : -EPIPE, "%s: send", name);
    tap_is(answer(recv(pair[1], back, 1, MSG_DONTWAIT)), out ? 1 : 0, "%s: the other side's recv", name);
    tap_is(answer(send(pair[1], "y", 1, MSG_NOSIGNAL)), in ? 1 : -EPIPE, "%s: the other side's send", name);
    tap_is(recv(pair[0], back, 3, 0), 3, "%s: what has come before", name);
    tap_is(answer(recv(pair[0], back, 1, MSG_DONTWAIT)), in ? 1 : 0, "%s: then recv", name);
    tap_is((unix_ready(pair[0], POLLIN) & POLLIN) != 0, !in, "%s: POLLIN", name);
    tap_is((unix_ready(pair[1], POLLIN) & POLLIN) != 0, !out, "%s: the other side's POLLIN", name);
    tap_is((unix_ready(pair[0], 0) & POLLHUP) != 0, !in && !out, "%s: POLLHUP", name);
    unix_close(pair);
}

static void test_shutdown_wakes(int type)
{
    unix_pair(type, pair);
    ends_by(do_shut_own_reading, read(pair[0], back, 1), 0, "shutdown of the reading half ends a read");
    unix_close(pair);
    unix_pair(type, pair);
    ends_by(do_shut_writing, read(pair[0], back, 1), 0, "and so does the other side's of its writing half");
    fill(pair[0]);
    ends_by(do_shut_reading, send(pair[0], data, 1000, MSG_NOSIGNAL), -EPIPE, "of its reading half ends a send: EPIPE");
    unix_close(pair);
    unix_pair(type, pair);
    fill(pair[0]);
    ends_by(do_shut_own_writing, send(pair[0], data, 1000, MSG_NOSIGNAL), -EPIPE, "and so does one's own: EPIPE");
    unix_close(pair);
}

static long poll_for(int fd, int events)
{
    struct pollfd set = {.fd = fd, .events = (short)events};

    return poll(&set, 1, -1) == 1 ? set.revents : -errno;
}

static void test_polls(int type)
{
    unix_pair(type, pair);
    tap_is(unix_ready(pair[0], POLLIN | POLLOUT), POLLOUT, "a fresh one can be written");
    ends_by(do_write, poll_for(pair[0], POLLIN), POLLIN, "poll waits for data");
    read(pair[0], back, 1);
    fill(pair[0]);
    tap_is(unix_ready(pair[0], POLLOUT), 0, "a full one cannot be written");
    ends_by(do_read, poll_for(pair[0], POLLOUT), POLLOUT, "poll waits for room");
    ends_by(do_signal, poll_for(pair[0], POLLIN), -EINTR, "POSIX poll: EINTR");
    if (type != SOCK_DGRAM)
        ends_by(do_shut_writing, poll_for(pair[0], POLLIN), POLLIN, "poll waits for the end of file");
    unix_close(pair);
}

/* One call over a listening socket, two connections and a pipe: each alone, and then all. */
static void test_select(void)
{
    int ends[2], client = socket(AF_UNIX, SOCK_STREAM, 0), packets[2];
    fd_set set;

    pipe(ends);
    server = unix_listener(SOCK_STREAM, PATH, 5);
    unix_pair(SOCK_STREAM, pair);
    unix_pair(SOCK_DGRAM, packets);
    FD_ZERO(&set);
    FD_SET(server, &set);
    FD_SET(pair[0], &set);
    FD_SET(packets[0], &set);
    FD_SET(ends[0], &set);
    fd_set all = set, got = set;
    ends_by(do_connect, select(packets[1] + 1, &got, NULL, NULL, NULL), 1, "select waits for somebody to accept");
    tap_ok(FD_ISSET(server, &got), "at the listening socket");
    close(accept(server, NULL, NULL));
    got = all;
    ends_by(do_write, select(packets[1] + 1, &got, NULL, NULL, NULL), 1, "for data");
    tap_ok(FD_ISSET(pair[0], &got), "at the connected one");
    unix_connect(client, PATH);
    write(packets[1], "x", 1);
    write(ends[1], "x", 1);
    got = all;
    tap_is(select(packets[1] + 1, &got, NULL, NULL, NULL), 4, "all four are ready");
    tap_is(unix_ready(server, POLLIN | POLLOUT), POLLIN, "a listening socket is not written");
    close(client);
    client = socket(AF_UNIX, SOCK_STREAM, 0);
    tap_is(unix_ready(client, POLLIN | POLLOUT), POLLOUT | POLLHUP, "one that is not connected: POLLHUP");
    close(client);
    close(server);
    unlink(PATH);
    unix_close(pair);
    unix_close(packets);
    unix_close(ends);
}

int main(void)
{
    static const int types[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};

    tap_begin();
    self = getpid();
    for (int i = 0; i < 3; i++) {
        test_interrupted(types[i]);
        test_polls(types[i]);
        if (types[i] != SOCK_DGRAM) {
            test_halves(types[i], SHUT_RD, "SHUT_RD", true, false);
            test_halves(types[i], SHUT_WR, "SHUT_WR", false, true);
            test_halves(types[i], SHUT_RDWR, "SHUT_RDWR", false, false);
            test_shutdown_wakes(types[i]);
        }
    }
    test_restarted();
    test_one_time_limit();
    test_hang_up();
    test_server_interrupted();
    test_select();
    return tap_end();
}
