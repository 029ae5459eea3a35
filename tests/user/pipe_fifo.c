/*
 * pipe_fifo.c - FIFOs: how opening waits, O_NONBLOCK and ENXIO, both ways at once, end of file and life after it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

#define FIFO "/tmp/fifo"

static char text[64];

static int writes_hello(void *unused)
{
    int fd = open(FIFO, O_WRONLY);

    (void)unused;
    return fd < 0 || write(fd, "hello", 5) != 5;
}

static int reads_hello(void *unused)
{
    int fd = open(FIFO, O_RDONLY);

    (void)unused;
    return fd < 0 || read(fd, text, sizeof text) != 5 || read(fd, text, 1) != 0;
}

static void test_opening(void)
{
    pid_t child = tap_start(writes_hello, NULL);
    int fd;

    tap_ok(tap_until(tap_is_asleep, &child), "a writer waits for a reader");
    tap_works(fd = open(FIFO, O_RDONLY), "who opens");
    tap_is(read(fd, text, sizeof text), 5, "and reads");
    tap_is(read(fd, text, sizeof text), 0, "up to the end of file");
    tap_wait(child);
    child = tap_start(writes_hello, NULL);
    tap_wait(child);
    tap_is(read(fd, text, sizeof text), 5, "a new writer gives it new life");
    close(fd);
    child = tap_start(reads_hello, NULL);
    tap_ok(tap_until(tap_is_asleep, &child), "a reader waits for a writer");
    tap_works(fd = open(FIFO, O_WRONLY), "who opens");
    write(fd, "hello", 5);
    close(fd);
    tap_is(tap_wait(child), 0, "and writes");
}

static void test_nonblocking(void)
{
    struct pollfd set[1];
    int reader, writer;

    tap_fails(open(FIFO, O_WRONLY | O_NONBLOCK), ENXIO, "POSIX open: ENXIO");
    tap_works(reader = open(FIFO, O_RDONLY | O_NONBLOCK), "a reader with O_NONBLOCK does not wait");
    tap_is(read(reader, text, 1), 0, "without a writer it reads the end of file");
    set[0] = (struct pollfd){reader, POLLIN, 0};
    tap_is(poll(set, 1, 0), 0, "but is not hung up: nobody has come so far");
    tap_works(writer = open(FIFO, O_WRONLY | O_NONBLOCK), "now a writer may come");
    tap_fails(read(reader, text, 1), EAGAIN, "POSIX read: EAGAIN with a writer there");
    write(writer, "abc", 3);
    tap_is(poll(set, 1, 0), 1, "bytes are there");
    close(writer);
    tap_is(poll(set, 1, 0), 1, "the writer goes");
    tap_is(set[0].revents, POLLIN | POLLHUP, "bytes and POLLHUP");
    tap_is(read(reader, text, sizeof text), 3, "the bytes are read");
    tap_is(read(reader, text, sizeof text), 0, "and the end of file");
    close(reader);
}

static void test_both_ways(void)
{
    int fd;

    tap_works(fd = open(FIFO, O_RDWR), "O_RDWR does not wait, as Linux");
    tap_is(write(fd, "loop", 4), 4, "what is written");
    tap_is(read(fd, text, sizeof text), 4, "can be read");
    write(fd, "lost", 4);
    close(fd);
    fd = open(FIFO, O_RDONLY | O_NONBLOCK);
    tap_is(read(fd, text, sizeof text), 0, "bytes go with the last close");
    close(fd);
}

static void on_signal(int number)
{
    (void)number;
}

static void test_interrupted(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    pid_t child;

    sigaction(SIGUSR1, &action, NULL);
    child = tap_signal_when_asleep(SIGUSR1);
    tap_fails(open(FIFO, O_RDONLY), EINTR, "POSIX open: EINTR");
    tap_wait(child);
    tap_fails(open(FIFO, O_WRONLY | O_NONBLOCK), ENXIO, "an interrupted reader is no reader");
    signal(SIGUSR1, SIG_DFL);
}

static void test_name(void)
{
    struct stat status;
    int fd = open(FIFO, O_RDWR);

    fstat(fd, &status);
    tap_ok(S_ISFIFO(status.st_mode) && (status.st_mode & 0777) == 0644, "fstat has the name's mode");
    tap_fails(lseek(fd, 0, SEEK_SET), ESPIPE, "POSIX lseek: ESPIPE");
    tap_fails(truncate(FIFO, 0), EINVAL, "POSIX truncate: EINVAL");
    tap_works(unlink(FIFO), "the name goes");
    tap_is(write(fd, "on", 2), 2, "the FIFO lives on");
    tap_is(read(fd, text, 2), 2, "with its bytes");
    close(fd);
}

int main(void)
{
    tap_begin();
    tap_works(mkfifo(FIFO, 0644), "mkfifo");
    test_opening();
    test_nonblocking();
    test_both_ways();
    test_interrupted();
    test_name();
    return tap_end();
}
