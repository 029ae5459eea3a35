/*
 * system.c - a shell command, waited for.
 *
 * Meanwhile the caller ignores SIGINT and SIGQUIT, which are meant for the command, and blocks SIGCHLD, so that no
 * handler of its own takes the status away.
 */
#include "libc.h"
#include <abi/wait.h>
#include <paths.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

struct dispositions {
    struct sigaction interrupt, quit;
    sigset_t mask;
};

struct running {
    pid_t pid;
    const struct dispositions *before;
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

/* The shell has the signals as they were. */
static int start(pid_t *pid, const char *command, const struct dispositions *before)
{
    char *argv[] = {"sh", "-c", (char *)command, NULL};
    posix_spawnattr_t attributes;
    sigset_t defaults;

    sigemptyset(&defaults);
    if (before->interrupt.sa_handler != SIG_IGN)
        sigaddset(&defaults, SIGINT);
    if (before->quit.sa_handler != SIG_IGN)
        sigaddset(&defaults, SIGQUIT);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setsigmask(&attributes, &before->mask);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    return posix_spawn(pid, _PATH_BSHELL, NULL, &attributes, argv, environ);
}

/* The thread is cancelled while it waits: nobody wants the command any more, nor its status. */
static void give_up(void *context)
{
    const struct running *running = context;

    kill(running->pid, SIGKILL);
    while (__wait4(running->pid, NULL, 0, NULL) == -1 && errno == EINTR)
        continue;
    put_back(running->before);
}

static int wait_for(pid_t pid, const struct dispositions *before)
{
    struct running running = {pid, before};
    int status = -1;

    pthread_cleanup_push(give_up, &running);
    while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
        continue;
    pthread_cleanup_pop(0);
    return status;
}

/* POSIX system: the command's status; 127 where the shell cannot be run; -1 where there is no process. */
int system(const char *command)
{
    struct dispositions before;
    int status, saved, error;
    pid_t pid;

    if (command == NULL)
        return access(_PATH_BSHELL, X_OK) == 0;
    put_off(&before);
    error = start(&pid, command, &before);
    if (error == 0) {
        status = wait_for(pid, &before);
    } else {
        status = error == EAGAIN || error == ENOMEM ? -1 : W_EXITCODE(127, 0);
        errno = error;
    }
    saved = errno;
    put_back(&before);
    errno = saved;
    return status;
}
