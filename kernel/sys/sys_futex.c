/*
 * sys_futex.c - decoder: the operations of the futex call.
 *
 * A wait with a relative timeout is not begun again after a handler, whatever SA_RESTART says: it would last too long.
 */
#include <abi/errno.h>
#include <abi/futex.h>
#include <arch/cpu.h>
#include <core/timer.h>
#include <core/wait.h>
#include <ipc/futex.h>
#include <mm/user.h>
#include <sys/syscalls.h>

/* The time at `timeout` as a deadline; 0: there is none, for ever.  0, -EFAULT, -EINVAL. */
static long read_deadline(uaddr_t timeout, bool absolute, bool realtime, uint64_t *deadline)
{
    struct abi_timespec time;
    uint64_t ns, ticks, now;

    *deadline = DEADLINE_NEVER;
    if (timeout == 0)
        return 0;
    if (copy_from_user(&time, timeout, sizeof(time)) != 0)
        return -EFAULT;
    if (!timespec_valid(&time, &ns))
        return -EINVAL;
    if (absolute) {
        *deadline = realtime ? deadline_from_realtime((int64_t)ns) : deadline_from_monotonic(ns);
        return 0;
    }
    now = counter_read();
    ticks = ticks_from_ns(ns);
    *deadline = ticks < DEADLINE_NEVER - 1 - now ? now + ticks : DEADLINE_NEVER - 1;
    return 0;
}

static long wait_for_value(uaddr_t word, bool private, uint32_t value, uaddr_t timeout)
{
    uint64_t deadline;
    long result = read_deadline(timeout, false, false, &deadline);

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
    uint64_t deadline;
    long error;

    switch (operation & ~(FUTEX_PRIVATE | FUTEX_REALTIME)) {
    case FUTEX_SEM_POST:
        return futex_sem_post(word, private);
    case FUTEX_SEM_WAIT:
        error = read_deadline(timeout, true, realtime, &deadline);
        return error != 0 ? error : futex_sem_wait(word, private, deadline);
    case FUTEX_WAIT:
        return realtime ? -ENOSYS : wait_for_value(word, private, value, timeout);
    case FUTEX_WAKE:
        return futex_wake(word, private, value, FUTEX_ALL_BITS);
    case FUTEX_WAIT_BITSET:
        error = read_deadline(timeout, true, realtime, &deadline);
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
