/*
 * debug.c - checks of debug builds: the order of spinlocks, what may not be done with one held, and allocations that
 * fail on demand.
 *
 * A spinlock turns interrupts off, so whoever holds one is a CPU; each CPU keeps a stack of those it holds.
 */
#include <core/cpu_data.h>
#include <core/debug.h>
#include <core/process.h>
#include <core/thread.h>

#define HELD_MAX 12

static struct held {
    unsigned count;
    struct spinlock *locks[HELD_MAX];
} held[CPU_MAX];

static struct held *held_here(void)
{
    return &held[current->cpu->number];
}

void(debug_lock_before)(struct spinlock *lock)
{
    struct held *h = held_here();

    for (unsigned i = 0; i < h->count; i++) {
        struct spinlock *other = h->locks[i];

        if (other == lock)
            panic("lock %s: taken twice", lock->name);
        if (other->rank > lock->rank || (other->rank == lock->rank && other > lock))
            panic("lock %s (rank %d) taken while %s (rank %d) is held", lock->name, lock->rank, other->name,
                  other->rank);
    }
    debug_lock_wait(lock);
}

void(debug_lock_after)(struct spinlock *lock)
{
    struct held *h = held_here();

    kassert(h->count < HELD_MAX);
    h->locks[h->count++] = lock;
    lock->holder = current->cpu;
    debug_lock_taken(lock);
}

void(debug_unlock)(struct spinlock *lock)
{
    struct held *h = held_here();
    unsigned i = h->count;

    if (lock->holder != current->cpu)
        panic("lock %s: given up by a CPU that does not hold it", lock->name);
    lock->holder = NULL;
    while (i > 0 && h->locks[i - 1] != lock)
        i--;
    kassert(i > 0);
    h->count--;
    for (; i <= h->count; i++)
        h->locks[i - 1] = h->locks[i];
}

void(debug_lock_held)(const struct spinlock *lock)
{
    if (lock->holder != current->cpu)
        panic("lock %s: expected to be held here", lock->name);
}

void(debug_may_sleep)(void)
{
    uint32_t saved = irq_save(); /* not to look at what the CPU holds from which it has just moved */
    struct held *h = held_here();

    if (h->count > 0)
        panic("sleep or user memory with lock %s held", h->locks[h->count - 1]->name);
    if (system_started && saved & PSR_I)
        panic("sleep or user memory with interrupts off");
    irq_restore(saved);
}

/* Which session's allocations are counted (0: none's), and how many there are to go; 0: done. */
static uint32_t fail_session, fail_nth;

bool(debug_fail_allocation)(void)
{
    const struct process *process = current->process;
    uint32_t left = __atomic_load_n(&fail_nth, __ATOMIC_RELAXED);

    if (left == 0 || process == NULL || process->group->session->id != (int)fail_session)
        return false;
    while (left != 0 &&
           !__atomic_compare_exchange_n(&fail_nth, &left, left - 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        continue;
    return left == 1;
}

void(debug_controls)(void (*add)(const char *path, uint32_t *value, uint32_t lowest, uint32_t highest))
{
    add("sys/debug/fail_session", &fail_session, 0, INT32_MAX);
    add("sys/debug/fail_nth", &fail_nth, 0, UINT32_MAX);
}

void(debug_locks_print)(void (*print)(const char *format, ...))
{
    struct held *h = held_here();

    for (unsigned i = 0; i < h->count; i++)
        print("  holds lock %s (rank %d)", h->locks[i]->name, h->locks[i]->rank);
}
