/*
 * fs_open.c - open(): every flag, what it makes, and every error.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask.h"
#include "tap.h"

static struct stat status;

static int mode_of(const char *path)
{
    return lstat(path, &status) < 0 ? -1 : (int)(status.st_mode & 07777);
}

static void set_up(void)
{
    if (mkdir("/tmp/open", 0755) < 0 || chdir("/tmp/open") < 0)
        tap_give_up("/tmp/open cannot be made");
    mkdir("dir", 0755);
    symlink("file", "to-file");
    symlink("made", "to-made");
    symlink("dir", "to-dir");
}

static void tear_down(void)
{
    unlink("file");
    unlink("made");
    unlink("to-file");
    unlink("to-made");
    unlink("to-dir");
    rmdir("dir");
    chdir("/");
    rmdir("/tmp/open");
}

static void test_create(void)
{
    mode_t mask = umask(027);
    int fd = open("file", O_CREAT | O_WRONLY, 0777);

    tap_works(fd, "O_CREAT makes a file");
    tap_is(mode_of("file"), 0750, "with the mode less the umask");
    close(fd);
    tap_works(fd = open("file", O_CREAT | O_RDWR, 0600), "O_CREAT opens what is there");
    tap_is(mode_of("file"), 0750, "and leaves its mode");
    close(fd);
    tap_fails(open("file", O_CREAT | O_EXCL | O_RDWR, 0600), EEXIST, "POSIX open: EEXIST");
    tap_fails(open("to-made", O_CREAT | O_EXCL | O_RDWR, 0600), EEXIST, "POSIX open: EEXIST, a link to nothing");
    tap_fails(open("dir", O_CREAT | O_EXCL | O_RDWR, 0600), EEXIST, "POSIX open: EEXIST, a directory");
    tap_works(fd = open("to-made", O_CREAT | O_WRONLY, 0644), "O_CREAT through a link to nothing");
    tap_is(mode_of("made"), 0640, "makes what it names");
    close(fd);
    tap_works(fd = open("mode0", O_CREAT | O_RDWR, 0), "a new file may be opened whatever its mode");
    tap_is(write(fd, "x", 1), 1, "and written");
    close(fd);
    unlink("mode0");
    tap_fails(open("none", O_RDONLY), ENOENT, "POSIX open: ENOENT");
    tap_fails(open("none/file", O_CREAT | O_RDWR, 0600), ENOENT, "POSIX open: ENOENT on the way");
    tap_fails(open("file/file", O_CREAT | O_RDWR, 0600), ENOTDIR, "POSIX open: ENOTDIR on the way");
    tap_fails(open("new/", O_CREAT | O_RDWR, 0600), EISDIR, "Linux open: EISDIR, a slash behind a new name");
    tap_fails(open("new/", O_RDWR), ENOENT, "POSIX open: ENOENT, without O_CREAT");
    tap_fails(open("file/", O_CREAT | O_RDWR, 0600), ENOTDIR, "POSIX open: ENOTDIR, a slash behind a file, O_CREAT");
    tap_fails(open("file/", O_RDONLY), ENOTDIR, "POSIX open: ENOTDIR, a slash behind a file");
    umask(mask);
}

static void test_directories(void)
{
    char byte;
    int fd;

    tap_works(fd = open("dir", O_RDONLY), "a directory opens for reading");
    tap_fails(read(fd, &byte, 1), EISDIR, "POSIX read: EISDIR");
    tap_fails(write(fd, "x", 1), EBADF, "POSIX write: EBADF");
    close(fd);
    tap_fails(open("dir", O_WRONLY), EISDIR, "POSIX open: EISDIR");
    tap_fails(open("dir", O_RDWR), EISDIR, "POSIX open: EISDIR, both ways");
    tap_fails(open("dir", O_CREAT | O_RDONLY, 0644), EISDIR, "POSIX open: EISDIR, to be made");
    tap_fails(open(".", O_CREAT | O_RDWR, 0644), EISDIR, "POSIX open: EISDIR, a dot");
    tap_works(fd = open("dir", O_RDONLY | O_DIRECTORY), "O_DIRECTORY");
    close(fd);
    tap_works(fd = open("to-dir/", O_RDONLY | O_DIRECTORY | O_NOFOLLOW), "a link with a slash is followed");
    close(fd);
    tap_fails(open("file", O_RDONLY | O_DIRECTORY), ENOTDIR, "POSIX open: ENOTDIR");
    tap_fails(open("to-dir", O_RDONLY | O_NOFOLLOW), ELOOP, "POSIX open: ELOOP, O_NOFOLLOW");
    tap_works(fd = open("file", O_RDONLY | O_NOFOLLOW), "O_NOFOLLOW with a file");
    close(fd);
}

static void test_truncate(void)
{
    int fd = open("file", O_WRONLY);

    write(fd, "12345", 5);
    close(fd);
    close(open("file", O_RDONLY));
    stat("file", &status);
    tap_is(status.st_size, 5, "without O_TRUNC a file keeps its bytes");
    tap_works(fd = open("file", O_WRONLY | O_TRUNC), "with it");
    fstat(fd, &status);
    tap_is(status.st_size, 0, "it loses them");
    close(fd);
    tap_fails(open("dir", O_WRONLY | O_TRUNC), EISDIR, "POSIX open: EISDIR with O_TRUNC");
    tap_fails(open("dir", O_RDONLY | O_TRUNC), EISDIR, "Linux open: EISDIR with O_TRUNC alone");
}

static void test_modes(void)
{
    char byte;
    int fd = open("file", O_WRONLY);

    tap_fails(read(fd, &byte, 1), EBADF, "POSIX read: EBADF, open for writing");
    tap_is(fcntl(fd, F_GETFL) & O_ACCMODE, O_WRONLY, "F_GETFL says so");
    close(fd);
    fd = open("file", O_RDONLY);
    tap_fails(write(fd, "x", 1), EBADF, "POSIX write: EBADF, open for reading");
    tap_fails(ftruncate(fd, 0), EINVAL, "POSIX ftruncate: EINVAL, open for reading");
    close(fd);
    tap_fails(open("file", O_ACCMODE), EINVAL, "POSIX open: EINVAL");
    tap_fails(open("file", 0x10000000), EINVAL, "POSIX open: EINVAL, a flag that nobody knows");
    fd = open("file", O_RDONLY | O_CLOEXEC);
    tap_is(fcntl(fd, F_GETFD), FD_CLOEXEC, "O_CLOEXEC");
    close(fd);
    tap_fails(read(fd, &byte, 1), EBADF, "POSIX read: EBADF, closed");
    tap_fails(close(fd), EBADF, "POSIX close: EBADF");
    tap_fails(close(-1), EBADF, "POSIX close: EBADF, below 0");
}

static void test_limit(void)
{
    struct rlimit limit, few = {8, 4096};
    int fds[16], opened = 0, lowest;

    getrlimit(RLIMIT_NOFILE, &limit);
    few.rlim_max = limit.rlim_max;
    lowest = open("file", O_RDONLY);
    close(lowest);
    setrlimit(RLIMIT_NOFILE, &few);
    while (opened < 16 && (fds[opened] = open("file", O_RDONLY)) >= 0)
        opened++;
    tap_is(opened, 8 - lowest, "RLIMIT_NOFILE is the highest descriptor and one");
    tap_fails(open("new", O_CREAT | O_WRONLY, 0644), EMFILE, "POSIX open: EMFILE");
    tap_fails(stat("new", &status), ENOENT, "which makes nothing");
    tap_fails(dup(fds[0]), EMFILE, "POSIX dup: EMFILE");
    close(fds[2]);
    tap_is(open("file", O_RDONLY), fds[2], "the lowest free descriptor is taken");
    while (opened > 0)
        close(fds[--opened]);
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* A program of ours, "sleeper": a copy of /bin/sleep. */
static void copy_program(void)
{
    int from = open("/bin/sleep", O_RDONLY), to = open("sleeper", O_CREAT | O_WRONLY, 0755);
    char buffer[4096];
    ssize_t n;

    while ((n = read(from, buffer, sizeof buffer)) > 0)
        write(to, buffer, (size_t)n);
    close(from);
    close(to);
}

static int run_program(void *unused)
{
    (void)unused;
    execl("./sleeper", "sleeper", "1000", NULL);
    return errno;
}

static bool program_runs(void *pid)
{
    return sleeps_in(*(pid_t *)pid, "sleeper");
}

static int run_open_program(void *fd)
{
    char *const arguments[] = {"sleeper", "0", NULL}, *const environment[] = {NULL};

    fexecve(*(int *)fd, arguments, environment);
    return errno;
}

/* O_EXEC: to be executed, and nothing else. */
static void test_execute_only(void)
{
    char byte;
    int fd;

    copy_program();
    chmod("sleeper", 0311);
    tap_works(fd = open("sleeper", O_EXEC), "O_EXEC");
    tap_fails(read(fd, &byte, 1), EBADF, "POSIX read: EBADF, open for executing");
    tap_fails(pread(fd, &byte, 1, 0), EBADF, "POSIX pread: EBADF, open for executing");
    tap_fails(write(fd, "x", 1), EBADF, "POSIX write: EBADF, open for executing");
    tap_fails(ftruncate(fd, 0), EINVAL, "POSIX ftruncate: EINVAL, open for executing");
    tap_is(tap_child_result(run_open_program, &fd), 0, "fexecve runs it");
    close(fd);
    chmod("sleeper", 0600);
    tap_fails(open("sleeper", O_EXEC), EACCES, "POSIX open: EACCES, O_EXEC without permission");
    tap_fails(open("/dev/null", O_EXEC), EACCES, "POSIX open: EACCES, O_EXEC of a device");
    unlink("sleeper");
}

static void test_programs(void)
{
    char name[40], target[100] = "";
    pid_t pid;
    int fd;

    copy_program();
    fd = open("sleeper", O_WRONLY);
    tap_is(tap_child_result(run_program, NULL), ETXTBSY, "POSIX exec: ETXTBSY");
    close(fd);
    fd = open("sleeper", O_RDONLY);
    pid = tap_start(run_program, NULL);
    tap_ok(tap_until(program_runs, &pid), "a file that is open for reading can be executed");
    close(fd);
    tap_fails(open("sleeper", O_WRONLY), ETXTBSY, "POSIX open: ETXTBSY");
    tap_fails(open("sleeper", O_RDWR | O_TRUNC), ETXTBSY, "POSIX open: ETXTBSY, O_TRUNC");
    tap_fails(truncate("sleeper", 0), ETXTBSY, "Linux truncate: ETXTBSY");
    snprintf(name, sizeof name, "/proc/%d/exe", (int)pid);
    tap_fails(open(name, O_WRONLY), ETXTBSY, "nor by the name that /proc has for it");
    tap_is(readlink(name, target, sizeof target), 17, "which leads to");
    tap_is_text(target, "/tmp/open/sleeper", "its file");
    tap_works(unlink("sleeper"), "and be unlinked");
    tap_kill(pid);
    copy_program();
    fd = open("sleeper", O_WRONLY | O_TRUNC);
    tap_works(fd, "once it has ended it can be written");
    close(fd);
    unlink("sleeper");
}

int main(void)
{
    tap_begin();
    set_up();
    test_create();
    test_directories();
    test_truncate();
    test_modes();
    test_limit();
    test_execute_only();
    test_programs();
    tear_down();
    return tap_end();
}
