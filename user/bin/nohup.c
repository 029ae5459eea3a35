/*
 * nohup.c - runs a command that a hang-up does not end; what it would print on a terminal goes to nohup.out, here or
 * in the home directory.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>

#include "lib/util.h"

static void open_output(void)
{
    const char *home = getenv("HOME");
    char *path = "nohup.out";
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0 && home) {
        path = util_join(home, path);
        fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    }
    if (fd < 0)
        util_err("failed to open '%s'", path);
    util_warnx("appending output to '%s'", path);
    dup2(fd, STDOUT_FILENO);
    close(fd);
}

int main(int argc, char **argv)
{
    util_start("nohup", "COMMAND [ARGUMENT]...", 127);
    if (getopt(argc, argv, "+") != -1 || optind == argc)
        util_usage();
    if (isatty(STDOUT_FILENO))
        open_output();
    if (isatty(STDERR_FILENO))
        dup2(STDOUT_FILENO, STDERR_FILENO);
    signal(SIGHUP, SIG_IGN);
    util_exec(argv + optind);
}
