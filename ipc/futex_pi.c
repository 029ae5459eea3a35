/*
 * futex_pi.c - words that have an owner, who inherits the priority of those that wait: FUTEX_LOCK_PI and its kin.
 *
 * The word holds the owner's tid, or 0, with FUTEX_WAITERS and FUTEX_OWNER_DIED or-ed in.  User space takes a word that
 * is 0 and gives back one that is its own tid alone; all else is done here.  While somebody waits, a struct owned in
 * the bucket has a mutex that stands for the word: the word's owner holds it, the callers wait for it, and core/mutex.c
 * lends him their priorities, as with the kernel's own mutexes.
 *
 * Giving up.  The mutex is passed on, and the new owner's tid is written into the word, with the bucket's lock held.
 * When an owner ends, core/mutex.c passes on what it held (mutex_leave_user()); there the new owner writes its tid
 * itself, with FUTEX_OWNER_DIED, before it is back in user space.  In between the mutex says who has the word: so it is
 * asked first, and the word only where nobody holds the mutex.
 *
 * A tid in a word may be a lie: whom it names gets a priority lent that others had, nothing more.
 *
 * Left out on purpose: FUTEX_WAIT_REQUEUE_PI.
 */
#include <abi/errno.h>
#include <abi/futex.h>
#include <core/process.h>
#include <core/thread.h>
#include <ipc/futex.h>
#include <ipc/futex_word.h>
#include <ipc/signal.h>
#include <mm/kmalloc.h>

OBJECT_CACHE(owned_cache, "futex", sizeof(struct owned));

/* The bucket's lock is held for all of these, unless they say otherwise. */

static struct owned *owned_find(const struct word *word)
{
    struct owned *owned;

    list_for_each_entry (owned, &word->bucket->owned, link) {
        if (key_equal(&owned->key, &word->key))
            return owned;
    }
    return NULL;
}

/* Take the word if it has no owner (0), or say in it that somebody waits: the owner's tid.  -EDEADLK: that is the
 * running thread; -EAGAIN: there is one, and `try`; -EFAULT: not at once. */
static int take_or_mark(uaddr_t address, bool try)
{
    uint32_t value, wanted, seen, self = (uint32_t)current->tid;

    if (user_load_word(address, &value) != 0)
        return -EFAULT;
    for (;; value = seen) {
        uint32_t owner = value & FUTEX_TID_MASK;

        if (owner == self)
            return -EDEADLK;
        if (owner != 0 && try)
            return -EAGAIN;
        wanted = owner == 0 ? self | (value & FUTEX_OWNER_DIED) : value | FUTEX_WAITERS;
        if (user_compare_and_swap(address, value, wanted, &seen) != 0)
            return -EFAULT;
        if (seen == value)
            return (int)owner;
    }
}

/* The thread of that number holds the mutex.  0, or -ESRCH. */
static int adopt(struct mutex *mutex, int tid)
{
    struct thread *thread;
    bool found;

    spin_lock(&processes_lock);
    thread = id_find(tid)->thread;
    found = thread != NULL && thread->process != NULL && mutex_adopt(mutex, thread);
    spin_unlock(&processes_lock);
    return found ? 0 : -ESRCH;
}

/* Write into the word, which the running thread was handed, that it has it. */
static int claim(uaddr_t address, bool died)
{
    uint32_t value, wanted, seen, self = (uint32_t)current->tid;

    if (user_load_word(address, &value) != 0)
        return -EFAULT;
    for (; (value & FUTEX_TID_MASK) != self; value = seen) {
        wanted = self | FUTEX_WAITERS | (value & FUTEX_OWNER_DIED) | (died ? FUTEX_OWNER_DIED : 0);
        if (user_compare_and_swap(address, value, wanted, &seen) != 0)
            return -EFAULT;
        if (seen == value)
            return 0;
    }
    return 0;
}

/* Find who has the word, or take it.  0: taken.  1: somebody has it, and the call stands in call->owned, which is
 * `spare` if there was none.  Else an error, and at most FUTEX_WAITERS was set. */
static int lock_begin(struct locking *call, struct owned *spare, bool try)
{
    struct owned *owned = owned_find(&call->word);
    int owner, error;

    if (owned != NULL && mutex_held(&owned->mutex))
        return -EDEADLK;
    if (owned != NULL && owned->mutex.owner != 0 && try)
        return -EAGAIN;
    if (owned == NULL || owned->mutex.owner == 0) {
        owner = take_or_mark(call->word.address, try);
        if (owner <= 0)
            return owner;
        error = adopt(owned != NULL ? &owned->mutex : &spare->mutex, owner);
        if (error != 0)
            return error;
    }
    if (owned == NULL) {
        owned = spare;
        list_add_head(&call->word.bucket->owned, &owned->link);
    }
    call->owned = owned;
    list_add_tail(&owned->calls, &call->link);
    return 1;
}

/* The call, which `holds` the word now or does not, leaves call->owned, and frees it as the last.  The lock is given
 * up. */
static void lock_leave(struct locking *call, bool holds)
{
    struct owned *owned = call->owned;
    bool last;

    list_remove(&call->link);
    last = list_empty(&owned->calls);
    if (last) {
        list_remove(&owned->link);
        mutex_forget(&owned->mutex);
    } else if (holds) {
        mutex_adopt(&owned->mutex, current);
    }
    spin_unlock(&call->word.bucket->lock);
    if (last)
        cache_free(&owned_cache, owned);
}

/* The wait is over with `result`, as mutex_sleep() answers; the lock is not held.  0 or an error. */
static long lock_end(struct locking *call, long result)
{
    struct bucket *bucket = call->word.bucket;

    spin_lock(&bucket->lock);
    while (result >= 0 && claim(call->word.address, result > 0) != 0) {
        if (word_mend(&call->word, true) != 0) { /* the word is gone: let the next one see */
            spin_lock(&bucket->lock);
            mutex_pass(&call->owned->mutex);
            result = -EFAULT;
        }
    }
    lock_leave(call, result >= 0);
    return result < 0 ? result : 0;
}

/* Wait for the word's owner.  The lock is held, and given up. */
static long lock_wait(struct locking *call, uint64_t deadline)
{
    long result = mutex_join(&call->owned->mutex, &call->wait);

    spin_unlock(&call->word.bucket->lock);
    if (result == 0)
        result = 1; /* the owner has ended meanwhile */
    else if (result > 0)
        result = mutex_sleep(&call->wait, deadline);
    return lock_end(call, result);
}

/* The lock is not held.  As futex_lock(). */
static long lock_once(struct locking *call, uint64_t deadline, bool try)
{
    struct owned *spare = cache_alloc(&owned_cache);
    int result;

    if (spare == NULL)
        return -ENOMEM;
    mutex_init(&spare->mutex, "futex-pi");
    list_init(&spare->calls);
    spare->key = call->word.key;
    call->owned = NULL;
    spin_lock(&call->word.bucket->lock);
    while ((result = lock_begin(call, spare, try)) == -EFAULT)
        if (word_mend(&call->word, true) != 0)
            goto out;
    if (result > 0) {
        if (call->owned == spare)
            spare = NULL;
        result = (int)lock_wait(call, deadline);
        goto out;
    }
    spin_unlock(&call->word.bucket->lock);
out:
    cache_free(&owned_cache, spare);
    return result;
}

/* No thread has the tid in the word: has that one ended and said so in the word meanwhile? */
static bool has_changed(const struct word *word, uint32_t before)
{
    uint32_t value;

    return user_load_word(word->address, &value) == 0 && (value & FUTEX_TID_MASK) != (before & FUTEX_TID_MASK);
}

long futex_lock(uaddr_t address, bool private, uint64_t deadline, bool try)
{
    struct locking call = {.thread = current};
    uint32_t before = 0;
    long result = word_find(&call.word, address, private);

    if (result != 0)
        return result;
    do {
        if (user_load_word(address, &before) != 0)
            result = -EFAULT;
        else
            result = lock_once(&call, deadline, try);
    } while ((result == -ERESTART && !signal_settle()) || (result == -ESRCH && has_changed(&call.word, before)));
    word_release(&call.word);
    return result;
}

/* 0; -EPERM: the word is another's; -EFAULT: not at once. */
static long unlock_word(const struct word *word)
{
    struct owned *owned = owned_find(word);
    bool waited = owned != NULL && mutex_held(&owned->mutex);
    uint32_t value, seen, next;

    do {
        if (user_load_word(word->address, &value) != 0)
            return -EFAULT;
        if ((value & FUTEX_TID_MASK) != (uint32_t)current->tid)
            return -EPERM;
        if (user_compare_and_swap(word->address, value, waited ? value : 0, &seen) != 0)
            return -EFAULT;
    } while (seen != value);
    if (waited) {
        next = (uint32_t)mutex_pass(&owned->mutex);
        user_store_word(word->address, next != 0 ? next | FUTEX_WAITERS : 0); /* it could be written just now */
    }
    return 0;
}

long futex_unlock(uaddr_t address, bool private)
{
    struct word word;
    long result = word_find(&word, address, private);

    if (result != 0)
        return result;
    spin_lock(&word.bucket->lock);
    while ((result = unlock_word(&word)) == -EFAULT)
        if (word_mend(&word, true) != 0)
            goto out;
    spin_unlock(&word.bucket->lock);
out:
    word_release(&word);
    return result;
}
