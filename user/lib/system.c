/*
 * system.c - a shell command, waited for.
 *
 * Meanwhile the caller ignores SIGINT and SIGQUIT, which are meant for the command, and blocks SIGCHLD, so that no
 * handler of its own takes the status away.
 */
#include "libc.h"
#include <paths.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

struct dispositions {
    struct sigaction interrupt, quit;
    sigset_t mask;
};

static void put_off(struct dispositions *before)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t child;

    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigaction(SIGINT, &ignore, &before->interrupt);
    sigaction(SIGQUIT, &ignore, &before->quit);
    sigprocmask(SIG_BLOCK, &child, &before->mask);
}

static void put_back(const struct dispositions *before)
{
    sigaction(SIGINT, &before->interrupt, NULL);
    sigaction(SIGQUIT, &before->quit, NULL);
    sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

/* POSIX system: the command's status; 127 where there is no shell; -1 where there is no process. */
int system(const char *command)
{
    struct dispositions before;
    int status = -1, saved;
    pid_t pid;

    if (command == NULL)
        return access(_PATH_BSHELL, X_OK) == 0;
    put_off(&before);
    pid = vfork();
    if (pid == 0) {
        put_back(&before);
        execl(_PATH_BSHELL, "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    while (pid > 0 && waitpid(pid, &status, 0) == -1) {
        if (errno != EINTR) {
            status = -1;
            break;
        }
    }
    saved = errno;
    put_back(&before);
    errno = saved;
    return status;
}
