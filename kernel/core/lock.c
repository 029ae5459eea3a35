/*
 * lock.c - the slow ways of mutexes; pairs of spinlocks.
 *
 * A mutex with waiters has MUTEX_WAITERS in its owner word, so that neither fast way fits and both come here.  The lock
 * inside guards the queue and every change of a word with that bit.  Giving up hands the mutex to the longest waiter
 * before it runs: nobody can overtake it.
 */
#include <core/cpu_data.h>
#include <core/lock.h>
#include <core/thread.h>
#include <core/wait.h>

void spin_init(struct spinlock *lock, const char *name, enum lock_rank rank)
{
    *lock = (struct spinlock)SPINLOCK_INIT(name, rank);
}

void spin_lock_two(struct spinlock *a, struct spinlock *b)
{
    struct spinlock *first = a < b ? a : b, *second = a < b ? b : a;

    spin_lock(first);
    if (first != second)
        spin_lock(second);
}

void spin_unlock_two(struct spinlock *a, struct spinlock *b)
{
    struct spinlock *first = a < b ? a : b, *second = a < b ? b : a;

    if (first != second)
        spin_unlock(second);
    spin_unlock(first);
}

void mutex_init(struct mutex *mutex, const char *name)
{
    mutex->owner = 0;
    mutex->name = name;
    spin_init(&mutex->lock, name, RANK_MUTEX);
    wait_queue_init(&mutex->waiters);
}

/* Set the waiters' bit, or take a mutex that has become free.  mutex->lock held.  True: taken. */
static bool take_or_mark(struct mutex *mutex)
{
    uint32_t seen = __atomic_load_n(&mutex->owner, __ATOMIC_RELAXED);

    for (;;) {
        uint32_t want = seen == 0 ? (uint32_t)current : seen | MUTEX_WAITERS;

        if (__atomic_compare_exchange_n(&mutex->owner, &seen, want, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return want == (uint32_t)current;
    }
}

void mutex_lock_slow(struct mutex *mutex)
{
    debug_assert(!mutex_held(mutex));
    spin_lock(&mutex->lock);
    if (take_or_mark(mutex)) {
        spin_unlock(&mutex->lock);
        return;
    }
    wait_sleep_unlock(&mutex->waiters, &mutex->lock, mutex->name, DEADLINE_NEVER, 0);
    debug_assert(mutex_held(mutex)); /* it was handed over */
}

void mutex_unlock_slow(struct mutex *mutex)
{
    struct wait_entry *heir;

    kassert(mutex_held(mutex));
    spin_lock(&mutex->lock);
    heir = container_of(list_first(&mutex->waiters.entries), struct wait_entry, link);
    __atomic_store_n(&mutex->owner, (uint32_t)heir->thread | (heir->link.next != &mutex->waiters.entries),
                     __ATOMIC_RELEASE);
    wake_entry(heir, 0);
    spin_unlock(&mutex->lock);
}
