/*
 * futex.c - sleeping on a word of user memory: what locks, semaphores and condition variables are made of in user
 * space, where they call the kernel only to sleep and to wake.
 *
 * A word is known by a key: (space, address) for one process's own, (mapped object, offset) in a shared mapping, so
 * that processes meet at it wherever each of them has mapped it.  Who sleeps is a struct waiter on its own stack, in
 * the bucket that its key hashes to, by priority and in the order of arrival (core/wait.c).  It holds the object, lest
 * another gets its address; the only thread of a process need not: it has the object mapped as long as it sleeps.
 *
 * Why no wake is lost: the word is read, compared and, for a semaphore, changed with the bucket's lock held, and who
 * wakes changes the word first and takes the lock after.  So either the sleeper sees the change, or the waker sees the
 * sleeper.  A fault cannot be mended under a spinlock: an access to a page that is not there fails at once
 * (mm/user_access.S), the lock is given up, the page is brought in, and all is begun again.
 *
 * Semaphores.  Waiting and posting need no call while there are units and nobody sleeps.  Else they come here, where a
 * unit is handed to the first sleeper directly, without passing through the word: nobody can snatch it on the way,
 * and when the sleeper is killed before it is back in user space, the next one gets it.  While the word holds a number
 * nobody sleeps; so a sleeper that ends for another reason leaves nothing to be put right but, at most, one call that
 * finds nobody to wake.
 *
 * Words that have an owner, what a thread's end leaves, and who waits, are futex_pi.c's.
 */
#include <abi/futex.h>
#include <core/syscalls.h>
#include <fs/fs.h>
#include <ipc/futex.h>
#include <ipc/futex_word.h>
#include <ipc/signal.h>

#define SEM_MAX 0x7fffffffu

struct bucket futex_buckets[FUTEX_BUCKETS];

void futex_start(void)
{
    for (unsigned i = 0; i < FUTEX_BUCKETS; i++) {
        spin_init(&futex_buckets[i].lock, "futex", RANK_FUTEX);
        wait_queue_init(&futex_buckets[i].waiters);
        list_init(&futex_buckets[i].owned);
    }
    procfs_add("futex", futex_show);
}

/* What the word is, which lies in `area`, or in none: 0, or -EFAULT. */
static inline int word_know(struct word *word, struct space *space, const struct area *area)
{
    struct backing object;

    if (area == NULL)
        return -EFAULT;
    if (!(area->flags & MAP_SHARED)) {
        word_know_by(word, space, word->address);
        return 0;
    }
    object = area->backing;
    if (object.ops->behind != NULL)
        object = object.ops->behind(object.object);
    word_know_by(word, object.object, area_position(area, word->address));
    word->mapped = object.ops;
    return 0;
}

/* The same where others may unmap the word meanwhile. */
static __attribute__((noinline)) int word_hold(struct word *word, struct space *space)
{
    int error;

    mutex_lock(&space->lock);
    error = word_know(word, space, space_area(space, word->address));
    word->held = error == 0 && word->mapped != NULL;
    if (word->held)
        word->mapped->get(word->key.object);
    mutex_unlock(&space->lock);
    return error;
}

int word_find_shared(struct word *word)
{
    struct process *process = current->process;
    struct space *space = process->space;

    if (process->files->shared || space->references != 1)
        return word_hold(word, space);
    return word_know(word, space, space_area(space, word->address));
}

int word_mend(struct word *word, bool write)
{
    uint32_t value, seen;
    int error;

    spin_unlock(&word->bucket->lock);
    error = user_load_word(word->address, &value);
    if (error == 0 && write)
        error = user_compare_and_swap(word->address, value, value, &seen);
    if (error == 0)
        spin_lock(&word->bucket->lock);
    return error;
}

/* Is the word as expected?  0: it is, and the bucket's lock is held; else -EAGAIN or -EFAULT. */
static int word_compare(struct word *word, uint32_t expected)
{
    uint32_t value;

    spin_lock(&word->bucket->lock);
    while (user_load_word(word->address, &value) != 0)
        if (word_mend(word, false) != 0)
            return -EFAULT;
    if (value == expected)
        return 0;
    spin_unlock(&word->bucket->lock);
    return -EAGAIN;
}

/* Join the bucket's queue and sleep.  Its lock is held before, and not after.  Answers as wait_commit(). */
static long waiter_sleep(struct waiter *waiter, const char *reason, uint64_t deadline)
{
    struct bucket *bucket = waiter->word.bucket;

    return wait_sleep_unlock(&bucket->waiters, &waiter->entry, &bucket->lock, reason, deadline, WAIT_INTERRUPTIBLE);
}

/* A stop, or a signal without a handler, does not end a wait that was not moved: true to sleep on to the deadline. */
static bool waits_on(const struct waiter *waiter, long result)
{
    return result == -ERESTART && waiter->word.bucket != NULL && !signal_settle();
}

/* The deadline of an operation; only FUTEX_WAIT has a relative timeout. */
static __attribute__((noinline)) long timeout_read_given(uaddr_t timeout, int operation, uint64_t *deadline)
{
    if ((operation & ~FUTEX_PRIVATE) == FUTEX_WAIT)
        return deadline_read(timeout, DEADLINE_RELATIVE, deadline);
    return deadline_read(timeout, operation & FUTEX_REALTIME ? DEADLINE_OF_DAY : DEADLINE_MONOTONIC, deadline);
}

static inline long timeout_read(uaddr_t timeout, int operation, uint64_t *deadline)
{
    uint64_t given; /* so that *deadline need not be in memory */
    long error;

    *deadline = DEADLINE_NEVER;
    if (timeout == 0)
        return 0;
    error = timeout_read_given(timeout, operation, &given);
    if (error == 0)
        *deadline = given;
    return error;
}

/* Sleep if the word at `address` holds `expected`, until woken with one of `bits`.  0; -EAGAIN: another value;
 * -ETIMEDOUT, -ERESTART.  1, however it ended, where it was moved to another word: the waker has counted it. */
static __attribute__((noinline)) long futex_wait(uaddr_t address, int operation, uint32_t expected, uaddr_t timeout,
                                                 uint32_t bits)
{
    struct waiter waiter;
    uint64_t deadline;
    long result = bits != 0 ? timeout_read(timeout, operation, &deadline) : -EINVAL;

    if (result == 0)
        result = word_find(&waiter.word, address, operation & FUTEX_PRIVATE);
    if (result != 0)
        return result;
    waiter.bits = bits;
    do {
        result = word_compare(&waiter.word, expected);
        if (result == 0)
            result = waiter_sleep(&waiter, "futex", deadline);
    } while (waits_on(&waiter, result));
    word_release(&waiter.word);
    if (waiter.word.bucket == NULL)
        return 1;
    if (result == 0)
        return 0;
    /* With a relative timeout it is not begun again after a handler, SA_RESTART or not: it would last too long. */
    return result == -ERESTART && timeout != 0 && (operation & ~FUTEX_PRIVATE) == FUTEX_WAIT ? -EINTR : result;
}

static bool waits_for(struct wait_entry *entry, const struct word *word, uint32_t bits)
{
    return waiter_of(entry)->bits & bits && key_equal(&waiter_of(entry)->word.key, &word->key);
}

/* Wake up to `count` who wait for the word with one of `bits`; the bucket's lock is held.  Answers how many. */
static inline uint32_t word_wake(const struct word *word, uint32_t count, uint32_t bits)
{
    struct wait_entry *entry, *after;
    uint32_t woken = 0;

    if (count == 0)
        return 0;
    list_for_each_entry_safe (entry, after, &word->bucket->waiters.entries, link) {
        if (waits_for(entry, word, bits) && wake_entry(entry, 0) && ++woken == count)
            break;
    }
    return woken;
}

long futex_wake(uaddr_t address, int operation, uint32_t count, uint32_t bits)
{
    struct word word;
    uint32_t woken;
    int error;

    if (bits == 0)
        return -EINVAL;
    error = word_find(&word, address, operation & FUTEX_PRIVATE);
    if (error != 0)
        return error;
    spin_lock(&word.bucket->lock);
    woken = word_wake(&word, count, bits);
    spin_unlock(&word.bucket->lock);
    word_release(&word);
    return (long)woken;
}

/* The real-time priority of the first who waits for the word with one of `bits` and can still be woken, or -ESRCH;
 * without bits, one's own. */
static __attribute__((noinline)) long futex_priority(uaddr_t address, int operation, uint32_t bits)
{
    struct wait_entry *entry;
    struct word word;
    long result = word_find(&word, address, operation & FUTEX_PRIVATE);

    if (result != 0)
        return result;
    result = bits == 0 ? current->priority : -ESRCH;
    spin_lock(&word.bucket->lock);
    list_for_each_entry (entry, &word.bucket->waiters.entries, link) {
        if (waits_for(entry, &word, bits) && wait_is_armed(entry->thread->wait_state)) {
            result = entry->thread->priority;
            break;
        }
    }
    spin_unlock(&word.bucket->lock);
    word_release(&word);
    return result;
}

/* Have a waiter wait for `to`: it stands there as one who has just come, and holds that word's object instead of its
 * own.  True: it held its own, whose reference is the caller's now.  Both locks are held. */
static bool waiter_move(struct waiter *waiter, const struct word *to)
{
    bool held = waiter->word.held;

    list_unlink(&waiter->entry.link); /* not list_remove(): a waiter that finds itself removed goes on without a lock */
    waiter->word = *to;
    waiter->word.bucket = NULL; /* it has another word than its caller knows */
    waiter->word.held = to->mapped != NULL;
    if (waiter->word.held)
        to->mapped->get(to->key.object);
    wait_enqueue(&to->bucket->waiters, &waiter->entry, &to->bucket->lock);
    return held;
}

/* Answers how many were moved; *unheld: how many references of `from` are the caller's now. */
static uint32_t word_move(const struct word *from, const struct word *to, uint32_t count, uint32_t *unheld)
{
    struct wait_entry *entry, *after;
    uint32_t moved = 0;

    list_for_each_entry_safe (entry, after, &from->bucket->waiters.entries, link) {
        if (moved == count)
            break;
        if (!waits_for(entry, from, FUTEX_ALL_BITS))
            continue;
        *unheld += waiter_move(waiter_of(entry), to);
        moved++;
    }
    return moved;
}

static long requeue_words(const struct word *from, const struct word *to, uint32_t wake, uint32_t move)
{
    uint32_t unheld = 0, answer;

    spin_lock_two(&from->bucket->lock, &to->bucket->lock);
    answer = word_wake(from, wake, FUTEX_ALL_BITS);
    if (!key_equal(&from->key, &to->key))
        answer += word_move(from, to, move, &unheld);
    spin_unlock_two(&from->bucket->lock, &to->bucket->lock);
    for (; unheld > 0; unheld--)
        from->mapped->put(from->key.object);
    return (long)answer;
}

/* Wake up to `wake` sleepers and have up to `move` more wait at the word `to` from now on; answers how many both were.
 */
static __attribute__((noinline)) long futex_requeue(uaddr_t from, int operation, uint32_t wake, uint32_t move,
                                                    uaddr_t to)
{
    bool private = operation & FUTEX_PRIVATE;
    struct word source, target;
    long result;

    if ((int)wake < 0 || (int)move < 0)
        return -EINVAL;
    result = word_find(&source, from, private);
    if (result != 0)
        return result;
    result = word_find(&target, to, private);
    if (result == 0) {
        result = requeue_words(&source, &target, wake, move);
        word_release(&target);
    }
    word_release(&source);
    return result;
}

/* Take a unit from the count.  1: done; 0: there is none, and the word says that somebody sleeps; -EFAULT: not at
 * once.  The bucket's lock is held. */
static int sem_take(uaddr_t address)
{
    uint32_t value, seen;
    bool some;

    do {
        if (user_load_word(address, &value) != 0)
            return -EFAULT;
        if (value == FUTEX_SEM_WAITED)
            return 0;
        some = value - 1 < SEM_MAX;
        if (user_compare_and_swap(address, value, some ? value - 1 : FUTEX_SEM_WAITED, &seen) != 0)
            return -EFAULT;
    } while (seen != value);
    return some;
}

/* Add a unit to the count; nobody waits.  0, -EOVERFLOW; -EFAULT: not at once.  The bucket's lock is held. */
static int sem_add(uaddr_t address)
{
    uint32_t value, seen;

    do {
        if (user_load_word(address, &value) != 0)
            return -EFAULT;
        if (value == SEM_MAX)
            return -EOVERFLOW; /* POSIX sem_post: EOVERFLOW */
        if (user_compare_and_swap(address, value, value < SEM_MAX ? value + 1 : 1, &seen) != 0)
            return -EFAULT;
    } while (seen != value);
    return 0;
}

static long sem_wait_once(struct waiter *waiter, uint64_t deadline)
{
    int taken;

    spin_lock(&waiter->word.bucket->lock);
    while ((taken = sem_take(waiter->word.address)) < 0)
        if (word_mend(&waiter->word, true) != 0)
            return -EFAULT;
    if (taken == 0)
        return waiter_sleep(waiter, "semaphore", deadline);
    spin_unlock(&waiter->word.bucket->lock);
    return 0;
}

static long sem_post_word(struct word *word)
{
    int error = 0;

    spin_lock(&word->bucket->lock);
    while (word_wake(word, 1, FUTEX_ALL_BITS) == 0 && (error = sem_add(word->address)) == -EFAULT)
        if (word_mend(word, true) != 0)
            return -EFAULT;
    spin_unlock(&word->bucket->lock);
    return error;
}

/* Take a unit of a semaphore (abi/futex.h tells what the word holds), if need be sleep until one comes.  0, -ETIMEDOUT,
 * -ERESTART. */
static __attribute__((noinline)) long futex_sem_wait(uaddr_t address, int operation, uaddr_t timeout)
{
    struct waiter waiter;
    uint64_t deadline;
    long result = timeout_read(timeout, operation, &deadline);

    if (result == 0)
        result = word_find(&waiter.word, address, operation & FUTEX_PRIVATE);
    if (result != 0)
        return result;
    waiter.bits = FUTEX_ALL_BITS;
    do
        result = sem_wait_once(&waiter, deadline);
    while (waits_on(&waiter, result));
    if (result == 0 && signal_kill_pending(current))
        sem_post_word(&waiter.word); /* it never gets to know that it had the unit */
    word_release(&waiter.word);
    return result;
}

/* 0, or -EOVERFLOW. */
static __attribute__((noinline)) long futex_sem_post(uaddr_t address, int operation)
{
    struct word word;
    long result = word_find(&word, address, operation & FUTEX_PRIVATE);

    if (result != 0)
        return result;
    result = sem_post_word(&word);
    word_release(&word);
    return result;
}

static __attribute__((noinline)) long futex_lock_until(uaddr_t word, int operation, uaddr_t timeout)
{
    uint64_t deadline;
    long error = timeout_read(timeout, operation, &deadline);

    return error != 0 ? error : futex_lock(word, operation & FUTEX_PRIVATE, deadline, false);
}

/* The operations are functions of their own, not inlined here, so that none pays for what another one has to save. */
long sys_futex(uaddr_t word, int operation, uint32_t value, uaddr_t timeout, uaddr_t word2, uint32_t value2)
{
    switch (operation & ~(FUTEX_PRIVATE | FUTEX_REALTIME)) {
    case FUTEX_LOCK_PI:
        return futex_lock_until(word, operation | FUTEX_REALTIME, timeout);
    case FUTEX_LOCK_PI2:
        return futex_lock_until(word, operation, timeout);
    case FUTEX_TRYLOCK_PI:
        return futex_lock(word, operation & FUTEX_PRIVATE, DEADLINE_NEVER, true);
    case FUTEX_UNLOCK_PI:
        return futex_unlock(word, operation & FUTEX_PRIVATE);
    case FUTEX_SEM_POST:
        return futex_sem_post(word, operation);
    case FUTEX_SEM_WAIT:
        return futex_sem_wait(word, operation, timeout);
    case FUTEX_WAIT:
        return operation & FUTEX_REALTIME ? -ENOSYS : futex_wait(word, operation, value, timeout, FUTEX_ALL_BITS);
    case FUTEX_WAIT_BITSET:
        return futex_wait(word, operation, value, timeout, value2);
    case FUTEX_WAKE:
        return futex_wake(word, operation, value, FUTEX_ALL_BITS);
    case FUTEX_WAKE_BITSET:
        return futex_wake(word, operation, value, value2);
    case FUTEX_REQUEUE:
        return futex_requeue(word, operation, value, timeout, word2);
    case FUTEX_PRIORITY:
        return futex_priority(word, operation, value2);
    default:
        return -ENOSYS;
    }
}
