/*
 * sys_futex.c - decoder: the operations of the futex call.
 *
 * A wait with a relative timeout is not begun again after a handler, whatever SA_RESTART says: it would last too long.
 */
#include <abi/errno.h>
#include <abi/futex.h>
#include <core/wait.h>
#include <ipc/futex.h>
#include <mm/deadline.h>
#include <sys/syscalls.h>

static long wait_for_value(uaddr_t word, bool private, uint32_t value, uaddr_t timeout)
{
    uint64_t deadline;
    long result = deadline_read(timeout, DEADLINE_RELATIVE, &deadline);

    if (result == 0)
        result = futex_wait(word, private, value, FUTEX_ALL_BITS, deadline);
    return result == -ERESTART && timeout != 0 ? -EINTR : result;
}

static long requeue(uaddr_t word, bool private, uint32_t wake, uint32_t move, uaddr_t to, const uint32_t *expected)
{
    if ((int)wake < 0 || (int)move < 0)
        return -EINVAL;
    return futex_requeue(word, to, private, wake, move, expected);
}

long sys_futex(uaddr_t word, int operation, uint32_t value, uaddr_t timeout, uaddr_t word2, uint32_t value2)
{
    bool private = operation & FUTEX_PRIVATE, realtime = operation & FUTEX_REALTIME;
    enum deadline_kind kind = realtime ? DEADLINE_OF_DAY : DEADLINE_MONOTONIC;
    uint64_t deadline;
    long error;

    switch (operation & ~(FUTEX_PRIVATE | FUTEX_REALTIME)) {
    case FUTEX_SEM_POST:
        return futex_sem_post(word, private);
    case FUTEX_SEM_WAIT:
        error = deadline_read(timeout, kind, &deadline);
        return error != 0 ? error : futex_sem_wait(word, private, deadline);
    case FUTEX_WAIT:
        return realtime ? -ENOSYS : wait_for_value(word, private, value, timeout);
    case FUTEX_WAKE:
        return futex_wake(word, private, value, FUTEX_ALL_BITS);
    case FUTEX_WAIT_BITSET:
        error = deadline_read(timeout, kind, &deadline);
        return error != 0 ? error : futex_wait(word, private, value, value2, deadline);
    case FUTEX_WAKE_BITSET:
        return futex_wake(word, private, value, value2);
    case FUTEX_REQUEUE:
        return requeue(word, private, value, timeout, word2, NULL);
    case FUTEX_CMP_REQUEUE:
        return requeue(word, private, value, timeout, word2, &value2);
    default:
        return -ENOSYS;
    }
}
