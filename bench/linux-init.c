/*
 * linux-init.c - process 1 of a Linux that does nothing but run one program of measurements: mounts what that needs,
 * runs it with init's own arguments, and turns the machine off.
 *
 * The kernel hands on what stands behind "--" on its command line: the program's path and its arguments.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void mount_at(const char *path, const char *type)
{
    mkdir(path, 0755);
    if (mount("none", path, type, 0, NULL) != 0)
        perror(path);
}

int main(int argc, char **argv)
{
    int status = 0;

    (void)argc;
    mount_at("/proc", "proc");
    mount_at("/dev", "devtmpfs");
    mount_at("/dev/mqueue", "mqueue");
    mount_at("/dev/shm", "tmpfs");
    mkdir("/tmp", 0777);
    if (fork() == 0) {
        execv(argv[1], argv + 1);
        perror(argv[1]);
        _exit(127);
    }
    wait(&status);
    printf("the program ended with status %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    fflush(stdout);
    reboot(RB_POWER_OFF);
    return 1;
}
