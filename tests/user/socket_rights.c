/*
 * socket_rights.c - what travels with data: descriptors, with their limits, truncation, those that nobody receives, and
 * circles of sockets in each other's queues; credentials.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"
#include "unix_socket.h"

enum { most = 253 }; /* SCM_MAX_FD */

static void *volatile nowhere = (void *)16;
static char back[100];

static bool is_same_file(int a, int b)
{
    struct stat first, second;

    return fstat(a, &first) == 0 && fstat(b, &second) == 0 && first.st_ino == second.st_ino &&
           first.st_dev == second.st_dev;
}

/* How many descriptors this process has. */
static int descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 600; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static int read_what_comes(void *fd)
{
    int came;
    unsigned count = 1;

    if (unix_receive_fds(*(int *)fd, back, 1, &came, &count, NULL) != 1 || count != 1)
        return 1;
    return read(came, back, 5) == 5 && memcmp(back, "hello", 5) == 0 ? 0 : 2;
}

static void test_passed(int type)
{
    int pair[2], pipe_ends[2], came[3], flags;
    unsigned count = 3;
    pid_t worker;

    unix_pair(type, pair);
    pipe(pipe_ends);
    worker = tap_start(read_what_comes, &pair[1]);
    tap_is(unix_send_fds(pair[0], "x", 1, pipe_ends, 1), 1, "a descriptor is sent");
    close(pipe_ends[0]);
    write(pipe_ends[1], "hello", 5);
    tap_is(tap_wait(worker), 0, "another process receives it, and uses it");
    tap_is(unix_send_fds(pair[0], "x", 1, (int[]){0, pipe_ends[1], pair[1]}, 3), 1, "three of them");
    flags = MSG_CMSG_CLOEXEC;
    tap_is(unix_receive_fds(pair[1], back, 1, came, &count, &flags), 1, "come");
    tap_is(count, 3, "all");
    tap_is(flags, 0, "and msg_flags says nothing");
    tap_ok(is_same_file(came[0], 0) && is_same_file(came[1], pipe_ends[1]) && is_same_file(came[2], pair[1]),
           "in their order");
    tap_is(fcntl(came[0], F_GETFD), FD_CLOEXEC, "MSG_CMSG_CLOEXEC");
    for (int i = 0; i < 3; i++)
        close(came[i]);
    close(pipe_ends[1]);
    unix_close(pair);
}

/* In a stream they come with the bytes that they were sent with. */
static void test_in_stream(void)
{
    int pair[2], came;
    unsigned count = 1;

    unix_pair(SOCK_STREAM, pair);
    write(pair[0], "ab", 2);
    unix_send_fds(pair[0], "cd", 2, (int[]){0}, 1);
    write(pair[0], "ef", 2);
    unix_send_fds(pair[0], "gh", 2, (int[]){1}, 1);
    tap_is(unix_receive_fds(pair[1], back, 100, &came, &count, NULL), 2, "a read ends before bytes with descriptors");
    tap_is(count, 0, "and has none");
    count = 1;
    tap_is(unix_receive_fds(pair[1], back, 1, &came, &count, NULL), 1, "the first of those bytes");
    tap_is(count, 1, "has them");
    close(came);
    count = 1;
    tap_is(unix_receive_fds(pair[1], back, 100, &came, &count, NULL), 3, "the next ones go with what follows");
    tap_is(count, 0, "and have none");
    tap_is(read(pair[1], back, 100), 2, "read() takes bytes alone");
    tap_is(unix_send_fds(pair[0], "", 0, (int[]){0}, 1), 0, "without bytes nothing is sent");
    tap_fails(recv(pair[1], back, 1, MSG_DONTWAIT), EAGAIN, "and nothing comes");
    unix_close(pair);
}

static void test_truncated(int type)
{
    int pair[2], came[4], flags = 0, before;
    unsigned count = 2;
    struct rlimit limit, had;

    unix_pair(type, pair);
    before = descriptors();
    unix_send_fds(pair[0], "x", 1, (int[]){0, 1, 2, 0}, 4);
    tap_is(unix_receive_fds(pair[1], back, 1, came, &count, &flags), 1, "with less room than descriptors");
    tap_is(count, 2, "those come for which there is room");
    tap_is(flags, MSG_CTRUNC, "MSG_CTRUNC");
    tap_is(descriptors(), before + 2, "the others are closed");
    close(came[0]);
    close(came[1]);
    unix_send_fds(pair[0], "x", 1, (int[]){0}, 1);
    count = flags = 0;
    tap_is(unix_receive_fds(pair[1], back, 1, came, &count, &flags), 1, "with no room at all");
    tap_is(flags, MSG_CTRUNC, "MSG_CTRUNC");
    getrlimit(RLIMIT_NOFILE, &had);
    limit = had;
    limit.rlim_cur = (rlim_t)before + 1;
    unix_send_fds(pair[0], "x", 1, (int[]){0, 1, 2}, 3);
    setrlimit(RLIMIT_NOFILE, &limit);
    count = 3;
    flags = 0;
    tap_is(unix_receive_fds(pair[1], back, 1, came, &count, &flags), 1, "with no numbers left");
    setrlimit(RLIMIT_NOFILE, &had);
    tap_is(count, 1, "as many come as there are numbers");
    tap_is(flags, MSG_CTRUNC, "MSG_CTRUNC");
    close(came[0]);
    tap_is(descriptors(), before, "nothing else is left");
    unix_close(pair);
}

static ssize_t send_control(int fd, void *control, socklen_t length)
{
    struct iovec vector = {"x", 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = length};

    return sendmsg(fd, &message, 0);
}

static void test_errors(void)
{
    int pair[2], many[most + 1];
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(int))];
    } control;

    unix_pair(SOCK_STREAM, pair);
    memset(many, 0, sizeof many);
    tap_fails(unix_send_fds(pair[0], "x", 1, (int[]){0, 99}, 2), EBADF, "one that is not open: EBADF");
    tap_fails(unix_send_fds(pair[0], "x", 1, many, most + 1), EINVAL, "too many: EINVAL");
    tap_is(unix_send_fds(pair[0], "x", 1, many, most), 1, "as many as may be");
    recv(pair[1], back, 1, 0);
    control.header = (struct cmsghdr){4, SOL_SOCKET, SCM_RIGHTS};
    tap_fails(send_control(pair[0], &control, sizeof control), EINVAL, "a length below the header's: EINVAL");
    control.header.cmsg_len = 1000;
    tap_fails(send_control(pair[0], &control, sizeof control), EINVAL, "a length beyond the buffer: EINVAL");
    control.header = (struct cmsghdr){CMSG_LEN(4), SOL_SOCKET, 77};
    tap_fails(send_control(pair[0], &control, sizeof control), EINVAL, "a type that is none: EINVAL");
    control.header.cmsg_level = 77;
    tap_is(send_control(pair[0], &control, sizeof control), 1, "another level is passed over");
    recv(pair[1], back, 1, 0);
    tap_fails(send_control(pair[0], nowhere, 16), EFAULT, "control messages nowhere: EFAULT");
    tap_fails(send_control(pair[0], &control, 1 << 20), ENOBUFS, "more than there may be: ENOBUFS");
    tap_fails(recv(pair[1], back, 1, MSG_DONTWAIT), EAGAIN, "of all that nothing has come");
    close(pair[1]);
    tap_fails(unix_send_fds(pair[0], "x", 1, many, 1), EPIPE, "to nobody: EPIPE");
    close(pair[0]);
}

/* Is the pipe's other end, which only a queue had, closed? */
static bool is_hung_up(int pipe_end)
{
    return read(pipe_end, back, 1) == 0;
}

static void test_not_received(int type)
{
    int pair[2], ends[2], came;
    unsigned count = 1;

    unix_pair(type, pair);
    pipe(ends);
    unix_send_fds(pair[0], "x", 1, &ends[1], 1);
    close(ends[1]);
    tap_is(recv(pair[1], back, 1, MSG_PEEK), 1, "who peeks takes none");
    tap_is(unix_receive_fds(pair[1], back, 1, &came, &count, NULL), 1, "a look at the bytes");
    tap_is(count, 1, "leaves them");
    unix_send_fds(pair[0], "x", 1, &came, 1);
    close(came);
    tap_is(recv(pair[1], back, 1, 0), 1, "who receives bytes alone");
    tap_ok(is_hung_up(ends[0]), "has the descriptors closed");
    close(ends[0]);
    pipe(ends);
    unix_send_fds(pair[0], "x", 1, &ends[1], 1);
    close(ends[1]);
    unix_close(pair);
    tap_ok(is_hung_up(ends[0]), "and so has who closes the socket");
    close(ends[0]);
}

/* A pipe's end that is somewhere in queues: put it into pair[0]'s peer's queue, and close it here. */
static int put_pipe_into(int fd)
{
    int ends[2];

    pipe(ends);
    unix_send_fds(fd, "x", 1, &ends[1], 1);
    close(ends[1]);
    return ends[0];
}

static void test_circles(void)
{
    int a[2], b[2], c[2], end;

    unix_pair(SOCK_STREAM, a);
    end = put_pipe_into(a[0]);
    unix_send_fds(a[0], "x", 1, &a[1], 1);
    unix_close(a);
    tap_ok(is_hung_up(end), "a socket in its own queue is collected");
    close(end);

    unix_pair(SOCK_STREAM, a);
    end = put_pipe_into(a[0]);
    unix_send_fds(a[0], "x", 1, &a[0], 1);
    unix_send_fds(a[1], "x", 1, &a[1], 1);
    unix_close(a);
    tap_ok(is_hung_up(end), "and two peers, each in the other's");
    close(end);

    unix_pair(SOCK_DGRAM, a);
    unix_pair(SOCK_SEQPACKET, b);
    end = put_pipe_into(a[0]);
    unix_send_fds(a[0], "x", 1, &b[1], 1);
    unix_send_fds(b[0], "x", 1, &a[1], 1);
    unix_close(a);
    unix_close(b);
    tap_ok(is_hung_up(end), "and two in each other's");
    close(end);

    unix_pair(SOCK_STREAM, a);
    unix_pair(SOCK_STREAM, b);
    unix_pair(SOCK_STREAM, c);
    end = put_pipe_into(a[0]);
    unix_send_fds(a[0], "x", 1, &b[1], 1);
    unix_send_fds(b[0], "x", 1, &a[1], 1);
    unix_send_fds(c[0], "x", 1, &a[1], 1);
    unix_close(a);
    unix_close(b);
    fcntl(end, F_SETFL, O_NONBLOCK);
    tap_fails(read(end, back, 1), EAGAIN, "but not while one can be received");
    unix_close(c);
    tap_ok(is_hung_up(end), "until that is gone, too");
    close(end);
}

/* What a connection's queue holds that nobody has accepted goes when nobody can. */
static void test_in_backlog(void)
{
    int server = unix_listener(SOCK_STREAM, "@rights-backlog", 5), client = socket(AF_UNIX, SOCK_STREAM, 0), end;

    unix_connect(client, "@rights-backlog");
    end = put_pipe_into(client);
    unix_send_fds(client, "x", 1, &server, 1);
    fcntl(end, F_SETFL, O_NONBLOCK);
    tap_fails(read(end, back, 1), EAGAIN, "a listening socket in its own backlog");
    close(client);
    tap_fails(read(end, back, 1), EAGAIN, "is in use while a process has it");
    close(server);
    tap_ok(is_hung_up(end), "and is collected when none has");
    close(end);
}

/* A chain of sockets, each in the queue of the one before. */
static void test_chain(void)
{
    enum { length = 200 };
    int first[2], last[2], end;

    unix_pair(SOCK_STREAM, first);
    last[0] = dup(first[0]);
    last[1] = dup(first[1]);
    for (int i = 0; i < length; i++) {
        int next[2];

        unix_pair(SOCK_STREAM, next);
        unix_send_fds(last[0], "x", 1, &next[1], 1);
        unix_close(last);
        last[0] = next[0];
        last[1] = next[1];
    }
    end = put_pipe_into(last[0]);
    unix_close(last);
    unix_close(first);
    tap_ok(is_hung_up(end), "a chain of %d sockets in queues ends at once", length);
    close(end);
}

static int send_too_many(void *unused)
{
    int pair[2], fds[8] = {0}, sent = 0;
    struct rlimit limit = {64, 64};

    (void)unused;
    unix_pair(SOCK_STREAM, pair);
    setrlimit(RLIMIT_NOFILE, &limit);
    if (setuid(1000) != 0)
        return 200;
    while (unix_send_fds(pair[0], "x", 1, fds, 8) == 1)
        sent++;
    if (errno != ETOOMANYREFS || sent != 8)
        return 201;
    if (recv(pair[1], back, 1, 0) != 1 || unix_send_fds(pair[0], "x", 1, fds, 8) != 1)
        return 202;
    return 0;
}

static bool receive_credentials(int fd, struct ucred *who)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(struct ucred))];
    } control;
    struct iovec vector = {back, 1};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};

    if (recvmsg(fd, &message, 0) != 1 || message.msg_controllen < CMSG_LEN(sizeof *who) ||
        control.header.cmsg_type != SCM_CREDENTIALS)
        return false;
    memcpy(who, CMSG_DATA(&control.header), sizeof *who);
    return true;
}

/* How many bytes of ancillary data come with the end; -1: it is not the end. */
static int told_at_end(int fd)
{
    char room[CMSG_SPACE(sizeof(struct ucred))];
    struct iovec vector = {back, 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};

    return recvmsg(fd, &message, 0) == 0 ? (int)message.msg_controllen : -1;
}

static ssize_t send_credentials(int fd, struct ucred who)
{
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(struct ucred))];
    } control;

    control.header = (struct cmsghdr){CMSG_LEN(sizeof who), SOL_SOCKET, SCM_CREDENTIALS};
    memcpy(CMSG_DATA(&control.header), &who, sizeof who);
    return send_control(fd, &control, sizeof control);
}

static int send_as_user(void *fd)
{
    struct ucred self = {.uid = 1000, .gid = 0};

    if (setuid(1000) != 0)
        return 1;
    self.pid = getpid();
    if (write(*(int *)fd, "x", 1) != 1 || send_credentials(*(int *)fd, self) != 1)
        return 2;
    self.uid = 0;
    if (send_credentials(*(int *)fd, self) != -1 || errno != EPERM)
        return 3;
    self.uid = 1000;
    self.pid = 1;
    return send_credentials(*(int *)fd, self) == -1 && errno == EPERM ? 0 : 4;
}

static void test_credentials(int type)
{
    int pair[2], on = 1;
    struct ucred who = {0}, claimed = {.pid = 4321, .uid = 77, .gid = 88};
    pid_t child;

    unix_pair(type, pair);
    setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
    tap_is(unix_option(pair[1], SO_PASSCRED), 1, "SO_PASSCRED");
    write(pair[0], "x", 1);
    tap_ok(receive_credentials(pair[1], &who), "credentials come with data");
    tap_ok(who.pid == getpid() && who.uid == 0, "those of the sender");
    child = tap_start(send_as_user, &pair[0]);
    tap_is(tap_wait(child), 0, "an ordinary user cannot say that it is another one: EPERM");
    tap_ok(receive_credentials(pair[1], &who), "what it has sent");
    tap_ok(who.pid == child && who.uid == 1000, "says who it is");
    tap_ok(receive_credentials(pair[1], &who) && who.pid == child, "also where it has said so itself");
    tap_is(send_credentials(pair[0], claimed), 1, "the superuser can");
    tap_ok(receive_credentials(pair[1], &who) && who.pid == 4321 && who.uid == 77 && who.gid == 88, "and is believed");
    if (type == SOCK_STREAM) {
        write(pair[0], "a", 1);
        write(pair[0], "b", 1);
        send_credentials(pair[0], claimed);
        tap_is(read(pair[1], back, 100), 2, "bytes of different senders are not read as one");
        tap_is(read(pair[1], back, 100), 1, "but one after the other");
    }
    if (type != SOCK_DGRAM) {
        shutdown(pair[0], SHUT_WR);
        tap_is(told_at_end(pair[1]), 0, "the end has no sender");
    }
    unix_close(pair);
}

static int sends_with_effective_user(void *fd)
{
    if (setresuid(-1, 1000, -1) != 0)
        return 1;
    return write(*(int *)fd, "x", 1) == 1 ? 0 : 2;
}

static void test_real_user(void)
{
    struct ucred who = {0};
    const int on = 1;
    int pair[2];

    unix_pair(SOCK_STREAM, pair);
    setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
    tap_is(tap_child_result(sends_with_effective_user, &pair[0]), 0, "one whose effective user is another");
    tap_ok(receive_credentials(pair[1], &who) && who.uid == 0, "is told of by its real one");
    unix_close(pair);
}

static void test_peer_credentials(void)
{
    int pair[2], datagram = socket(AF_UNIX, SOCK_DGRAM, 0);
    struct ucred who = {0};
    socklen_t length = sizeof who;

    unix_pair(SOCK_STREAM, pair);
    tap_works(getsockopt(pair[0], SOL_SOCKET, SO_PEERCRED, &who, &length), "SO_PEERCRED");
    tap_ok(who.pid == getpid() && who.uid == 0 && who.gid == 0, "of a pair is oneself");
    getsockopt(datagram, SOL_SOCKET, SO_PEERCRED, &who, &length);
    tap_ok(who.pid == 0 && who.uid == (uid_t)-1, "and nobody where there is no peer");
    unix_close(pair);
    close(datagram);
}

int main(void)
{
    static const int types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};

    tap_begin();
    for (int i = 0; i < 3; i++) {
        test_passed(types[i]);
        test_truncated(types[i]);
        test_not_received(types[i]);
        test_credentials(types[i]);
    }
    test_in_stream();
    test_errors();
    test_circles();
    test_in_backlog();
    test_chain();
    tap_is(tap_child_result(send_too_many, NULL), 0, "a user's descriptors in queues are counted: ETOOMANYREFS");
    test_peer_credentials();
    test_real_user();
    return tap_end();
}
