/*
 * lock_use.c - debug builds: how often spinlocks are taken, and how long CPUs wait for them.
 *
 * Counted is by class: all locks of one name, such as those of all pipes.  Each CPU counts for itself, with interrupts
 * off; so there is no lock, and who reads the sums may see them change.
 *
 * A wait is counted where the lock was seen to be held; where another CPU takes it between that look and the taking it
 * is not.
 */
#include <core/cpu_data.h>
#include <core/thread.h>

#define CLASSES 64 /* a power of two, more than there are names */

static struct lock_class {
    const char *name; /* NULL: the place is free */
    unsigned rank;
    struct lock_use by_cpu[CPU_MAX];
} classes[CLASSES];

static uint64_t wait_start[CPU_MAX]; /* when the CPU saw that the lock was held; 0: it was not */

/* The class of a name, by its address; it gets a free place when it is first asked for. */
static struct lock_class *find_class(const struct spinlock *lock)
{
    uint32_t place = (uint32_t)lock->name * 2654435761u >> 26; /* Knuth's multiplicative hash */

    for (;; place = (place + 1) % CLASSES) {
        struct lock_class *class = &classes[place];
        const char *seen = NULL;

        if (class->name == lock->name)
            return class;
        if (class->name == NULL &&
            __atomic_compare_exchange_n(&class->name, &seen, lock->name, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            class->rank = lock->rank;
        if (class->name == lock->name)
            return class;
    }
}

void debug_lock_wait(const struct spinlock *lock)
{
    wait_start[current->cpu->number] = *(const volatile uint32_t *)&lock->word != 0 ? counter_read() : 0;
}

void debug_lock_taken(const struct spinlock *lock)
{
    unsigned number = current->cpu->number;
    struct lock_use *use = &find_class(lock)->by_cpu[number];
    uint64_t waited;

    use->taken++;
    if (wait_start[number] == 0)
        return;
    waited = counter_read() - wait_start[number];
    use->waited++;
    use->total += waited;
    if (waited > use->longest)
        use->longest = waited;
}

bool debug_lock_use(unsigned number, struct lock_use *sum)
{
    const struct lock_class *class = &classes[number];

    if (number == CLASSES)
        return false;
    *sum = (struct lock_use){.name = class->name, .rank = class->rank};
    for (unsigned i = 0; i < cpu_count; i++) {
        const struct lock_use *use = &class->by_cpu[i];

        sum->taken += use->taken;
        sum->waited += use->waited;
        sum->total += use->total;
        if (use->longest > sum->longest)
            sum->longest = use->longest;
    }
    return true;
}
