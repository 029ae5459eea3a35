/*
 * datagram-logger.c - a logger to whom everybody writes.
 *
 * The logger has one socket with a name, and no connections: each line is a datagram that says of itself who has sent
 * it.  Lines are never mixed, whoever writes at the same time.  Those who write know the name, and nothing of each
 * other; where the logger is slow they wait for room; where there is none, they are told (ECONNREFUSED).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { writers = 4, lines = 3 };

static const struct sockaddr_un address = {AF_UNIX, "/tmp/datagram-logger"};

static int write_lines(int number)
{
    char line[60];
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

    for (int i = 0; i < lines; i++) {
        int length = snprintf(line, sizeof line, "line %d of writer %d", i, number);

        if (sendto(fd, line, (size_t)length, 0, (struct sockaddr *)&address, sizeof address) < 0)
            printf("writer %d: %s\n", number, strerror(errno));
    }
    return 0;
}

/* One line, and the process that it comes from. */
static void log_line(int fd)
{
    char line[60];
    union {
        struct cmsghdr header;
        char room[CMSG_SPACE(sizeof(struct ucred))];
    } control;
    struct iovec vector = {line, sizeof line};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct ucred who;
    ssize_t n = recvmsg(fd, &message, 0);

    memcpy(&who, CMSG_DATA(&control.header), sizeof who);
    printf("from process %d: %.*s\n", (int)who.pid, (int)n, line);
}

int main(void)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0), on = 1;

    setvbuf(stdout, NULL, _IOLBF, 0);
    unlink(address.sun_path);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        perror(address.sun_path);
        return 1;
    }
    setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
    for (int i = 0; i < writers; i++) {
        if (fork() == 0)
            return write_lines(i);
    }
    for (int i = 0; i < writers * lines; i++)
        log_line(fd);
    while (wait(NULL) > 0)
        continue;
    close(fd);
    write_lines(writers);
    unlink(address.sun_path);
    return 0;
}
