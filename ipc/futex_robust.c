/*
 * futex_robust.c - what a thread's end leaves in user memory: the locks that it held.
 *
 * User space keeps a list, in its own memory, of the locks that a thread holds, and has told where it begins
 * (set_robust_list, struct abi_robust_list).  When the thread leaves its program, by its end or by exec, the list is
 * walked: a word with the thread's tid becomes FUTEX_OWNER_DIED, FUTEX_WAITERS is kept, and one who waits is woken.
 * Bit 0 of a pointer in the list says that the lock is one of futex_pi.c: there the kernel's own list of what the
 * thread held passes it on.
 *
 * The list may be anything: each word is read as user memory is, and the walk ends after ROBUST_MAX entries.
 */
#include <abi/errno.h>
#include <abi/futex.h>
#include <core/process.h>
#include <core/syscalls.h>
#include <core/thread.h>
#include <ipc/futex.h>
#include <ipc/signal.h>
#include <mm/user.h>

#define ROBUST_MAX 2048
#define ENTRY_PI 1u

/* One that waits for the word is woken, whether it said FUTEX_PRIVATE or not. */
static void wake(uaddr_t address)
{
    if (futex_wake(address, false, 1, FUTEX_ALL_BITS) == 0)
        futex_wake(address, true, 1, FUTEX_ALL_BITS);
}

/* `pending`: the thread was about to take the lock or to give it back. */
static void owner_died(uaddr_t address, bool pi, bool pending)
{
    uint32_t value, seen;

    if (user_load_word(address, &value) != 0)
        return;
    if (pending && !pi && value == 0)
        wake(address); /* it had given the lock back, but woken nobody yet */
    for (; (value & FUTEX_TID_MASK) == (uint32_t)current->tid; value = seen) {
        if (user_compare_and_swap(address, value, (value & FUTEX_WAITERS) | FUTEX_OWNER_DIED, &seen) != 0)
            return;
        if (seen != value)
            continue;
        if (!pi && value & FUTEX_WAITERS)
            wake(address);
        return;
    }
}

static void walk(uaddr_t head)
{
    struct abi_robust_list list;
    uint32_t entry, next;

    if (copy_from_user(&list, head, sizeof(list)) != 0)
        return;
    entry = list.next;
    for (unsigned i = 0; i < ROBUST_MAX && (entry & ~ENTRY_PI) != head; i++) {
        if (user_load_word(entry & ~ENTRY_PI, &next) != 0)
            break;
        if (entry != list.pending)
            owner_died((entry & ~ENTRY_PI) + (uint32_t)list.offset, entry & ENTRY_PI, false);
        entry = next;
    }
    if (list.pending != 0)
        owner_died((list.pending & ~ENTRY_PI) + (uint32_t)list.offset, list.pending & ENTRY_PI, true);
}

void futex_leave_user(bool for_good)
{
    struct thread *self = current;

    if (self->robust_list != 0)
        walk(self->robust_list);
    self->robust_list = 0;
    mutex_leave_user(for_good);
}

void futex_clear(uaddr_t address)
{
    static const uint32_t zero;

    if (copy_to_user(address, &zero, sizeof(zero)) == 0)
        futex_wake(address, true, UINT32_MAX, FUTEX_ALL_BITS);
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
    const struct thread *thread;
    uint32_t list = 0;
    long error = -ESRCH;

    spin_lock(&processes_lock);
    thread = tid == 0 ? current : id_find(tid)->thread;
    if (thread != NULL && thread->process != NULL) {
        error = signal_permitted(thread->process, 0) ? 0 : -EPERM;
        list = thread->robust_list;
    }
    spin_unlock(&processes_lock);
    if (error == 0)
        error = copy_to_user(head, &list, sizeof(list));
    return error != 0 ? error : copy_to_user(size, &bytes, sizeof(bytes));
}
