/*
 * trace_decoded.c - what strace prints of arguments that few programs give: ancillary data with wrong lengths, abstract
 * names, many descriptors that are ready, strings as long as -s says.  This program traces itself, by its path.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <unistd.h>

#include "command.h"
#include "tap.h"
#include "unix_socket.h"

enum { many = 40 };

/* Two objects of ancillary data; the first one's length is wrong. */
static void send_wrongly(int fd, unsigned length)
{
    struct {
        struct cmsghdr header;
        int number;
    } control[2] = {{{length, SOL_SOCKET, SCM_RIGHTS}, 0}, {{sizeof *control, 99, 7}, 1}};
    struct msghdr message = {
        .msg_iov = &(struct iovec){"x", 1}, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};

    sendmsg(fd, &message, 0);
}

/* What is traced. */
static int make_calls(void)
{
    static const unsigned lengths[] = {0, 11, 33, 0x7fffffff, 0xfffffffd, 0xffffffff};
    int listener = unix_listener(SOCK_STREAM, "@trace", 1), fd = socket(AF_UNIX, SOCK_STREAM, 0), queue;
    struct {
        long type;
        char text[6];
    } letter = {1, "letter"};
    struct pollfd entries[many];

    unix_connect(fd, "@trace");
    accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        send_wrongly(fd, lengths[i]);
    send_wrongly(fd, 16);
    for (int i = 0; i < many; i++)
        entries[i] = (struct pollfd){.fd = fd, .events = POLLOUT};
    poll(entries, many, -1);
    queue = msgget(IPC_PRIVATE, 0600);
    msgsnd(queue, &letter, sizeof letter.text, 0);
    msgctl(queue, IPC_RMID, NULL);
    return 0;
}

int main(int argc, char **argv)
{
    char path[100] = "";

    (void)argv;
    if (argc > 1)
        return make_calls();
    tap_begin();
    readlink("/proc/self/exe", path, sizeof path - 1);
    output_of("strace -qq -s 4 %s four fives 2>&1 | grep -e ^execve -e ^bind -e ^accept -e ^msgsnd", path);
    has("a string as long as -s says, and one that is longer", ", \"four\", \"five\"...]");
    has("an abstract name", "sun_path=@\"trace\"}");
    has("accept4's flags", "NULL, NULL, SOCK_CLOEXEC|SOCK_NONBLOCK)");
    has("a System V message of which -s shows the beginning", "{mtype=1, mtext=\"lett\"...}, 6, 0)");
    output_of("strace -qq -e sendmsg %s wrong 2>&1", path);
    has("ancillary data without a length", "[{cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_len=0}]");
    has("with less than a header", "cmsg_len=11}]");
    has("with more than there is", "cmsg_type=SCM_RIGHTS, cmsg_data=[0, 16, 99, 7, 1, ...]}]");
    has("of another level", "[0]}, {cmsg_level=0x63, cmsg_type=7, cmsg_data=[1]}]");
    output_of("strace -qq -e poll %s ready 2>&1 | sed 's/.* = //'", path);
    has("more are ready than are shown", "revents=POLLOUT}, ...])");
    return tap_end();
}
