/*
 * socket-shell.c - a shell at the other end of a socket pair.
 *
 * The child's standard input, output and error are one socket, so the shell reads commands from it and writes their
 * output to it: one descriptor, both ways, where pipes would need two.  The parent sends commands and says that no more
 * will come (shutdown() of its writing half); the other half stays open for what the shell has to say.
 *
 * Usage: socket-shell [COMMAND...]
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void send_line(int fd, const char *line)
{
    printf("> %s\n", line);
    send(fd, line, strlen(line), MSG_NOSIGNAL);
    send(fd, "\n", 1, MSG_NOSIGNAL);
}

int main(int argc, char **argv)
{
    char bytes[512];
    ssize_t n;
    int pair[2];

    setvbuf(stdout, NULL, _IOLBF, 0);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        perror("socketpair");
        return 1;
    }
    if (fork() == 0) {
        for (int fd = 0; fd < 3; fd++)
            dup2(pair[1], fd); /* without FD_CLOEXEC */
        execl("/bin/sh", "sh", (char *)NULL);
        _exit(127);
    }
    close(pair[1]);
    for (int i = 1; i < argc; i++)
        send_line(pair[0], argv[i]);
    if (argc == 1) {
        send_line(pair[0], "echo my input and output is $(readlink /proc/$$/fd/0)");
        send_line(pair[0], "pwd; ls /none");
    }
    shutdown(pair[0], SHUT_WR);
    while ((n = read(pair[0], bytes, sizeof bytes)) > 0)
        fwrite(bytes, 1, (size_t)n, stdout);
    wait(NULL);
    return 0;
}
