/*
 * fail-nth.c - makes the n-th allocation of a program fail, for one n after another (it is no test itself).
 *
 *      fail-nth SECONDS EVERY FILE...
 *
 * Wants a debug kernel, which counts the allocations of one session (/proc/sys/debug).  Each program runs in a session
 * of its own again and again, with n = 1, 2, 3 ... and, past EVERY, in steps of a thirty-second of n, until a run ends
 * before its n-th allocation.  What the program makes of the error does not matter here; a point holds when the kernel
 * lived and nothing was left behind.  What a program prints goes nowhere; it runs in a directory of its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leak.h"

/* What has a name and outlives its maker: a test that failed half-way may not have come to remove it. */
static const char take_away[] = "rm -rf * /tmp/* /dev/shm/* /dev/mqueue/*; ipcrm -a";

static struct leak_snapshot before;
static volatile sig_atomic_t time_is_up;
static unsigned long failed;

static void on_alarm(int number)
{
    (void)number;
    time_is_up = 1;
}

static void set(const char *path, unsigned value)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || dprintf(fd, "%u\n", value) < 0)
        perror(path);
    close(fd);
}

static unsigned allocations_to_go(void)
{
    char text[16] = "";
    int fd = open("/proc/sys/debug/fail_nth", O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, text, sizeof text - 1) < 0)
        perror("fail_nth");
    close(fd);
    return strtoul(text, NULL, 10);
}

static void run(const char *file, unsigned n)
{
    int nowhere = open("/dev/null", O_RDWR);
    setsid();
    for (int fd = 0; fd < 3; fd++)
        dup2(nowhere, fd);
    close(nowhere);
    set("/proc/sys/debug/fail_session", getpid());
    set("/proc/sys/debug/fail_nth", n);
    execl(file, file, (char *)NULL);
    _exit(127);
}

/* Kills the test and all that came after it: it may have made groups and sessions of its own. */
static void kill_from(pid_t test)
{
    for (pid_t pid = test; pid < 32768; pid++)
        kill(pid, SIGKILL);
}

static void command(const char *line)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", line, (char *)NULL);
        _exit(127);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
}

/* One run; false: it was over before its n-th allocation. */
static bool fail_one(const char *file, unsigned n, int seconds)
{
    const struct itimerval limit = {.it_value = {.tv_sec = seconds}}, none = {0};
    int status;
    bool ended;
    leak_take(&before);
    time_is_up = 0;
    pid_t pid = fork();
    if (pid == 0)
        run(file, n);
    setitimer(ITIMER_REAL, &limit, NULL);
    while (!(ended = waitpid(pid, &status, 0) == pid) && !time_is_up)
        continue;
    setitimer(ITIMER_REAL, &none, NULL);
    bool reached = allocations_to_go() == 0;
    set("/proc/sys/debug/fail_nth", 0);
    if (time_is_up)
        printf("# %s: not done after %d s with n = %u\n", file, seconds, n);
    kill_from(pid);
    if (!ended)
        waitpid(pid, &status, 0);
    command(take_away);
    const char *left = leak_since(&before);
    if (left) {
        printf("not ok - %s, n = %u: left behind:%s\n", file, n, left);
        fflush(stdout);
        command("ls -lR . /dev/shm /dev/mqueue; ps -e; tail -n 20 /proc/objects");
        failed++;
    }
    fflush(stdout);
    return reached;
}

int main(int argc, char **argv)
{
    struct sigaction action = {.sa_handler = on_alarm};
    unsigned long total = 0;
    if (argc < 4) {
        fprintf(stderr, "usage: fail-nth SECONDS EVERY FILE...\n");
        return 2;
    }
    sigaction(SIGALRM, &action, NULL);
    if (mkdir("/fail-nth", 0777) != 0 || chdir("/fail-nth") != 0)
        perror("/fail-nth");
    command(take_away);
    printf("# %d programs\n", argc - 3); /* what printing needs is there before the first count */
    fflush(stdout);
    leak_take(&before);
    leak_since(&before);
    for (int i = 3; i < argc; i++) {
        unsigned every = atoi(argv[2]), n = 1, count = 0;
        while (fail_one(argv[i], n, atoi(argv[1]))) {
            count++;
            n += n < every ? 1 : 1 + n / 32;
        }
        printf("ok - %s: %u allocations failed, of %u or more\n", argv[i], count, n - 1);
        fflush(stdout);
        total += count;
    }
    printf("# %lu allocations failed, %lu left something behind\n", total, failed);
    return failed > 0;
}
