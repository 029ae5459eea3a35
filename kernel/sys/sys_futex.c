/*
 * sys_futex.c - decoders: the operations of the futex call; robust lists.
 *
 * A wait with a relative timeout is not begun again after a handler, whatever SA_RESTART says: it would last too long.
 */
#include <abi/errno.h>
#include <abi/futex.h>
#include <core/process.h>
#include <core/thread.h>
#include <ipc/futex.h>
#include <ipc/signal.h>
#include <mm/deadline.h>
#include <mm/user.h>
#include <core/syscalls.h>

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
    case FUTEX_LOCK_PI:
        kind = DEADLINE_OF_DAY;
        /* fall through */
    case FUTEX_LOCK_PI2:
        error = deadline_read(timeout, kind, &deadline);
        return error != 0 ? error : futex_lock(word, private, deadline, false);
    case FUTEX_TRYLOCK_PI:
        return futex_lock(word, private, DEADLINE_NEVER, true);
    case FUTEX_UNLOCK_PI:
        return futex_unlock(word, private);
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

long sys_set_robust_list(uaddr_t head, uint32_t size)
{
    if (size != sizeof(struct abi_robust_list))
        return -EINVAL;
    current->robust_list = head;
    return 0;
}

long sys_get_robust_list(int tid, uaddr_t head, uaddr_t size)
{
    const uint32_t bytes = sizeof(struct abi_robust_list);
    const struct thread *thread = current;
    const struct id *id;
    uint32_t list = 0;
    long error = -ESRCH;

    spin_lock(&processes_lock);
    if (tid != 0) {
        id = id_find(tid);
        thread = id != NULL ? id->thread : NULL;
    }
    if (thread != NULL && thread->process != NULL) {
        error = signal_permitted(thread->process, 0) ? 0 : -EPERM;
        list = thread->robust_list;
    }
    spin_unlock(&processes_lock);
    if (error == 0)
        error = copy_to_user(head, &list, sizeof(list));
    return error != 0 ? error : copy_to_user(size, &bytes, sizeof(bytes));
}
