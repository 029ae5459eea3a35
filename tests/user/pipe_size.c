/*
 * pipe_size.c - how large pipes are: F_GETPIPE_SZ, F_SETPIPE_SZ and its errors, the limits in /proc/sys/fs, and
 * /proc/pipes.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

enum { page = 4096, usual = 65536, some_user = 1000 };

static int ends[2];
static char data[4 * usual], back[4 * usual];

static void close_both(void)
{
    close(ends[0]);
    close(ends[1]);
}

static int size(void)
{
    return fcntl(ends[0], F_GETPIPE_SZ);
}

static int set_size(unsigned long bytes)
{
    return fcntl(ends[1], F_SETPIPE_SZ, bytes);
}

static void test_rounding(void)
{
    pipe(ends);
    tap_is(size(), usual, "a pipe has room for 65536 bytes");
    tap_is(set_size(1), page, "the smallest is a page");
    tap_is(size(), page, "as the other end sees");
    tap_is(set_size(0), page, "0 is rounded up, too");
    tap_is(set_size(page + 1), 2 * page, "sizes are rounded up to powers of two");
    tap_is(set_size(5 * page), 8 * page, "of pages");
    tap_is(set_size(3 * usual), 4 * usual, "larger than usual");
    tap_is(write(ends[1], data, 4 * usual), 4 * usual, "and so much fits");
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    tap_fails(write(ends[1], data, 1), EAGAIN, "not a byte more");
    close_both();
}

static void test_errors(void)
{
    int file = open("/dev/null", O_RDWR);

    pipe(ends);
    tap_fails(fcntl(file, F_GETPIPE_SZ), EBADF, "Linux F_GETPIPE_SZ: EBADF, no pipe");
    tap_fails(fcntl(file, F_SETPIPE_SZ, page), EBADF, "Linux F_SETPIPE_SZ: EBADF, no pipe");
    tap_fails(fcntl(99, F_SETPIPE_SZ, page), EBADF, "POSIX fcntl: EBADF");
    tap_fails(set_size(1ul << 31), EINVAL, "Linux F_SETPIPE_SZ: EINVAL");
    write(ends[1], data, page + 1);
    tap_fails(set_size(page), EBUSY, "Linux F_SETPIPE_SZ: EBUSY");
    tap_is(size(), usual, "the size stays");
    read(ends[0], back, 1);
    tap_is(set_size(page), page, "what is in it may fill it");
    close_both();
    close(file);
}

/* The bytes lie around the end of the ring when it is changed. */
static void test_bytes_stay(void)
{
    static const int sizes[] = {2 * usual, usual, 4 * page, usual};
    int wrong = 0;

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (char)(i * 7 + i / 256);
    for (unsigned i = 0; i < 4; i++) {
        pipe(ends);
        write(ends[1], data, usual);
        read(ends[0], back, usual - 100);
        write(ends[1], data + usual, 3 * page);
        wrong += set_size((unsigned long)sizes[i]) != sizes[i];
        write(ends[1], data + usual + 3 * page, 500);
        wrong += read(ends[0], back, sizeof back) != 100 + 3 * page + 500;
        wrong += memcmp(back, data + usual - 100, 100 + 3 * page + 500) != 0;
        close_both();
    }
    tap_is(wrong, 0, "a change of size keeps all bytes in order");
}

static int writes_two_pages(void *unused)
{
    (void)unused;
    return write(ends[1], data, 2 * page) != 2 * page;
}

static void test_wakes(void)
{
    struct pollfd set;
    pid_t child;

    pipe(ends);
    set_size(page);
    child = tap_start(writes_two_pages, NULL);
    tap_ok(tap_until(tap_is_asleep, &child), "a writer waits at a small pipe");
    set = (struct pollfd){.fd = ends[1], .events = POLLOUT};
    tap_is(poll(&set, 1, 0), 0, "which is not ready for more");
    tap_is(set_size(4 * page), 4 * page, "the pipe is made larger");
    tap_is(tap_wait(child), 0, "and the writer goes on");
    tap_is(poll(&set, 1, 0), 1, "the larger one has room");
    close_both();
}

static int as_user(void *unused)
{
    (void)unused;
    pipe(ends);
    setuid(some_user);
    if (set_size(1 << 20) != 1 << 20)
        return 1;
    if (set_size((1 << 20) + 1) != -1 || errno != EPERM)
        return 2;
    return size() != 1 << 20;
}

static void set_limit(const char *name, const char *value)
{
    char path[64];
    int file;

    snprintf(path, sizeof path, "/proc/sys/fs/%s", name);
    file = open(path, O_WRONLY);
    if (file < 0 || write(file, value, strlen(value)) < 0)
        tap_give_up("cannot set %s", path);
    close(file);
}

static void get_limit(const char *name, char *to, size_t room)
{
    char path[64];
    int file;
    ssize_t n;

    snprintf(path, sizeof path, "/proc/sys/fs/%s", name);
    file = open(path, O_RDONLY);
    n = read(file, to, room - 1);
    to[n > 0 ? n : 0] = '\0';
    close(file);
}

/* A user beyond the soft limit: small pipes, none made larger; a superuser is not bound by it. */
static int beyond_soft(void *unused)
{
    (void)unused;
    pipe(ends);
    if (size() != usual)
        return 1;
    close_both();
    setuid(some_user);
    if (pipe(ends) != 0 || size() != page)
        return 2;
    if (write(ends[1], data, page) != page || read(ends[0], back, page) != page)
        return 3;
    return set_size(2 * page) != -1 || errno != EPERM ? 4 : 0;
}

static int beyond_hard(void *unused)
{
    (void)unused;
    setuid(some_user);
    if (mkfifo("/tmp/pipe_size", 0600) != 0)
        return 1;
    if (open("/tmp/pipe_size", O_RDWR) != -1 || errno != ENFILE)
        return 2;
    unlink("/tmp/pipe_size");
    return pipe(ends) != -1 || errno != ENFILE ? 3 : 0;
}

/* More pipes than the limit allows, one after the other. */
static void test_given_back(void)
{
    char hard[32];
    int wrong = 0;

    get_limit("pipe-user-pages-hard", hard, sizeof hard);
    for (int i = 0; i < atoi(hard) / (usual / page) + 10; i++) {
        pipe(ends);
        wrong += size() != usual;
        wrong += i % 10 == 0 && set_size(1 << 20) != 1 << 20;
        close_both();
    }
    tap_is(wrong, 0, "a pipe that is closed gives back what was reserved for it");
}

static void test_limits(void)
{
    char soft[32], hard[32];

    tap_is(tap_child_result(as_user, NULL), 0, "Linux F_SETPIPE_SZ: EPERM above pipe-max-size");
    pipe(ends);
    tap_is(set_size(2 << 20), 2 << 20, "the superuser may");
    close_both();
    get_limit("pipe-user-pages-soft", soft, sizeof soft);
    get_limit("pipe-user-pages-hard", hard, sizeof hard);
    set_limit("pipe-user-pages-soft", "0");
    tap_is(tap_child_result(beyond_soft, NULL), 0, "beyond pipe-user-pages-soft a user's pipe has one page");
    set_limit("pipe-user-pages-hard", "0");
    tap_is(tap_child_result(beyond_hard, NULL), 0, "POSIX pipe, open: ENFILE beyond pipe-user-pages-hard");
    tap_works(pipe(ends), "the superuser is not bound by it");
    close_both();
    set_limit("pipe-user-pages-hard", hard);
    set_limit("pipe-user-pages-soft", soft);
    tap_works(pipe(ends), "with the limits as before there are pipes again");
    close_both();
}

static int waits_for_bytes(void *unused)
{
    (void)unused;
    close(ends[1]);
    return read(ends[0], back, 1) != 0;
}

/* The line of /proc/pipes that has `name`. */
static bool find_line(const char *name, char *to, size_t room)
{
    FILE *file = fopen("/proc/pipes", "r");
    bool found = false;

    while (!found && fgets(to, (int)room, file))
        found = strncmp(to, name, strlen(name)) == 0;
    fclose(file);
    to[strcspn(to, "\n")] = '\0';
    return found;
}

static void test_shown(void)
{
    char name[64], line[200], expected[200];
    struct stat status;
    pid_t child;

    pipe(ends);
    fstat(ends[0], &status);
    snprintf(name, sizeof name, "pipe:[%llu]", (unsigned long long)status.st_ino);
    write(ends[1], data, 10);
    tap_ok(find_line(name, line, sizeof line), "/proc/pipes shows a pipe");
    snprintf(expected, sizeof expected, "%s 10 65536 %d %d - - -", name, (int)getpid(), (int)getpid());
    tap_is_text(line, expected, "its bytes, capacity, who can read, who can write");
    read(ends[0], back, 10);
    child = tap_start_asleep(waits_for_bytes, NULL);
    find_line(name, line, sizeof line);
    snprintf(expected, sizeof expected, "%s 0 65536 %d,%d %d %d - -", name, (int)getpid(), (int)child, (int)getpid(),
             (int)child);
    tap_is_text(line, expected, "and who waits");
    close_both();
    tap_is(tap_wait(child), 0, "until the writer's end");
    tap_ok(!find_line(name, line, sizeof line), "a closed pipe is shown no more");
}

static int opens_to_read(void *unused)
{
    (void)unused;
    return open("/tmp/pipe_size", O_RDONLY) < 0;
}

static void test_fifo(void)
{
    char line[200], expected[200];
    pid_t child;

    mkfifo("/tmp/pipe_size", 0600);
    child = tap_start_asleep(opens_to_read, NULL);
    find_line("/tmp/pipe_size", line, sizeof line);
    snprintf(expected, sizeof expected, "/tmp/pipe_size 0 65536 - - - - %d", (int)child);
    tap_is_text(line, expected, "/proc/pipes shows who waits for the other end of a FIFO");
    close(open("/tmp/pipe_size", O_WRONLY));
    tap_is(tap_wait(child), 0, "until it is opened");
    ends[0] = ends[1] = open("/tmp/pipe_size", O_RDWR);
    tap_is(set_size(page), page, "a FIFO is made smaller");
    snprintf(expected, sizeof expected, "/tmp/pipe_size 0 4096 %d %d - - -", (int)getpid(), (int)getpid());
    tap_ok(find_line(expected, line, sizeof line), "/proc/pipes shows its name");
    close(ends[0]);
    ends[0] = open("/tmp/pipe_size", O_RDWR);
    tap_is(size(), usual, "and has the usual size when all have closed it");
    close(ends[0]);
    unlink("/tmp/pipe_size");
}

int main(void)
{
    tap_begin();
    test_rounding();
    test_errors();
    test_bytes_stay();
    test_wakes();
    test_limits();
    test_given_back();
    test_shown();
    test_fifo();
    return tap_end();
}
