/*
 * fs_lock_killed.c - who has a lock on a file and all who wait for it are killed at once, again and again.
 */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

#define PATH "/tmp/lock"

enum { waiters = 3, rounds = 25 };

static int file;

static int set(int command, int type)
{
    struct flock all = {.l_type = (short)type, .l_whence = SEEK_SET};

    return fcntl(file, command, &all);
}

/* Has the file; children wait for it, all in one group. */
static int holds(void *unused)
{
    (void)unused;
    setpgid(0, 0);
    set(F_SETLK, F_WRLCK);
    for (int i = 0; i < waiters; i++)
        if (fork() == 0)
            return set(F_SETLKW, F_WRLCK);
    return pause();
}

static bool so_many_wait(void *count)
{
    char text[2048];
    int found = 0, fd = open("/proc/locks", O_RDONLY);
    ssize_t n = read(fd, text, sizeof text - 1);

    close(fd);
    text[n > 0 ? n : 0] = '\0';
    for (const char *at = text; (at = strstr(at, "-> ")) != NULL; at++)
        found++;
    return found == *(int *)count;
}

static void test_group(void)
{
    int all = waiters, none = 0;

    for (int i = 0; i < rounds; i++) {
        pid_t pid = tap_start(holds, NULL);

        tap_until(so_many_wait, &all);
        kill(-pid, SIGKILL);
        tap_wait(pid);
        tap_until(so_many_wait, &none);
    }
    tap_is(set(F_SETLKW, F_WRLCK), 0, "the file is free in the end");
}

int main(void)
{
    tap_begin();
    file = open(PATH, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    test_group();
    unlink(PATH);
    return tap_end();
}
