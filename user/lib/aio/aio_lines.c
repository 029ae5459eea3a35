/*
 * aio_lines.c - the lines of requests, and their threads.
 */
#include "aio.h"
#include "../lock.h"
#include <signal.h>

struct line {
    struct line *next;
    int fd;
    bool writes;
    struct aiocb *first; /* the one that is being carried out, and those behind it */
};

volatile unsigned __aio_done;

volatile int __aio_lock;
static struct line *lines;

static struct line *line_find(int fd, bool writes)
{
    struct line *line = lines;

    while (line != NULL && (line->fd != fd || line->writes != writes))
        line = line->next;
    return line;
}

static void line_remove(struct line *line)
{
    struct line **place = &lines;

    while (*place != line)
        place = &(*place)->next;
    *place = line->next;
    free(line);
}

/* The result is there before the error says so. */
static void finish(struct aiocb *block, ssize_t result, int error)
{
    struct __aio_list *list = block->__list;
    struct sigevent event = block->aio_sigevent;

    block->__result = result;
    __atomic_store_n(&block->__error, error, __ATOMIC_RELEASE); /* from here on it is the program's again */
    __aio_notify(&event);
    __aio_list_done(list);
    __atomic_add_fetch(&__aio_done, 1, __ATOMIC_ACQ_REL);
    __futex_raw(&__aio_done, FUTEX_WAKE | FUTEX_PRIVATE, INT32_MAX, NULL, NULL, 0);
}

static ssize_t carry_out(struct aiocb *block)
{
    void *buffer = (void *)block->aio_buf;
    ssize_t n;

    switch (block->__kind) {
    case AIO_READ:
        n = pread(block->aio_fildes, buffer, block->aio_nbytes, block->aio_offset);
        return n == -1 && errno == ESPIPE ? read(block->aio_fildes, buffer, block->aio_nbytes) : n;
    case AIO_WRITE:
        if (fcntl(block->aio_fildes, F_GETFL) & O_APPEND) /* POSIX aio_write: at the end, whatever the offset */
            return write(block->aio_fildes, buffer, block->aio_nbytes);
        n = pwrite(block->aio_fildes, buffer, block->aio_nbytes, block->aio_offset);
        return n == -1 && errno == ESPIPE ? write(block->aio_fildes, buffer, block->aio_nbytes) : n;
    case AIO_FDATASYNC:
        return fdatasync(block->aio_fildes);
    }
    return fsync(block->aio_fildes);
}

/* A line's thread; it ends with the line. */
static void *work(void *argument)
{
    struct line *line = argument;
    struct aiocb *block, *next;

    lock_acquire(&__aio_lock);
    for (block = line->first; block != NULL; block = next) {
        lock_release(&__aio_lock);
        ssize_t result = carry_out(block);
        int error = result == -1 ? errno : 0;
        lock_acquire(&__aio_lock);
        next = line->first = block->__next;
        if (next == NULL)
            line_remove(line);
        lock_release(&__aio_lock);
        finish(block, result, error);
        lock_acquire(&__aio_lock);
    }
    lock_release(&__aio_lock);
    return NULL;
}

/* The thread takes no signals: they are the program's. */
static int start_thread(struct line *line)
{
    sigset_t all, before;
    pthread_t thread;
    int error;

    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    error = pthread_create(&thread, NULL, work, line);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (error == 0)
        pthread_detach(thread);
    return error;
}

/* A new line with one request.  The lock is held. */
static int line_new(struct aiocb *block, bool writes)
{
    struct line *line = malloc(sizeof *line);

    if (line == NULL)
        return EAGAIN; /* POSIX aio_read: EAGAIN */
    *line = (struct line){lines, block->aio_fildes, writes, block};
    lines = line;
    if (start_thread(line) == 0)
        return 0;
    line_remove(line);
    return EAGAIN;
}

int __aio_submit(struct aiocb *block, enum aio_kind kind, struct __aio_list *list)
{
    bool writes = kind != AIO_READ;
    struct line *line;
    int error = 0;

    block->__kind = kind;
    block->__list = list;
    block->__next = NULL;
    block->__result = -1;
    block->__error = EINPROGRESS;
    lock_acquire(&__aio_lock);
    line = line_find(block->aio_fildes, writes);
    if (line != NULL) {
        struct aiocb **place = &line->first;

        while (*place != NULL)
            place = &(*place)->__next;
        *place = block;
    } else {
        error = line_new(block, writes);
    }
    lock_release(&__aio_lock);
    if (error != 0)
        block->__error = error;
    return error;
}

/* What of a line is withdrawn goes to the front of *withdrawn.  Answers whether something had been begun. */
static bool line_withdraw(struct line *line, const struct aiocb *only, struct aiocb **withdrawn)
{
    struct aiocb **place = &line->first->__next, *block;

    while ((block = *place) != NULL) {
        if (only != NULL && block != only) {
            place = &block->__next;
            continue;
        }
        *place = block->__next;
        block->__next = *withdrawn;
        *withdrawn = block;
    }
    return only == NULL || line->first == only;
}

int __aio_withdraw(int fd, const struct aiocb *only)
{
    struct aiocb *withdrawn = NULL, *next;
    bool begun = false, some;
    struct line *line;

    lock_acquire(&__aio_lock);
    for (int writes = 0; writes < 2; writes++) {
        line = line_find(fd, writes);
        if (line != NULL)
            begun |= line_withdraw(line, only, &withdrawn);
    }
    lock_release(&__aio_lock);
    some = withdrawn != NULL;
    for (; withdrawn != NULL; withdrawn = next) {
        next = withdrawn->__next;
        finish(withdrawn, -1, ECANCELED);
    }
    return begun ? AIO_NOTCANCELED : some ? AIO_CANCELED : AIO_ALLDONE;
}
