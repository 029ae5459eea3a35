/*
 * mutex_robust.c - the list of robust mutexes that a thread holds, which the kernel walks when the thread ends
 * (ipc/futex_pi.c).
 *
 * It is a ring through the `next` words, with the thread's struct abi_robust_list in it; the `previous` words are for
 * taking one out.  Bit 0 of a pointer to an entry says that the mutex inherits priorities.  The thread may be killed
 * between any two instructions: so `pending` tells of the mutex that is on its way into the list or out of it.
 */
#include "mutex.h"
#include <sys/syscall.h>

#define ENTRY_INHERITS 1u
#define PENDING_TURN 2u

static unsigned entry_of(struct mutex *m)
{
    return (unsigned)(uintptr_t)&m->next | (m->kind & MUTEX_INHERIT ? ENTRY_INHERITS : 0);
}

/* The mutex of an entry. */
static struct mutex *mutex_at(unsigned entry)
{
    return (struct mutex *)((entry & ~ENTRY_INHERITS) - offsetof(struct mutex, next));
}

/* The list of a thread that has had none yet is made, and told to the kernel. */
static struct abi_robust_list *list_of(struct thread *self)
{
    struct abi_robust_list *list = &self->robust;

    if (list->offset == 0) {
        int saved = errno;

        list->next = (unsigned)(uintptr_t)list;
        list->offset = (int)offsetof(struct mutex, word) - (int)offsetof(struct mutex, next);
        syscall(SYS_set_robust_list, list, sizeof *list);
        errno = saved;
    }
    return list;
}

void __robust_begin(struct mutex *m)
{
    list_of(thread_self())->pending = entry_of(m);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

void __turn_begin(volatile unsigned *word)
{
    list_of(thread_self())->pending = (unsigned)(uintptr_t)word | PENDING_TURN;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

void __robust_add(struct mutex *m)
{
    struct abi_robust_list *list = &thread_self()->robust;
    unsigned head = (unsigned)(uintptr_t)list;

    m->next = list->next;
    m->previous = head;
    if (list->next != head)
        mutex_at(list->next)->previous = entry_of(m);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    list->next = entry_of(m);
}

void __robust_remove(struct mutex *m)
{
    struct abi_robust_list *list = &thread_self()->robust;
    unsigned head = (unsigned)(uintptr_t)list;

    if (m->previous == head)
        list->next = m->next;
    else
        mutex_at(m->previous)->next = m->next;
    if (m->next != head)
        mutex_at(m->next)->previous = m->previous;
}
