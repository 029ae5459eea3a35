/*
 * socket-server.c - one server, many clients at once.
 *
 *      the listening socket  ---accept()--->  a connected one for each client
 *             |                                        |
 *             +------------ one poll() ----------------+
 *
 * The server is one thread.  It sleeps in poll() over the listening socket and all connections, and does what is ready:
 * a new client gets a connection of its own, a line of a client comes back in capitals.  The clients are processes that
 * connect, say some lines, and leave; one of them is killed in the middle, which harms nobody.
 *
 * Usage: socket-server [CLIENTS]       up to 30; 5 if none are said
 */
#include <ctype.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { most = 30, lines = 3 };

static const struct sockaddr_un address = {AF_UNIX, "/tmp/socket-server"};

__attribute__((noreturn)) static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void be_client(int number)
{
    char line[80], answer[80];
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        fail("connect");
    for (int i = 0; i < lines; i++) {
        int length = snprintf(line, sizeof line, "line %d of client %d", i, number);

        write(fd, line, (size_t)length);
        if (number == 1 && i == 1)
            raise(SIGKILL);
        ssize_t n = recv(fd, answer, (size_t)length, MSG_WAITALL);
        if (n == length)
            printf("client %d: \"%.*s\"\n", number, (int)n, answer);
    }
    exit(0);
}

/* What a client says comes back in capitals; 0 or less: it has gone. */
static ssize_t answer(int fd)
{
    char bytes[80];
    ssize_t n = read(fd, bytes, sizeof bytes);

    for (ssize_t i = 0; i < n; i++)
        bytes[i] = (char)toupper((unsigned char)bytes[i]);
    return n > 0 ? send(fd, bytes, (size_t)n, MSG_NOSIGNAL) : n;
}

/* Until so many clients have come and gone. */
static void serve(int server, int clients)
{
    struct pollfd set[1 + most] = {{.fd = server, .events = POLLIN}};
    int count = 1, gone = 0;

    while (gone < clients) {
        if (poll(set, (nfds_t)count, -1) < 0)
            fail("poll");
        for (int i = count - 1; i > 0; i--) {
            if (set[i].revents == 0 || answer(set[i].fd) > 0)
                continue;
            printf("server: the client on descriptor %d has gone\n", set[i].fd);
            close(set[i].fd);
            set[i] = set[--count];
            gone++;
        }
        if (set[0].revents != 0) {
            set[count] = (struct pollfd){.fd = accept(server, NULL, NULL), .events = POLLIN};
            printf("server: a client on descriptor %d\n", set[count++].fd);
        }
    }
}

int main(int argc, char **argv)
{
    int clients = argc > 1 ? atoi(argv[1]) : 5, server = socket(AF_UNIX, SOCK_STREAM, 0);

    if (clients < 1 || clients > most) {
        fprintf(stderr, "usage: socket-server [CLIENTS]\n");
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    unlink(address.sun_path);
    if (bind(server, (struct sockaddr *)&address, sizeof address) != 0 || listen(server, clients) != 0)
        fail(address.sun_path);
    for (int i = 0; i < clients; i++) {
        if (fork() == 0)
            be_client(i);
    }
    serve(server, clients);
    while (wait(NULL) > 0)
        continue;
    unlink(address.sun_path);
    return 0;
}
