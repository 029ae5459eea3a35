/*
 * libc_command.c - shell commands from C: system, popen, pclose.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

#define FILE_NAME "/tmp/libc_command"

static const char *content(const char *path)
{
    static char text[64];
    int fd = open(path, O_RDONLY);
    ssize_t n = read(fd, text, sizeof text - 1);

    close(fd);
    text[n > 0 ? n : 0] = '\0';
    return text;
}

static void test_system(void)
{
    struct sigaction action;
    char text[32] = "";
    FILE *stream;

    tap_ok(system(NULL), "system: there is a shell");
    tap_is(system("exit 7"), 7 << 8, "system answers the status");
    tap_is(system("kill -9 $$"), SIGKILL, "or the signal");
    signal(SIGINT, SIG_DFL);
    tap_is(system("kill -INT $$"), SIGINT, "POSIX system: the command has SIGINT as it was");
    sigaction(SIGINT, NULL, &action);
    tap_ok(action.sa_handler == SIG_DFL, "and the caller too, afterwards");
    stream = popen("echo one two", "r");
    tap_ok(stream != NULL && fgets(text, sizeof text, stream) != NULL, "popen to read");
    tap_is_text(text, "one two\n", "gives what the command writes");
    tap_is(pclose(stream), 0, "pclose answers the status");
    stream = popen("cat >" FILE_NAME "; exit 3", "w");
    fputs("down the pipe", stream);
    tap_is(pclose(stream), 3 << 8, "popen to write");
    tap_is_text(content(FILE_NAME), "down the pipe", "brings it there");
    tap_ok(popen("x", "rw") == NULL && errno == EINVAL, "POSIX popen: EINVAL");
}

int main(void)
{
    tap_begin();
    test_system();
    unlink(FILE_NAME);
    return tap_end();
}
