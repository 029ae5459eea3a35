/*
 * run-list.c - runs tests one after the other, in one boot (tests/run starts it; this one is no test itself).
 *
 *      run-list SECONDS FILE...
 *
 * What a test prints stands between two lines that the judge on the host looks for:
 *
 *      @@ begin FILE
 *      @@ end FILE STATUS          the exit status, or -N when signal N killed it
 *
 * with "@@ time FILE" between them when the test had to be killed, and "@@ left FILE WHAT" when it left something
 * behind. Each test is a job of its own in the foreground of the terminal, as if a shell had started it, so that it can
 * be killed with all its children; a file whose name ends in .sh is given to the shell.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "leak.h"

static struct leak_snapshot before;
static struct termios terminal;
static volatile sig_atomic_t time_is_up;

static void on_alarm(int number)
{
    (void)number;
    time_is_up = 1;
}

static void on_child(int number)
{
    (void)number;
}

/* Tests find the terminal as their standard input, whatever ours is. */
static void terminal_open(void)
{
    int fd = open("/dev/tty", O_RDWR);
    if (fd > 0) {
        dup2(fd, 0);
        close(fd);
    }
}

static void run_test(const char *file, const sigset_t *mask)
{
    const char *dot = strrchr(file, '.');
    setpgid(0, 0);
    tcsetpgrp(0, getpid());
    signal(SIGTTOU, SIG_DFL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    if (dot && strcmp(dot, ".sh") == 0)
        execl("/bin/sh", "sh", file, (char *)NULL);
    else
        execl(file, file, (char *)NULL);
    perror(file);
    _exit(127);
}

/* Where everything stands, before the test is killed. */
static void show_processes(void)
{
    pid_t ps = fork();
    if (ps == 0) {
        execl("/bin/ps", "ps", "-el", (char *)NULL);
        _exit(127);
    }
    while (waitpid(ps, NULL, 0) < 0 && errno == EINTR)
        continue;
}

/* Waits for a test; past its time kills it with its children. Answers its wait status. */
static int await_test(const char *file, pid_t pid, const sigset_t *mask)
{
    int status = 0;
    while (waitpid(pid, &status, WNOHANG) == 0) {
        if (time_is_up) {
            time_is_up = 0;
            printf("\n@@ time %s\n", file);
            fflush(stdout);
            show_processes();
            kill(-pid, SIGKILL);
        }
        sigsuspend(mask);
    }
    kill(-pid, SIGKILL);
    return status;
}

static void judge(const char *file, int seconds, const sigset_t *mask)
{
    const struct itimerval limit = {.it_value = {.tv_sec = seconds}};
    const struct itimerval none = {0};
    printf("\n@@ begin %s\n", file);
    fflush(stdout);
    leak_take(&before);
    time_is_up = 0;
    pid_t pid = fork();
    if (pid == 0)
        run_test(file, mask);
    setpgid(pid, pid);
    setitimer(ITIMER_REAL, &limit, NULL);
    int status = await_test(file, pid, mask);
    setitimer(ITIMER_REAL, &none, NULL);
    tcsetpgrp(0, getpgrp());
    tcsetattr(0, TCSADRAIN, &terminal);
    const char *left = leak_since(&before);
    if (left)
        printf("\n@@ left %s%s\n", file, left);
    printf("\n@@ end %s %d\n", file, WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    sigset_t blocked, mask;
    if (argc < 3) {
        fprintf(stderr, "usage: run-list SECONDS FILE...\n");
        return 2;
    }
    signal(SIGTTOU, SIG_IGN);
    signal(SIGALRM, on_alarm);
    signal(SIGCHLD, on_child);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGALRM);
    sigaddset(&blocked, SIGCHLD);
    sigprocmask(SIG_BLOCK, &blocked, &mask);
    terminal_open();
    tcgetattr(0, &terminal);
    leak_take(&before);
    leak_since(&before);
    for (int i = 2; i < argc; i++)
        judge(argv[i], atoi(argv[1]), &mask);
    return 0;
}
