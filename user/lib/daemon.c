/*
 * daemon.c - a process without a terminal.
 */
#include <fcntl.h>
#include <unistd.h>

int daemon(int keep_directory, int keep_streams)
{
    pid_t pid = fork();

    if (pid == -1)
        return -1;
    if (pid > 0)
        _exit(0);
    if (setsid() == -1 || (!keep_directory && chdir("/") == -1))
        return -1;
    if (!keep_streams) {
        int fd = open("/dev/null", O_RDWR);

        if (fd == -1)
            return -1;
        for (int standard = 0; standard < 3; standard++)
            dup2(fd, standard);
        if (fd > 2)
            close(fd);
    }
    return 0;
}
