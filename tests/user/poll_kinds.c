/*
 * poll_kinds.c - poll, ppoll, select and pselect over everything that can be waited for: each alone, and all at once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"
#include "unix_socket.h"

#define PATH "/tmp/poll_kinds"

enum { forever = -1, brief = 2 }; /* ms */

static pid_t self;
static volatile sig_atomic_t caught;

/* Each call, for reading: how many of the two are ready, or -errno.  A negative one is none. */
static long by_poll(const int fds[2], int ms)
{
    struct pollfd set[2] = {{fds[0], POLLIN, 0}, {fds[1], POLLIN, 0}};

    return poll(set, 2, ms) < 0 ? -errno : (set[0].revents == POLLIN) + (set[1].revents == POLLIN);
}

static long by_ppoll(const int fds[2], int ms)
{
    struct pollfd set[2] = {{fds[0], POLLIN, 0}, {fds[1], POLLIN, 0}};
    const struct timespec time = {0, ms * 1000000};

    return ppoll(set, 2, ms < 0 ? NULL : &time, NULL) < 0 ? -errno
                                                          : (set[0].revents == POLLIN) + (set[1].revents == POLLIN);
}

static int fill_set(const int fds[2], fd_set *set)
{
    FD_ZERO(set);
    for (int i = 0; i < 2; i++) {
        if (fds[i] >= 0)
            FD_SET(fds[i], set);
    }
    return (fds[0] > fds[1] ? fds[0] : fds[1]) + 1;
}

static long by_select(const int fds[2], int ms)
{
    struct timeval time = {0, ms * 1000};
    fd_set set;
    int count = fill_set(fds, &set);
    int ready = select(count, &set, NULL, NULL, ms < 0 ? NULL : &time);

    return ready < 0 ? -errno : ready;
}

static long by_pselect(const int fds[2], int ms)
{
    const struct timespec time = {0, ms * 1000000};
    fd_set set;
    int count = fill_set(fds, &set);
    int ready = pselect(count, &set, NULL, NULL, ms < 0 ? NULL : &time, NULL);

    return ready < 0 ? -errno : ready;
}

static const struct {
    const char *name;
    long (*wait)(const int fds[2], int ms);
} calls[] = {{"poll", by_poll}, {"ppoll", by_ppoll}, {"select", by_select}, {"pselect", by_pselect}};

/* Kinds of objects.  fds[0] is waited for; what `rouse` does at fds[1] ends that. */
static void make_pipe(int fds[2])
{
    pipe(fds);
}

static void make_fifo(int fds[2])
{
    mkfifo(PATH, 0600);
    fds[0] = open(PATH, O_RDONLY | O_NONBLOCK);
    fds[1] = open(PATH, O_WRONLY);
    unlink(PATH);
}

static void make_queue(int fds[2])
{
    struct mq_attr sizes = {.mq_maxmsg = 1, .mq_msgsize = 1};

    fds[0] = mq_open("/poll_kinds", O_CREAT | O_RDONLY, 0600, &sizes);
    fds[1] = mq_open("/poll_kinds", O_WRONLY);
    mq_unlink("/poll_kinds");
}

static void make_stream(int fds[2])
{
    unix_pair(SOCK_STREAM, fds);
}

static void make_packets(int fds[2])
{
    unix_pair(SOCK_SEQPACKET, fds);
}

static void make_datagrams(int fds[2])
{
    unix_pair(SOCK_DGRAM, fds);
}

static void make_listener(int fds[2])
{
    fds[0] = unix_listener(SOCK_STREAM, PATH, 1);
    fds[1] = socket(AF_UNIX, SOCK_STREAM, 0);
}

static int write_byte(int fd)
{
    return write(fd, "x", 1) == 1 ? 0 : 2;
}

static int send_message(int fd)
{
    return mq_send(fd, "x", 1, 0) == 0 ? 0 : 2;
}

static int connect_there(int fd)
{
    return unix_connect(fd, PATH) == 0 ? 0 : 2;
}

static const struct kind {
    const char *name;
    void (*make)(int fds[2]);
    int (*rouse)(int fd);
} kinds[] = {
    {"a pipe", make_pipe, write_byte},
    {"a FIFO", make_fifo, write_byte},
    {"a message queue", make_queue, send_message},
    {"a stream", make_stream, write_byte},
    {"a socket of packets", make_packets, write_byte},
    {"a socket of datagrams", make_datagrams, write_byte},
    {"a listening socket", make_listener, connect_there},
};
enum { kind_count = sizeof kinds / sizeof kinds[0], call_count = sizeof calls / sizeof calls[0] };

struct rousing {
    const struct kind *kind;
    int fd;
};

static int rouse_when_asleep(void *context)
{
    const struct rousing *rousing = context;

    return tap_until(tap_is_asleep, &self) ? rousing->kind->rouse(rousing->fd) : 1;
}

static void on_signal(int number)
{
    (void)number;
    caught++;
}

/* It is asked for twice: both places are told. */
static void test_one(const struct kind *kind, long (*wait)(const int fds[2], int ms), const char *name)
{
    int fds[2];
    pid_t child;

    kind->make(fds);
    int twice[2] = {fds[0], wait == by_poll || wait == by_ppoll ? fds[0] : -1};
    long all = twice[1] < 0 ? 1 : 2;

    tap_is(wait(twice, brief), 0, "%s, %s: a time limit passes", name, kind->name);
    child = tap_signal_when_asleep(SIGUSR1);
    tap_is(wait(twice, forever), -EINTR, "%s, %s: POSIX poll, select: EINTR", name, kind->name);
    tap_wait(child);
    child = tap_start(rouse_when_asleep, &(struct rousing){kind, fds[1]});
    tap_is(wait(twice, forever), all, "%s, %s: what comes while it sleeps", name, kind->name);
    tap_is(tap_wait(child), 0, "%s, %s: which came then", name, kind->name);
    tap_is(wait(twice, forever), all, "%s, %s: what is there already", name, kind->name);
    unix_close(fds);
    unlink(PATH);
}

/* All kinds in one set, with the terminal if there is one: each alone ends the wait, then all are ready. */
static void test_all(void)
{
    struct pollfd set[kind_count + 1];
    int ends[kind_count];
    int terminal = open("/dev/tty", O_RDWR);

    for (int i = 0; i < kind_count; i++) {
        int fds[2];

        kinds[i].make(fds);
        set[i] = (struct pollfd){fds[0], POLLIN, 0};
        ends[i] = fds[1];
    }
    set[kind_count] = (struct pollfd){terminal, POLLIN, 0};
    tap_is(poll(set, kind_count + 1, brief), 0, "all at once: a time limit passes");
    for (int i = 0; i < kind_count; i++) {
        pid_t child = tap_start(rouse_when_asleep, &(struct rousing){&kinds[i], ends[i]});

        tap_is(poll(set, kind_count + 1, forever), 1, "all at once: one of them ends the wait");
        tap_is(set[i].revents, POLLIN, "it is %s", kinds[i].name);
        tap_wait(child);
        set[i].fd = -1 - set[i].fd;
    }
    for (int i = 0; i < kind_count; i++)
        set[i].fd = -1 - set[i].fd;
    tap_is(poll(set, kind_count + 1, forever), kind_count, "all of them are ready");
    for (int i = 0; i < kind_count; i++) {
        close(set[i].fd);
        close(ends[i]);
    }
    close(terminal);
    unlink(PATH);
}

static int pair[2];

static int read_then_write(void *unused)
{
    char bytes[100];

    (void)unused;
    if (!tap_until(tap_is_asleep, &self) || read(pair[1], bytes, sizeof bytes) != sizeof bytes)
        return 1;
    return !tap_until(tap_is_asleep, &self) || write(pair[1], "x", 1) != 1;
}

/* A change that nobody asked for ends no wait. */
static void test_other_change(void)
{
    static const char bytes[100];
    struct pollfd set = {.events = POLLIN};
    pid_t child;

    unix_pair(SOCK_STREAM, pair);
    write(pair[0], bytes, sizeof bytes);
    set.fd = pair[0];
    child = tap_start(read_then_write, NULL);
    tap_is(poll(&set, 1, forever), 1, "room is no data: the wait goes on until there is some");
    tap_is(set.revents, POLLIN, "POLLIN");
    tap_is(tap_wait(child), 0, "which came last");
    unix_close(pair);
}

/* The receiver of datagrams is full, and the socket gets another one while it is waited for. */
static int connect_elsewhere(void *unused)
{
    (void)unused;
    close(pair[1]);
    return !tap_until(tap_is_asleep, &self) || unix_connect(pair[0], "@poll_kinds") != 0;
}

static void test_other_peer(void)
{
    struct pollfd set = {.events = POLLOUT};
    int other = socket(AF_UNIX, SOCK_DGRAM, 0);
    pid_t child;

    unix_pair(SOCK_DGRAM, pair);
    unix_bind(other, "@poll_kinds");
    while (send(pair[0], "x", 1, MSG_DONTWAIT) == 1)
        continue;
    set.fd = pair[0];
    child = tap_start(connect_elsewhere, NULL);
    tap_is(poll(&set, 1, forever), 1, "connect() to a receiver with room ends the wait for it");
    tap_is(set.revents, POLLOUT, "POLLOUT");
    tap_is(tap_wait(child), 0, "which was waited for");
    unix_close(pair);
    close(other);
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

    tap_begin();
    self = getpid();
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < kind_count; i++) {
        for (int k = 0; k < call_count; k++)
            test_one(&kinds[i], calls[k].wait, calls[k].name);
    }
    tap_is(caught, kind_count * call_count, "each signal was caught");
    test_all();
    test_other_change();
    test_other_peer();
    return tap_end();
}
