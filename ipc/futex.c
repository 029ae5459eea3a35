/*
 * futex.c - sleeping on a word of user memory: what locks, semaphores and condition variables are made of in user
 * space, where they call the kernel only to sleep and to wake.
 *
 * A sleeper is a struct waiter on its own stack, in the bucket that its key hashes to.  The key is (space, address).
 * Waiters of one key stand in the order of their arrival.  Each has a queue of its own, of one: itself.
 *
 * Why no wake is lost: the sleeper enters its bucket first and looks at the word after; the waker changes the word
 * first and looks into the bucket after.  So either the sleeper sees the change, or the waker sees the sleeper.  The
 * word is read without the bucket's lock, since that may fault and sleep; a waker that comes in between marks the
 * waiter as woken.
 *
 * Left out on purpose: words shared between processes, which need the mapped object as their key.
 */
#include <abi/errno.h>
#include <core/thread.h>
#include <core/process.h>
#include <ipc/futex.h>
#include <ipc/signal.h>
#include <mm/user.h>

#define BUCKETS 64

struct bucket {
    struct spinlock lock; /* RANK_FUTEX; guards the list, and the waiters in it */
    struct list waiters;
};

struct waiter {
    struct list link;
    const struct space *space;
    uaddr_t address;
    bool woken;
    struct wait_queue queue;
};

static struct bucket buckets[BUCKETS];

void futex_start(void)
{
    for (unsigned i = 0; i < BUCKETS; i++) {
        spin_init(&buckets[i].lock, "futex", RANK_FUTEX);
        list_init(&buckets[i].waiters);
    }
}

static struct bucket *find_bucket(const struct space *space, uaddr_t address)
{
    uint32_t key = (uint32_t)space ^ address;

    return &buckets[key * 2654435761u >> 26]; /* Knuth's multiplicative hash; the upper 6 bits */
}

/* Enter, then read the word.  True: it is as expected, go to sleep. */
static bool enter(struct bucket *bucket, struct waiter *waiter, uint32_t expected, long *error)
{
    uint32_t value;

    spin_lock(&bucket->lock);
    list_add_tail(&bucket->waiters, &waiter->link);
    spin_unlock(&bucket->lock);
    *error = user_load_word(waiter->address, &value);
    if (*error == 0 && value != expected)
        *error = -EAGAIN;
    return *error == 0;
}

long futex_wait(uaddr_t address, uint32_t expected, uint64_t deadline)
{
    struct waiter waiter = {.space = current->process->space, .address = address};
    struct bucket *bucket = find_bucket(waiter.space, address);
    long result;
    bool asleep;

    if (address & 3)
        return -EINVAL;
    wait_queue_init(&waiter.queue);
    asleep = enter(bucket, &waiter, expected, &result);
    spin_lock(&bucket->lock);
    while (asleep && !waiter.woken && result == 0) {
        result = wait_sleep(&waiter.queue, &bucket->lock, "futex", deadline, WAIT_INTERRUPTIBLE);
        if (result == -ERESTART && !waiter.woken) {
            spin_unlock(&bucket->lock);
            if (!signal_settle())
                result = 0; /* a stop, or a signal without a handler: sleep on to the same deadline */
            spin_lock(&bucket->lock);
        }
    }
    if (!waiter.woken)
        list_remove(&waiter.link);
    spin_unlock(&bucket->lock);
    return waiter.woken ? 0 : result;
}

long futex_wake(uaddr_t address, uint32_t count)
{
    const struct space *space = current->process->space;
    struct bucket *bucket = find_bucket(space, address);
    struct waiter *waiter, *after;
    uint32_t woken = 0;

    if (address & 3)
        return -EINVAL;
    if (!user_range_ok(address, 4))
        return -EFAULT;
    spin_lock(&bucket->lock);
    list_for_each_entry_safe (waiter, after, &bucket->waiters, link) {
        if (woken == count)
            break;
        if (waiter->space != space || waiter->address != address)
            continue;
        list_remove(&waiter->link);
        waiter->woken = true;
        wake_one(&waiter->queue, 0);
        woken++;
    }
    spin_unlock(&bucket->lock);
    return (long)woken;
}
