/*
 * lock.c - spinlocks: what is not inline.
 */
#include <core/lock.h>

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
