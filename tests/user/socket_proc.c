/*
 * socket_proc.c - what /proc tells of sockets: /proc/net/unix, /proc/PID/fd, and fstat.
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "tap.h"
#include "unix_socket.h"

#define PATH "/tmp/socket_proc"

static unsigned long inode_of(int fd)
{
    struct stat status;

    return fstat(fd, &status) == 0 ? (unsigned long)status.st_ino : 0;
}

/* The row of the socket with that inode, without its name; "" if it has none. */
static const char *row_of(unsigned long inode, char *name)
{
    static char line[300];
    char *end;
    unsigned long number;
    FILE *file = fopen("/proc/net/unix", "r");

    while (fgets(line, sizeof line, file) != NULL) {
        end = strchr(line, ' ');
        if (end != NULL && sscanf(end, " %lu", &number) == 1 && number == inode)
            break;
        *line = '\0';
    }
    fclose(file);
    end = strchr(line, ' ');
    if (end == NULL)
        return "";
    *end = '\0';
    strcpy(name, line);
    return end + 1;
}

/* Points: the row of `fd` is as written, behind its inode. */
static void is_row(int fd, const char *name, const char *expected, const char *what)
{
    char shown[300] = "", had[300];
    const char *row = row_of(inode_of(fd), shown), *rest = strchr(row, ' ');

    snprintf(had, sizeof had, "%s", rest != NULL ? rest + 1 : "");
    had[strcspn(had, "\n")] = '\0';
    tap_is_text(had, expected, "%s", what);
    tap_is_text(shown, name, "%s: its name", what);
}

static const char *text(const char *format, unsigned long a, unsigned long b)
{
    static char buffer[200];

    snprintf(buffer, sizeof buffer, format, a, b);
    return buffer;
}

int main(void)
{
    int pair[2], server, client, datagram = -1;
    char link[64], target[64] = "";

    tap_begin();
    unix_pair(SOCK_STREAM, pair);
    write(pair[0], "hello", 5);
    is_row(pair[0], "-",
           text("stream connected %lu 0 131072 0 0 %lu - - -", inode_of(pair[1]), (unsigned long)getpid()),
           "one of a pair");
    is_row(pair[1], "-",
           text("stream connected %lu 5 131072 0 0 %lu - - -", inode_of(pair[0]), (unsigned long)getpid()),
           "the other one, with bytes in its queue");
    unix_send_fds(pair[0], "x", 1, &pair[0], 1);
    is_row(pair[0], "-",
           text("stream connected %lu 0 131072 0 1 %lu - - -", inode_of(pair[1]), (unsigned long)getpid()),
           "with a descriptor in flight");
    snprintf(link, sizeof link, "/proc/self/fd/%d", pair[0]);
    readlink(link, target, sizeof target - 1);
    tap_is_text(target, text("socket:[%lu]", inode_of(pair[0]), 0), "/proc/self/fd names it");
    unix_close(pair);
    server = unix_listener(SOCK_SEQPACKET, PATH, 4);
    client = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    unix_connect(client, PATH);
    is_row(server, PATH, text("seqpacket listening 0 1 5 0 0 %lu - - -", (unsigned long)getpid(), 0),
           "a listening one, with a connection to be accepted");
    output_of("ipcgraph");
    has("ipcgraph shows a socket that listens, although one process has it", "%s (seqpacket listening)", PATH);
    close(client);
    client = accept(server, NULL, NULL);
    is_row(client, PATH, text("seqpacket connected 0 0 131072 0 0 %lu - - -", (unsigned long)getpid(), 0),
           "an accepted one, whose peer is closed");
    unlink(PATH);
    close(client);
    close(server);
    datagram = socket(AF_UNIX, SOCK_DGRAM, 0);
    unix_bind(datagram, "@proc name");
    is_row(datagram, "@proc?name", text("dgram idle 0 0 131072 0 0 %lu - - -", (unsigned long)getpid(), 0),
           "an abstract name");
    close(datagram);
    return tap_end();
}
