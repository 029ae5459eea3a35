/*
 * aio_suspend.c - waiting for requests, and lists of them.
 */
#include "aio.h"
#include <string.h>

static bool any_is_done(const struct aiocb *const list[], int count)
{
    for (int i = 0; i < count; i++) {
        if (list[i] != NULL && aio_error(list[i]) != EINPROGRESS)
            return true;
    }
    return false;
}

/* When `timeout` from now is over. */
static struct timespec moment_in(const struct timespec *timeout)
{
    struct timespec moment;

    clock_gettime(CLOCK_MONOTONIC, &moment);
    moment.tv_sec += timeout->tv_sec;
    moment.tv_nsec += timeout->tv_nsec;
    if (moment.tv_nsec >= 1000000000) {
        moment.tv_nsec -= 1000000000;
        moment.tv_sec++;
    }
    return moment;
}

/* Sleep until another request is done than when `seen` was read.  0, or an error. */
static int sleep_on(unsigned seen, const struct timespec *deadline)
{
    long result = __futex_point(&__aio_done, FUTEX_WAIT_BITSET | FUTEX_PRIVATE, seen, deadline, NULL, FUTEX_ALL_BITS);

    return result == -ETIMEDOUT ? EAGAIN : result == -EINTR ? EINTR : 0; /* POSIX aio_suspend: EAGAIN, EINTR */
}

int aio_suspend(const struct aiocb *const list[], int count, const struct timespec *timeout)
{
    struct timespec moment = timeout != NULL ? moment_in(timeout) : (struct timespec){0};
    unsigned seen = __atomic_load_n(&__aio_done, __ATOMIC_ACQUIRE);
    int error = 0;

    while (!any_is_done(list, count) && error == 0) {
        error = sleep_on(seen, timeout != NULL ? &moment : NULL);
        seen = __atomic_load_n(&__aio_done, __ATOMIC_ACQUIRE);
    }
    errno = error != 0 ? error : errno;
    return error != 0 ? -1 : 0;
}

/* Start all of them; one that cannot be started is done, with its error.  Answers how many these were. */
static int submit_all(struct aiocb *const list[], int count, struct __aio_list *together)
{
    int failed = 0;

    for (int i = 0; i < count; i++) {
        int error = 0;

        if (list[i] == NULL || list[i]->aio_lio_opcode == LIO_NOP)
            continue;
        __atomic_add_fetch(&together->left, 1, __ATOMIC_RELAXED);
        error = list[i]->aio_lio_opcode == LIO_READ    ? __aio_submit(list[i], AIO_READ, together)
                : list[i]->aio_lio_opcode == LIO_WRITE ? __aio_submit(list[i], AIO_WRITE, together)
                                                       : EINVAL;
        if (error != 0) {
            list[i]->__error = error;
            list[i]->__result = -1;
            failed++;
            __atomic_sub_fetch(&together->left, 1, __ATOMIC_RELAXED);
        }
    }
    return failed;
}

/* Wait for the whole list.  0, or EINTR; POSIX lio_listio: EIO, one of them failed. */
static int wait_for_all(struct aiocb *const list[], int count, struct __aio_list *together)
{
    unsigned seen = __atomic_load_n(&__aio_done, __ATOMIC_ACQUIRE);
    int error = 0;

    while (__atomic_load_n(&together->left, __ATOMIC_ACQUIRE) > 1 && error == 0) {
        error = sleep_on(seen, NULL);
        seen = __atomic_load_n(&__aio_done, __ATOMIC_ACQUIRE);
    }
    for (int i = 0; i < count && error == 0; i++) {
        if (list[i] != NULL && list[i]->aio_lio_opcode != LIO_NOP && aio_error(list[i]) != 0)
            error = EIO;
    }
    return error;
}

static int start(int mode, struct aiocb *const list[], int count, const struct sigevent *event)
{
    struct __aio_list *together = calloc(1, sizeof *together);
    int error = 0, failed;

    if (together == NULL)
        return EAGAIN; /* POSIX lio_listio: EAGAIN */
    together->left = 1;
    together->event.sigev_notify = SIGEV_NONE;
    if (mode == LIO_NOWAIT && event != NULL)
        together->event = *event;
    failed = submit_all(list, count, together);
    if (mode == LIO_WAIT)
        error = wait_for_all(list, count, together);
    __aio_list_done(together);
    return error == 0 && failed != 0 ? EIO : error;
}

int lio_listio(int mode, struct aiocb *restrict const list[restrict], int count, struct sigevent *restrict event)
{
    int error = (mode != LIO_WAIT && mode != LIO_NOWAIT) || count < 0
                    ? EINVAL /* POSIX lio_listio: EINVAL */
                    : start(mode, (struct aiocb *const *)list, count, event);

    if (error == 0)
        return 0;
    errno = error;
    return -1;
}
