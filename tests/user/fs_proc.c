/*
 * fs_proc.c - /proc: its tree, that it cannot be changed, and that what it says of processes and the machine is so.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tap.h"

static char text[32768];

/* The text of a file of a process (0: of the machine); "" where it cannot be read. */
static const char *read_of(pid_t pid, const char *name)
{
    char path[64];
    size_t used = 0;
    ssize_t n;
    int fd;

    if (pid != 0)
        snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    else
        snprintf(path, sizeof path, "/proc/%s", name);
    fd = open(path, O_RDONLY);
    while (fd >= 0 && used < sizeof text - 1 && (n = read(fd, text + used, sizeof text - 1 - used)) > 0)
        used += (size_t)n;
    if (fd >= 0)
        close(fd);
    text[used] = '\0';
    return text;
}

/* Field `number` of PID/stat, from 3 on. */
static long long field(pid_t pid, int number)
{
    char *at = strrchr(read_of(pid, "stat"), ')');

    for (; at && number > 2; number--)
        at = strchr(at + 1, ' ');
    return at ? strtoll(at, NULL, 10) : -1;
}

static char state(pid_t pid)
{
    char *at = strrchr(read_of(pid, "stat"), ')');

    return at ? at[2] : '?';
}

static void test_machine(void)
{
    static const char *const names[] = {"cmdline", "cpuinfo", "filesystems", "interrupts", "kmsg",   "loadavg",
                                        "meminfo", "mounts",  "objects",     "stat",       "uptime", "version"};
    long total = 0, unused = 0;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        tap_ok(*read_of(0, names[i]) != '\0', "/proc/%s has text", names[i]);
    tap_ok(sscanf(read_of(0, "meminfo"), "MemTotal: %ld kB MemFree: %ld kB", &total, &unused) == 2, "meminfo's lines");
    tap_ok(total > unused && unused > 0, "some memory is used, some is free (%ld of %ld kB)", unused, total);
    tap_ok(strstr(read_of(0, "objects"), "\nfile ") || strncmp(text, "file ", 5) == 0, "objects counts open files");
    tap_ok(strstr(read_of(0, "mounts"), " / ramfs "), "mounts names the root");
}

static long long hundredths(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return t.tv_sec * 100LL + t.tv_nsec / 10000000;
}

static long long idle_of_first_cpu(void)
{
    const char *line = strstr(read_of(0, "stat"), "cpu0 ");
    long long idle = -1;

    if (line != NULL)
        sscanf(line, "cpu0 %*d %*d %*d %lld", &idle);
    return idle;
}

/* A CPU is not idle while this process computes there. */
static int compares_idle(void *unused)
{
    long long began, idle, own, elapsed;

    (void)unused;
    tap_bind(1);
    began = hundredths(CLOCK_MONOTONIC);
    idle = idle_of_first_cpu();
    own = hundredths(CLOCK_PROCESS_CPUTIME_ID);
    while (hundredths(CLOCK_PROCESS_CPUTIME_ID) < own + 20)
        ;
    idle = idle_of_first_cpu() - idle;
    elapsed = hundredths(CLOCK_MONOTONIC) - began;
    return idle + 20 <= elapsed + 2 ? 0 : 1;
}

static void test_tree(void)
{
    struct stat status;
    char path[64], link[64];
    ssize_t n = readlink("/proc/self", link, sizeof link - 1);
    int pids = 0, self = 0, rows = 0;
    struct dirent *entry;
    DIR *dir = opendir("/proc");

    link[n < 0 ? 0 : n] = '\0';
    tap_is(atoi(link), getpid(), "self is the reader's pid");
    while ((entry = readdir(dir))) {
        int pid = atoi(entry->d_name);

        pids += pid > 0;
        self += pid == getpid();
        rows += strcmp(entry->d_name, "meminfo") == 0;
    }
    closedir(dir);
    tap_ok(pids >= 3 && self == 1 && rows == 1, "the directory has the processes, once each, and the files");
    snprintf(path, sizeof path, "/proc/%d", (int)getpid());
    tap_works(stat(path, &status), "a process is a directory");
    tap_ok(S_ISDIR(status.st_mode), "indeed");
    tap_fails(stat("/proc/8191", &status), ENOENT, "one that is not there: ENOENT");
    tap_fails(stat("/proc/01", &status), ENOENT, "a number is written in one way only");
    tap_fails(open("/proc/new", O_CREAT | O_WRONLY, 0644), EROFS, "POSIX open: EROFS, nothing can be made");
    tap_fails(mkdir("/proc/self/maps", 0755), EEXIST, "POSIX mkdir: EEXIST, below a process");
    tap_fails(mkdir("/proc/self/fd/1", 0755), EEXIST, "POSIX mkdir: EEXIST, a descriptor");
    int fd = open("/proc/self/maps", O_CREAT | O_RDONLY, 0644);
    tap_works(fd, "O_CREAT where there is a file");
    close(fd);
    tap_fails(open("/proc/uptime", O_WRONLY), EROFS, "POSIX open: EROFS, nothing can be written");
    tap_fails(rename("/proc/uptime", "/proc/other"), EROFS, "POSIX rename: EROFS");
    chdir("/proc/self/fd");
    tap_is_text(getcwd(text, sizeof text) ? strrchr(text, '/') : NULL, "/fd", "getcwd works in /proc");
    tap_works(stat("../../..", &status), "dots lead up");
    ino_t up = status.st_ino;
    stat("/", &status);
    tap_is(up, status.st_ino, "to the root");
    chdir("/");
}

static int sleeps(void *unused)
{
    (void)unused;
    pause();
    return 0;
}

static int executes(void *unused)
{
    (void)unused;
    execl("/bin/sleep", "a name", "100", (char *)NULL);
    return 99;
}

struct wanted {
    pid_t pid;
    char state;
};

static bool has_state(void *context)
{
    const struct wanted *wanted = context;

    return state(wanted->pid) == wanted->state;
}

static bool is_state(pid_t pid, char wanted)
{
    return tap_until(has_state, &(struct wanted){pid, wanted});
}

static bool is_sleep(void *pid)
{
    return strcmp(read_of(*(pid_t *)pid, "comm"), "sleep\n") == 0;
}

static void test_process(void)
{
    pid_t child = tap_start(sleeps, NULL);

    tap_is(field(child, 4), getpid(), "stat: the parent");
    tap_is(field(child, 5), getpgrp(), "the group");
    tap_is(field(child, 6), getsid(0), "the session");
    tap_is(field(child, 20), 1, "one thread");
    tap_ok(field(child, 23) > 4096 && field(child, 24) > 0, "memory");
    tap_ok(is_state(child, 'S'), "S: it sleeps");
    tap_ok(strlen(read_of(child, "wchan")) > 1, "wchan says on what (%s)", text);
    tap_is(state(getpid()), 'R', "R: it runs");
    kill(child, SIGSTOP);
    tap_ok(is_state(child, 'T'), "T: it is stopped");
    kill(child, SIGCONT);
    tap_ok(is_state(child, 'S'), "and continued");
    kill(child, SIGKILL);
    tap_ok(is_state(child, 'Z'), "Z: it has ended");
    tap_is_text(read_of(child, "cmdline"), "", "a zombie has no arguments");
    tap_is_text(read_of(child, "maps"), "", "nor memory");
    waitpid(child, NULL, 0);
    tap_is(state(child), '?', "then it is gone");
    child = tap_start(executes, NULL);
    tap_until(is_sleep, &child);
    tap_is_text(text, "sleep\n", "comm");
    read_of(child, "cmdline");
    tap_ok(memcmp(text,
                  "a name\0"
                  "100\0\0",
                  12) == 0,
           "cmdline has the arguments");
    tap_ok(strstr(read_of(child, "maps"), "r-xp 00000000") && strstr(text, "/bin/sleep"), "maps has the program");
    tap_ok(strstr(read_of(child, "status"), "Name:\tsleep\n"), "status has the name");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void test_descriptors(void)
{
    char path[64], link[PATH_MAX];
    int file = open("/tmp/proc-file", O_CREAT | O_RDWR, 0644), ends[2];
    ssize_t n;

    pipe(ends);
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    n = readlink(path, link, sizeof link - 1);
    link[n < 0 ? 0 : n] = '\0';
    tap_is_text(link, "/tmp/proc-file", "fd: a link to the file's name");
    rename("/tmp/proc-file", "/tmp/proc-other");
    n = readlink(path, link, sizeof link - 1);
    link[n < 0 ? 0 : n] = '\0';
    tap_is_text(link, "/tmp/proc-other", "that follows a rename");
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    n = readlink(path, link, sizeof link - 1);
    tap_ok(n > 7 && memcmp(link, "pipe:[", 6) == 0, "a pipe has its number");
    unlink("/tmp/proc-other");
    close(ends[0]);
    close(ends[1]);
    close(file);
    tap_fails(readlink(path, link, sizeof link), ENOENT, "closed: ENOENT");
    chdir("/tmp");
    n = readlink("/proc/self/cwd", link, sizeof link - 1);
    link[n < 0 ? 0 : n] = '\0';
    tap_is_text(link, "/tmp", "cwd");
    chdir("/");
}

static int looks_at_root(void *unused)
{
    (void)unused;
    if (setuid(1000) < 0)
        return 99;
    if (readlink("/proc/1/cwd", text, sizeof text) != -1 || errno != EACCES)
        return 1;
    if (open("/proc/1/maps", O_RDONLY) != -1 || errno != EACCES)
        return 2;
    if (opendir("/proc/1/fd") || errno != EACCES)
        return 3;
    return *read_of(1, "stat") == '\0';
}

static void test_reading(void)
{
    char first[8], again[8];
    int fd = open("/proc/version", O_RDONLY);

    tap_is(read(fd, first, 3), 3, "a file can be read in pieces");
    tap_is(lseek(fd, 0, SEEK_SET), 0, "and again from the start");
    tap_is(read(fd, again, 3), 3, "to the same");
    tap_ok(memcmp(first, again, 3) == 0, "text");
    tap_is(pread(fd, again, 2, 1), 2, "pread");
    tap_ok(memcmp(first + 1, again, 2) == 0, "in the middle");
    tap_is(pread(fd, again, 2, 100000), 0, "nothing behind the end");
    close(fd);
}

/* Processes come and go while others look at all of /proc. */
static int looks_at_all(void *unused)
{
    (void)unused;
    for (int round = 0; round < 20; round++) {
        struct dirent *entry;
        DIR *dir = opendir("/proc");

        while ((entry = readdir(dir))) {
            int pid = atoi(entry->d_name);

            if (pid == 0)
                continue;
            read_of(pid, "stat");
            read_of(pid, "maps");
            read_of(pid, "cmdline");
            read_of(pid, "status");
        }
        closedir(dir);
    }
    return 0;
}

static int comes_and_goes(void *unused)
{
    (void)unused;
    for (int i = 0; i < 60; i++) {
        pid_t pid = vfork();

        if (pid == 0) {
            execl("/bin/true", "true", (char *)NULL);
            _exit(1);
        }
        waitpid(pid, NULL, 0);
    }
    return 0;
}

static void test_together(void)
{
    pid_t pids[4];
    int good = 0;

    for (int i = 0; i < 4; i++)
        pids[i] = tap_start(i % 2 ? looks_at_all : comes_and_goes, NULL);
    for (int i = 0; i < 4; i++)
        good += tap_wait(pids[i]) == 0;
    tap_is(good, 4, "processes come and go while others look at them");
}

int main(void)
{
    tap_begin();
    test_machine();
    tap_is(tap_child_result(compares_idle, NULL), 0, "a CPU that computes is not idle in /proc/stat");
    test_tree();
    test_process();
    test_descriptors();
    tap_is(tap_child_result(looks_at_root, NULL), 0, "what is root's own a user cannot see");
    test_reading();
    test_together();
    return tap_end();
}
