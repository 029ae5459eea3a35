/*
 * socket_packet.c - datagrams and sequenced packets: whole, in order, from somebody; what is too long, where there is
 * no room or no receiver.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tap.h"
#include "unix_socket.h"

#define PATH "/tmp/socket_packet"

enum { buffer = 131072 };

static char data[2 * buffer], back[2 * buffer];
static void *volatile nowhere = (void *)16;

static ssize_t send_to(int fd, const char *path, const void *bytes, size_t n)
{
    socklen_t length;
    struct sockaddr_un address = unix_address(path, &length);

    return sendto(fd, bytes, n, MSG_NOSIGNAL, (struct sockaddr *)&address, length);
}

/* The path of who has sent the next datagram, which is taken. */
static const char *sender(int fd)
{
    static struct sockaddr_un from;
    socklen_t length = sizeof from;

    memset(&from, 0, sizeof from);
    if (recvfrom(fd, back, sizeof back, 0, (struct sockaddr *)&from, &length) < 0)
        return "error";
    return length == sizeof from.sun_family ? "none" : from.sun_path;
}

static int datagram(const char *path)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    if (path != NULL && unix_bind(fd, path) != 0)
        tap_give_up("cannot bind %s: errno %d", path, errno);
    return fd;
}

/* What all packets have in common, of either type. */
static void test_whole(int type)
{
    struct iovec vector[] = {{"ab", 2}, {"", 0}, {"cde", 3}};
    int pair[2], waiting = -1;

    unix_pair(type, pair);
    tap_is(unix_option(pair[0], SO_TYPE), type, "SO_TYPE");
    tap_is(write(pair[0], "first", 5), 5, "a packet");
    tap_is(writev(pair[0], vector, 3), 5, "another, of several parts");
    tap_is(send(pair[0], "", 0, 0), 0, "an empty one");
    tap_is(send(pair[0], "last", 4, 0), 4, "and one more");
    tap_works(ioctl(pair[1], FIONREAD, &waiting), "FIONREAD");
    tap_is(waiting, 5, "says how long the first one is");
    tap_is(recv(pair[1], back, 2, MSG_PEEK), 2, "MSG_PEEK of its beginning");
    tap_is(recv(pair[1], back, 2, MSG_PEEK | MSG_TRUNC), 5, "MSG_TRUNC says how long it is");
    tap_is(recv(pair[1], back, 100, MSG_WAITALL), 5, "one receive takes one packet");
    tap_ok(memcmp(back, "first", 5) == 0, "the first one first");
    tap_is(recv(pair[1], back, 3, 0), 3, "a receive that is too short takes it, too");
    tap_is(recv(pair[1], back, 100, 0), 0, "the rest is gone: the empty one comes");
    tap_fails(recv(pair[1], nowhere, 4, 0), EFAULT, "bytes to nowhere: EFAULT");
    tap_is(recv(pair[1], back, 100, 0), 4, "are not lost");
    tap_fails(recv(pair[1], back, 1, MSG_DONTWAIT), EAGAIN, "POSIX recv: EAGAIN");
    tap_fails(send(pair[0], nowhere, 1, 0), EFAULT, "bytes from nowhere: EFAULT");
    tap_fails(send(pair[0], "x", 1, MSG_OOB), EOPNOTSUPP, "POSIX send: EOPNOTSUPP");
    unix_close(pair);
}

static void test_lengths(int type)
{
    int pair[2], size = 4096, count = 0;

    unix_pair(type, pair);
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 11 + i / 253);
    tap_is(send(pair[0], data, 100000, 0), 100000, "a long packet");
    tap_is(recv(pair[1], back, sizeof back, 0), 100000, "comes whole");
    tap_ok(memcmp(data, back, 100000) == 0, "with all its bytes");
    tap_fails(send(pair[0], data, buffer + 1, 0), EMSGSIZE, "POSIX send: EMSGSIZE");
    while (send(pair[0], data, 1000, MSG_DONTWAIT) == 1000)
        count++;
    tap_is(errno, EAGAIN, "POSIX send: EAGAIN, the queue is full");
    tap_ok(count > buffer / 2000 && count <= buffer / 1000 + 1, "of about as many bytes as it may hold");
    tap_is(unix_ready(pair[0], POLLOUT), 0, "it cannot be written");
    recv(pair[1], back, 1000, 0);
    tap_is(unix_ready(pair[0], POLLOUT), POLLOUT, "until one packet is taken");
    tap_works(setsockopt(pair[1], SOL_SOCKET, SO_RCVBUF, &size, sizeof size), "SO_RCVBUF");
    tap_is(unix_option(pair[1], SO_RCVBUF), 4096, "is as large as was asked for");
    tap_is(unix_ready(pair[0], POLLOUT), 0, "and too small for what is there");
    unix_close(pair);
}

static void test_names(void)
{
    int server = datagram(PATH), named = datagram(PATH "-named"), unnamed = datagram(NULL);

    tap_is(send_to(unnamed, PATH, "x", 1), 1, "a datagram by name");
    tap_is_text(sender(server), "none", "from one without a name");
    send_to(named, PATH, "x", 1);
    tap_is_text(sender(server), PATH "-named", "from one with a name");
    tap_is(send_to(server, PATH "-named", "x", 1), 1, "so it can be answered");
    tap_is_text(sender(named), PATH, "from the server");
    send_to(server, PATH, "self", 4);
    tap_is_text(sender(server), PATH, "one can write to oneself");
    tap_fails(send(unnamed, "x", 1, 0), EDESTADDRREQ, "POSIX send: EDESTADDRREQ");
    tap_fails(send_to(unnamed, PATH "-none", "x", 1), ENOENT, "POSIX sendto: ENOENT");
    tap_fails(send_to(unnamed, "/etc/passwd", "x", 1), ECONNREFUSED, "a file that is no socket: ECONNREFUSED");
    tap_fails(listen(server, 1), EOPNOTSUPP, "POSIX listen: EOPNOTSUPP");
    tap_fails(accept(server, NULL, NULL), EOPNOTSUPP, "POSIX accept: EOPNOTSUPP");
    close(named);
    tap_fails(send_to(unnamed, PATH "-named", "x", 1), ECONNREFUSED, "POSIX sendto: ECONNREFUSED, it is closed");
    unlink(PATH);
    unlink(PATH "-named");
    close(server);
    close(unnamed);
}

static void test_connected(void)
{
    struct sockaddr none = {.sa_family = AF_UNSPEC};
    int server = datagram(PATH), other = datagram(PATH "-other"), client = datagram(NULL), third = datagram(NULL);
    int stream = unix_listener(SOCK_STREAM, "@packet-stream", 1);

    tap_fails(unix_connect(client, "@packet-stream"), EPROTOTYPE, "POSIX connect: EPROTOTYPE");
    tap_works(unix_connect(client, PATH), "connect names the receiver");
    tap_is(send(client, "x", 1, 0), 1, "of what is sent without a name");
    tap_is_text(sender(server), "none", "which comes");
    tap_is(send_to(client, PATH "-other", "x", 1), 1, "sendto names another one for once");
    tap_is_text(sender(other), "none", "which gets it");
    tap_works(unix_connect(client, PATH "-other"), "connect again");
    send(client, "x", 1, 0);
    tap_is_text(sender(other), "none", "names another one");
    tap_works(connect(client, &none, sizeof none), "POSIX connect: AF_UNSPEC");
    tap_fails(send(client, "x", 1, 0), EDESTADDRREQ, "takes it away");
    unix_connect(server, PATH "-other");
    tap_fails(send_to(third, PATH, "x", 1), EPERM, "who is connected gets nothing from others: EPERM");
    tap_fails(unix_connect(third, PATH), EPERM, "and is not connected to: EPERM");
    tap_is(send_to(other, PATH, "x", 1), 1, "but from whom it is connected to");
    unix_connect(client, PATH "-other");
    close(other);
    tap_fails(send(client, "x", 1, 0), ECONNREFUSED, "POSIX send: ECONNREFUSED, the receiver is closed");
    shutdown(client, SHUT_WR);
    tap_fails(send(client, "x", 1, 0), EPIPE, "POSIX send: EPIPE, after one's own SHUT_WR it is that");
    unlink(PATH);
    unlink(PATH "-other");
    close(server);
    close(client);
    close(third);
    close(stream);
}

static int sends_after_shutdown(void *unused)
{
    int pair[2];

    (void)unused;
    signal(SIGPIPE, SIG_DFL);
    unix_pair(SOCK_DGRAM, pair);
    shutdown(pair[0], SHUT_RDWR);
    if (send(pair[0], "x", 1, 0) != -1 || errno != EPIPE)
        return 1;
    return send(pair[1], "x", 1, 0) == -1 && errno == EPIPE ? 0 : 2;
}

static int ends(void *pair)
{
    const int *fd = pair;

    close(fd[0]);
    return read(fd[1], back, 1) == 0 ? 0 : 1;
}

static void test_sequenced(void)
{
    int server = unix_listener(SOCK_SEQPACKET, PATH, 3), client = socket(AF_UNIX, SOCK_SEQPACKET, 0), one, pair[2];
    int stream = socket(AF_UNIX, SOCK_STREAM, 0);
    char bytes[10];
    struct iovec vector = {bytes, 2};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    pid_t reader;

    tap_fails(unix_connect(stream, PATH), EPROTOTYPE, "POSIX connect: EPROTOTYPE");
    tap_fails(send(client, "x", 1, 0), ENOTCONN, "POSIX send: ENOTCONN");
    tap_fails(recv(client, back, 1, 0), ENOTCONN, "POSIX recv: ENOTCONN");
    tap_works(unix_connect(client, PATH), "connect");
    one = accept(server, NULL, NULL);
    tap_fails(send_to(client, PATH, "x", 1), EISCONN, "POSIX sendto: EISCONN");
    send(client, "end", 3, MSG_EOR);
    tap_is(recvmsg(one, &message, 0), 2, "a packet that is cut");
    tap_is(message.msg_flags, MSG_TRUNC | MSG_EOR, "MSG_TRUNC, MSG_EOR");
    send(client, "x", 1, 0);
    recvmsg(one, &message, 0);
    tap_is(message.msg_flags, 0, "neither");
    send(client, "left", 4, 0);
    close(one);
    tap_fails(read(client, back, 1), ECONNRESET, "closed with a packet unread: ECONNRESET");
    tap_is(read(client, back, 1), 0, "once, then the end of file");
    tap_fails(send(client, "x", 1, MSG_NOSIGNAL), EPIPE, "POSIX send: EPIPE");
    unix_pair(SOCK_SEQPACKET, pair);
    reader = tap_start(ends, pair);
    close(pair[1]);
    tap_until(tap_is_asleep, &reader);
    close(pair[0]);
    tap_is(tap_wait(reader), 0, "a reader that waits sees the end");
    unlink(PATH);
    close(server);
    close(stream);
    close(client);
}

enum { senders = 8, each = 200 };

static int send_many(void *fd)
{
    unsigned char bytes[300];

    for (int i = 0; i < each; i++) {
        size_t n = 1 + (size_t)(i * 37 % 300);

        memset(bytes, (int)n, n);
        if (send(*(int *)fd, bytes, n, 0) != (ssize_t)n)
            return 1;
    }
    return 0;
}

/* More than the queue holds, by several at a time. */
static void test_many(int type)
{
    int pair[2], size = 2048, whole = 0;
    pid_t pid[senders];

    unix_pair(type, pair);
    setsockopt(pair[1], SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    for (int i = 0; i < senders; i++)
        pid[i] = tap_start(send_many, &pair[0]);
    for (int i = 0; i < senders * each; i++) {
        ssize_t n = recv(pair[1], back, sizeof back, 0);

        whole += n > 0 && back[0] == (char)n && memcmp(back, back + 1, (size_t)n - 1) == 0;
    }
    tap_is(whole, senders * each, "every packet comes, and whole");
    for (int i = 0; i < senders; i++)
        tap_is(tap_wait(pid[i]), 0, "a sender that had to wait for room");
    unix_close(pair);
}

enum { readers = 4, long_packets = 300 };

/* Until one byte comes: all are whole, and how many there were goes into a pipe. */
static int read_long(void *context)
{
    const int *fd = context;
    int count = 0;
    ssize_t n;

    while ((n = recv(fd[0], back, sizeof back, 0)) > 1) {
        if (memcmp(back, back + 1, (size_t)n - 1) != 0 || n != 5000 + (unsigned char)back[0] * 37)
            return 1;
        count++;
    }
    return write(fd[1], &count, sizeof count) == sizeof count ? 0 : 2;
}

/* Several who receive at the same time, each more than is copied with the lock held. */
static void test_readers(int type)
{
    int pair[2], counts[2], context[2], sum = 0, one;
    pid_t pid[readers];

    unix_pair(type, pair);
    pipe(counts);
    context[0] = pair[1];
    context[1] = counts[1];
    for (int i = 0; i < readers; i++)
        pid[i] = tap_start(read_long, context);
    for (int i = 0; i < long_packets; i++) {
        memset(data, i, sizeof data);
        send(pair[0], data, 5000 + (size_t)(i & 255) * 37, 0);
    }
    for (int i = 0; i < readers; i++)
        send(pair[0], "x", 1, 0);
    for (int i = 0; i < readers; i++) {
        tap_is(tap_wait(pid[i]), 0, "one of several readers gets whole packets");
        sum += read(counts[0], &one, sizeof one) == sizeof one ? one : 0;
    }
    tap_is(sum, long_packets, "and all together get each once");
    unix_close(counts);
    unix_close(pair);
}

int main(void)
{
    static const int types[] = {SOCK_DGRAM, SOCK_SEQPACKET};

    tap_begin();
    for (int i = 0; i < 2; i++) {
        test_whole(types[i]);
        test_lengths(types[i]);
        test_many(types[i]);
        test_readers(types[i]);
    }
    test_names();
    test_connected();
    test_sequenced();
    tap_is(tap_child_result(sends_after_shutdown, NULL), 0,
           "a datagram from, and to, one that is shut down: EPIPE, and no SIGPIPE");
    return tap_end();
}
