/*
 * aio.c - reading and writing in the background: results, order, waiting, cancelling, lists, notices.
 */
#define _GNU_SOURCE
#include <aio.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"

#define FILE_NAME "/tmp/aio"

static struct aiocb request(int fd, void *buffer, size_t size, off_t offset)
{
    return (struct aiocb){.aio_fildes = fd,
                          .aio_buf = buffer,
                          .aio_nbytes = size,
                          .aio_offset = offset,
                          .aio_sigevent = {.sigev_notify = SIGEV_NONE}};
}

/* Waits for it; its error. */
static int finish(struct aiocb *block)
{
    const struct aiocb *list[] = {NULL, block};

    while (aio_error(block) == EINPROGRESS)
        aio_suspend(list, 2, NULL);
    return aio_error(block);
}

static void test_file(int fd)
{
    char buffer[16] = "";
    struct aiocb w = request(fd, "0123456789", 10, 0), r = request(fd, buffer, 4, 3), s = request(fd, NULL, 0, 0);

    tap_works(aio_write(&w), "aio_write");
    tap_is(finish(&w), 0, "comes to its end");
    tap_is(aio_return(&w), 10, "with all bytes");
    tap_works(aio_read(&r), "aio_read");
    tap_ok(finish(&r) == 0 && aio_return(&r) == 4, "answers as many");
    tap_is_text(buffer, "3456", "from its place");
    tap_works(aio_fsync(O_SYNC, &s), "aio_fsync");
    tap_ok(finish(&s) == 0 && aio_return(&s) == 0, "answers 0");
    r = request(fd, (void *)8, 4, 0);
    aio_read(&r);
    tap_is(finish(&r), EFAULT, "an error is aio_error()'s");
    tap_fails(aio_return(&r), EFAULT, "and aio_return()'s");
}

static void test_errors(int fd)
{
    char byte;
    struct aiocb bad = request(99, &byte, 1, 0);
    struct aiocb *list[] = {&bad};

    tap_fails(aio_read(&bad), EBADF, "POSIX aio_read: EBADF");
    tap_fails(aio_write(&bad), EBADF, "POSIX aio_write: EBADF");
    tap_fails(aio_fsync(O_SYNC, &bad), EBADF, "POSIX aio_fsync: EBADF");
    tap_fails(aio_cancel(99, NULL), EBADF, "POSIX aio_cancel: EBADF");
    bad = request(fd, &byte, 1, -1);
    tap_fails(aio_read(&bad), EINVAL, "POSIX aio_read: EINVAL, the place");
    tap_fails(aio_fsync(77, &bad), EINVAL, "POSIX aio_fsync: EINVAL");
    tap_fails(lio_listio(77, list, 1, NULL), EINVAL, "POSIX lio_listio: EINVAL");
}

static void test_waiting(void)
{
    struct timespec instant = {0, 1000000};
    char buffer[3] = "", text[3][2] = {"a", "b", "c"};
    struct aiocb r[3], w[3];
    const struct aiocb *list[] = {&r[0]};
    int fds[2];

    if (pipe(fds) == -1)
        tap_give_up("no pipe");
    for (int i = 0; i < 3; i++) {
        r[i] = request(fds[0], &buffer[i], 1, 0);
        w[i] = request(fds[1], text[i], 1, 0);
        tap_works(aio_read(&r[i]), "a read of an empty pipe");
    }
    tap_is(aio_error(&r[0]), EINPROGRESS, "aio_error: EINPROGRESS");
    tap_fails(aio_return(&r[0]), EINVAL, "POSIX aio_return: EINVAL, it is not done");
    tap_fails(aio_suspend(list, 1, &instant), EAGAIN, "POSIX aio_suspend: EAGAIN");
    tap_is(aio_cancel(fds[0], &r[2]), AIO_CANCELED, "the last has not been begun: AIO_CANCELED");
    tap_is(aio_error(&r[2]), ECANCELED, "its error is ECANCELED");
    tap_is(aio_cancel(fds[0], &r[2]), AIO_ALLDONE, "then it is done: AIO_ALLDONE");
    for (int i = 0; i < 3; i++)
        aio_write(&w[i]);
    tap_ok(finish(&r[0]) == 0 && finish(&r[1]) == 0 && memcmp(buffer, "ab", 2) == 0,
           "what is written wakes them in turn");
    for (int i = 0; i < 3; i++)
        finish(&w[i]);
    r[0] = request(fds[0], buffer, 1, 0);
    aio_read(&r[0]);
    tap_is(finish(&r[0]), 0, "the last byte");
    tap_is(aio_cancel(fds[0], NULL), AIO_ALLDONE, "nothing is left");
    close(fds[0]);
    close(fds[1]);
}

static void test_append(void)
{
    int fd = open(FILE_NAME, O_RDWR | O_APPEND | O_TRUNC);
    struct aiocb w[20];
    char letters[21] = "abcdefghijklmnopqrst", found[21] = "";

    for (int i = 0; i < 20; i++) {
        w[i] = request(fd, &letters[i], 1, 0);
        aio_write(&w[i]);
    }
    for (int i = 0; i < 20; i++)
        finish(&w[i]);
    pread(fd, found, 20, 0);
    tap_is_text(found, letters, "POSIX aio_write: what is appended keeps its order");
    close(fd);
}

static volatile sig_atomic_t told;
static volatile int called;

static void on_signal(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    told = info->si_value.sival_int;
}

static void call(union sigval value)
{
    called = value.sival_int;
}

static bool is_told(void *unused)
{
    (void)unused;
    return told == 5;
}

static bool is_called(void *unused)
{
    (void)unused;
    return called == 6;
}

static void test_lists(int fd)
{
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN, .sigev_value.sival_int = 5};
    char a[4] = "", b[4] = "";
    struct aiocb blocks[3] = {request(fd, a, 3, 0), request(fd, b, 3, 3), request(99, a, 1, 0)};
    struct aiocb *list[] = {&blocks[0], NULL, &blocks[1], &blocks[2]};

    ftruncate(fd, 0);
    pwrite(fd, "abcdef", 6, 0);
    blocks[2].aio_lio_opcode = LIO_NOP;
    tap_works(lio_listio(LIO_WAIT, list, 4, NULL), "lio_listio, LIO_WAIT");
    tap_ok(strcmp(a, "abc") == 0 && strcmp(b, "def") == 0, "all are done behind it");
    blocks[2].aio_lio_opcode = LIO_READ;
    tap_fails(lio_listio(LIO_WAIT, list, 4, NULL), EIO, "POSIX lio_listio: EIO");
    tap_is(aio_error(&blocks[2]), EBADF, "the one that failed says why");
    sigaction(SIGRTMIN, &action, NULL);
    tap_works(lio_listio(LIO_NOWAIT, list, 3, &event), "lio_listio, LIO_NOWAIT");
    tap_ok(tap_until(is_told, NULL), "a signal tells when all are done");
    finish(&blocks[0]);
    finish(&blocks[1]);
    blocks[0].aio_sigevent =
        (struct sigevent){.sigev_notify = SIGEV_THREAD, .sigev_notify_function = call, .sigev_value.sival_int = 6};
    tap_works(aio_read(&blocks[0]), "SIGEV_THREAD");
    tap_ok(tap_until(is_called, NULL), "calls a function in a thread");
    finish(&blocks[0]);
}

int main(void)
{
    int fd;

    tap_begin();
    fd = open(FILE_NAME, O_RDWR | O_CREAT | O_TRUNC, 0600);
    test_file(fd);
    test_errors(fd);
    test_waiting();
    test_append();
    test_lists(fd);
    close(fd);
    unlink(FILE_NAME);
    return tap_end();
}
