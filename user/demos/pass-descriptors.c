/*
 * pass-descriptors.c - one process opens files, another one reads them.
 *
 *      opener (may open the file)  --- a packet with a descriptor --->  worker (an ordinary user, who may not)
 *
 * What travels is not a name and not the contents, but the open file itself: the worker reads from it although it could
 * never open it, and both have one position in it.  With each packet the worker learns who has sent it.
 *
 * Usage: pass-descriptors [FILE...]    /etc/shadow if none is said
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { worker_user = 1000 };

/* Room for both kinds of control messages, aligned as they must be. */
union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
};

static void send_file(int to, const char *path)
{
    struct iovec name = {(void *)path, strlen(path) + 1};
    union control control;
    struct msghdr message = {.msg_iov = &name, .msg_iovlen = 1, .msg_control = &control};
    int fd = open(path, O_RDONLY);

    if (fd < 0) {
        perror(path);
        return;
    }
    control.header = (struct cmsghdr){CMSG_LEN(sizeof fd), SOL_SOCKET, SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    message.msg_controllen = CMSG_SPACE(sizeof fd);
    if (sendmsg(to, &message, 0) < 0)
        perror("sendmsg");
    close(fd); /* the packet has it */
}

/* The next descriptor, with its name and who has sent it; -1: there is none. */
static int receive_file(int from, char *name, size_t size, struct ucred *who)
{
    struct iovec text = {name, size};
    union control control;
    struct msghdr message = {
        .msg_iov = &text, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    int fd = -1;

    if (recvmsg(from, &message, 0) <= 0)
        return -1;
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c)) {
        if (c->cmsg_type == SCM_RIGHTS)
            memcpy(&fd, CMSG_DATA(c), sizeof fd);
        if (c->cmsg_type == SCM_CREDENTIALS)
            memcpy(who, CMSG_DATA(c), sizeof *who);
    }
    return fd;
}

static int be_worker(int from)
{
    char name[200], bytes[40];
    struct ucred who;
    int fd;

    if (setuid(worker_user) != 0)
        perror("setuid");
    while ((fd = receive_file(from, name, sizeof name, &who)) >= 0) {
        printf("worker: process %d of user %d sends %s as descriptor %d\n", (int)who.pid, (int)who.uid, name, fd);
        printf("worker: I could %sopen it myself\n", access(name, R_OK) == 0 ? "" : "not ");
        ssize_t n = read(fd, bytes, sizeof bytes);
        printf("worker: it begins with \"%.*s\"\n", (int)strcspn(bytes, "\n") < n ? (int)strcspn(bytes, "\n") : (int)n,
               bytes);
        close(fd);
    }
    return 0;
}

int main(int argc, char **argv)
{
    int pair[2], on = 1;

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0) {
        perror("socketpair");
        return 1;
    }
    setsockopt(pair[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on);
    if (fork() == 0) {
        close(pair[0]);
        return be_worker(pair[1]);
    }
    close(pair[1]);
    for (int i = 1; i < argc; i++)
        send_file(pair[0], argv[i]);
    if (argc == 1)
        send_file(pair[0], "/etc/shadow");
    close(pair[0]); /* the worker sees the end */
    wait(NULL);
    return 0;
}
