/*
 * socket_stress.c - clients, servers, passers of descriptors and those who poll, killed at any moment: what comes is
 * whole, the others go on, and nothing is left behind.
 *
 * Usage: socket_stress [seed [kills]]
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "stress.h"
#include "tap.h"
#include "unix_socket.h"

#define NAME "@socket_stress"

enum { longest = 3000 };

static int server, stream[2], packets[2], datagrams[2], passing[2];

/* All bytes of a message are its length's last byte. */
static size_t fill(unsigned char *bytes)
{
    size_t n = 1 + (size_t)rand() % longest;

    memset(bytes, (int)n, n);
    return n;
}

static bool is_whole(const unsigned char *bytes, ssize_t n)
{
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] != (unsigned char)n)
            return false;
    }
    return n > 0;
}

/* Packets to and from pairs that all have: each is whole. */
static int packet_sender(void)
{
    unsigned char bytes[longest];

    for (;;) {
        size_t n = fill(bytes);

        if (send(rand() % 2 ? packets[0] : datagrams[0], bytes, n, 0) != (ssize_t)n)
            return 1;
    }
}

static int packet_receiver(void)
{
    unsigned char bytes[longest];

    for (;;) {
        ssize_t n = recv(rand() % 2 ? packets[1] : datagrams[1], bytes, sizeof bytes, MSG_DONTWAIT);

        if (n < 0 && errno == EAGAIN)
            n = recv(packets[1], bytes, sizeof bytes, 0);
        if (!is_whole(bytes, n))
            return 2;
    }
}

/* A stream is only bytes: they flow. */
static int stream_writer(void)
{
    unsigned char bytes[longest] = {0};

    for (;;) {
        if (write(stream[0], bytes, 1 + (size_t)rand() % longest) <= 0)
            return 3;
    }
}

static int stream_reader(void)
{
    unsigned char bytes[longest];

    for (;;) {
        if (read(stream[1], bytes, 1 + (size_t)rand() % longest) <= 0)
            return 4;
    }
}

/* Asks, and gets the same bytes back; or one of the two ends was killed. */
static int client(void)
{
    unsigned char bytes[longest], back[longest];

    for (;;) {
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        size_t n = fill(bytes);

        if (unix_connect(fd, NAME) != 0)
            return 5;
        if (send(fd, bytes, n, MSG_NOSIGNAL) == (ssize_t)n) {
            ssize_t got = recv(fd, back, n, MSG_WAITALL);

            if (got == (ssize_t)n && memcmp(bytes, back, n) != 0)
                return 6;
        }
        close(fd);
    }
}

static int serve(void)
{
    unsigned char bytes[longest];

    for (;;) {
        int fd = accept(server, NULL, NULL);
        ssize_t n;

        if (fd < 0)
            return 7;
        while ((n = recv(fd, bytes, sizeof bytes, 0)) > 0)
            send(fd, bytes, (size_t)n, MSG_NOSIGNAL);
        close(fd);
    }
}

/* Sends sockets, among them that into which it sends, and forgets them. */
static int passer(void)
{
    for (;;) {
        int pair[2];

        if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
            return 8;
        unix_send_fds(pair[0], "x", 1, pair, 2);
        if (unix_send_fds(passing[0], "x", 1, (int[]){pair[0], passing[1], pair[1]}, 3) != 1)
            return 9;
        unix_close(pair);
    }
}

static int taker(void)
{
    for (;;) {
        int fds[3];
        unsigned count = 1 + (unsigned)rand() % 3;
        char byte;

        if (unix_receive_fds(passing[1], &byte, 1, fds, &count, NULL) != 1 || count == 0)
            return 10;
        for (unsigned i = 0; i < count; i++)
            close(fds[i]);
    }
}

/* Stands in the queues of all that there is, for data and for room. */
static int poller(void)
{
    struct pollfd set[] = {{server, POLLIN, 0},       {stream[0], POLLOUT, 0},  {stream[1], POLLIN, 0},
                           {packets[0], POLLOUT, 0},  {packets[1], POLLIN, 0},  {datagrams[0], POLLOUT, 0},
                           {datagrams[1], POLLIN, 0}, {passing[0], POLLOUT, 0}, {passing[1], POLLIN, 0}};
    enum { count = sizeof set / sizeof set[0] };

    for (;;) {
        int first = rand() % count, n = 1 + rand() % (count - first);

        if (poll(set + first, (nfds_t)n, rand() % 3) < 0)
            return 11;
    }
}

/* Servers and receivers that come and go, with clients that nobody accepts. */
static int short_lived(void)
{
    for (;;) {
        int listener = socket(AF_UNIX, SOCK_STREAM, 0), other = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
        int receiver = socket(AF_UNIX, SOCK_DGRAM, 0), sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        struct sockaddr_un name = {.sun_family = AF_UNIX};
        socklen_t length = sizeof name;

        if (bind(listener, (struct sockaddr *)&name, sizeof name.sun_family) != 0 || listen(listener, 1) != 0 ||
            getsockname(listener, (struct sockaddr *)&name, &length) != 0 ||
            connect(other, (struct sockaddr *)&name, length) != 0)
            return 12;
        unix_send_fds(other, "x", 1, (int[]){listener, other, receiver}, 3);
        length = sizeof name;
        if (bind(receiver, (struct sockaddr *)&name, sizeof name.sun_family) != 0 ||
            getsockname(receiver, (struct sockaddr *)&name, &length) != 0 ||
            connect(sender, (struct sockaddr *)&name, length) != 0 || send(sender, "x", 1, 0) != 1)
            return 13;
        shutdown(other, rand() % 3);
        close(rand() % 2 ? listener : receiver);
        close(sender);
        close(other);
        close(receiver);
        close(listener);
    }
}

/* Connects a socket that others send by to one receiver after another. */
static int changer(void)
{
    static const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    int own = socket(AF_UNIX, SOCK_DGRAM, 0);

    for (;;) {
        int receiver = socket(AF_UNIX, SOCK_DGRAM, 0);
        struct sockaddr_un name = {.sun_family = AF_UNIX};
        socklen_t length = sizeof name;

        bind(receiver, (struct sockaddr *)&name, sizeof name.sun_family);
        getsockname(receiver, (struct sockaddr *)&name, &length);
        if (connect(own, (struct sockaddr *)&name, length) != 0)
            return 14;
        struct pollfd set = {own, POLLOUT, 0};
        while (send(own, "x", 1, MSG_DONTWAIT) == 1 && rand() % 100 != 0)
            continue;
        poll(&set, 1, rand() % 2);
        if (rand() % 2)
            connect(own, &nobody, sizeof nobody);
        close(receiver);
    }
}

static int works(void *number)
{
    static int (*const kinds[])(void) = {packet_sender, packet_receiver, stream_writer, stream_reader, client, serve,
                                         passer,        taker,           poller,        short_lived,   changer};
    unsigned n = *(unsigned *)number;

    srand(n);
    return kinds[n % (sizeof kinds / sizeof kinds[0])]();
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : (unsigned)time(NULL);
    unsigned kills = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 0) : 60;
    const struct stress stress = {works, .workers = 22, .kills = kills, .longest = 300000};
    int few = 2048;

    tap_begin();
    tap_note("seed %u", seed);
    srand(seed);
    server = unix_listener(SOCK_STREAM, NAME, 4);
    unix_pair(SOCK_STREAM, stream);
    unix_pair(SOCK_SEQPACKET, packets);
    unix_pair(SOCK_DGRAM, datagrams);
    unix_pair(SOCK_DGRAM, passing);
    setsockopt(passing[1], SOL_SOCKET, SO_RCVBUF, &few, sizeof few);
    tap_is(stress_run(&stress), 0, "whoever is killed (%u times), the others go on, and what comes is whole", kills);
    return tap_end();
}
