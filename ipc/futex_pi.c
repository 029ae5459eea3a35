/*
 * futex_pi.c - words that have an owner: FUTEX_LOCK_PI and its kin, where he inherits the priority of those that wait;
 * what a thread's end leaves in user memory; and /proc/futex.
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
 * Robust lists.  User space keeps a list, in its own memory, of the locks that a thread holds, and has told where it
 * begins (set_robust_list, struct abi_robust_list).  When the thread leaves its program, by its end or by exec, the
 * list is walked: a word with the thread's tid becomes FUTEX_OWNER_DIED, FUTEX_WAITERS is kept, and one who waits is
 * woken.  Bit 0 of a pointer in the list says that the lock is one of the kind above: there the kernel's own list of
 * what the thread held passes it on.  A thread may have been woken to take a lock, and end before it does: with bit
 * 1 in the list's `pending` FUTEX_OWNER_DIED is set in that word, whatever it is, and one who waits is woken
 * instead.  The list may be anything: each word is read as user memory is, and the walk ends after ROBUST_MAX
 * entries.
 *
 * /proc/futex shows who waits, and for which word: of a mapped object by its number and the offset in it, of one
 * process by its address; and which thread holds it, where the word says so.  (Who took a unit of a semaphore last
 * is noted by the C library beside the word, where the kernel does not look: "ipcs -P" shows it.)
 *
 * Left out on purpose: FUTEX_WAIT_REQUEUE_PI.
 */
#include <abi/futex.h>
#include <core/syscalls.h>
#include <fs/fs.h>
#include <ipc/futex.h>
#include <ipc/futex_word.h>
#include <ipc/signal.h>
#include <mm/kmalloc.h>

#define ROBUST_MAX 2048
#define ENTRY_PI 1u
#define PENDING_TURN 2u

/* A word that has an owner and for which others wait. */
struct owned {
    struct list link; /* in its bucket's list */
    struct key key;
    struct mutex mutex; /* stands for the word: who holds it, and who waits */
    struct list calls;  /* struct locking; empty: about to be freed */
};

/* A call of FUTEX_LOCK_PI that found the word taken. */
struct locking {
    struct list link; /* owned->calls */
    struct thread *thread;
    struct word word;
    struct owned *owned;
    struct mutex_wait wait;
};

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

/* The thread of that number holds the mutex of a word, if it can: a process's own word is held by one of its threads.
 * 0, or -ESRCH. */
static int adopt(struct mutex *mutex, int tid, const struct word *word)
{
    struct thread *thread;
    bool found;

    spin_lock(&processes_lock);
    thread = id_find(tid)->thread;
    found = thread != NULL && thread->process != NULL &&
            (word->mapped != NULL || thread->process->space == current->process->space) && mutex_adopt(mutex, thread);
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
        error = adopt(owned != NULL ? &owned->mutex : &spare->mutex, owner, &call->word);
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
        result = mutex_sleep(&call->wait, deadline, WAIT_INTERRUPTIBLE);
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

/* One that waits for the word is woken, whether it said FUTEX_PRIVATE or not. */
static void wake(uaddr_t address)
{
    if (futex_wake(address, 0, 1, FUTEX_ALL_BITS) == 0)
        futex_wake(address, FUTEX_PRIVATE, 1, FUTEX_ALL_BITS);
}

/* `pending`: the thread was about to take the lock or to give it back; `turn`: it may have been woken for that. */
static void owner_died(uaddr_t address, bool pi, bool pending, bool turn)
{
    uint32_t value, seen;

    if (user_load_word(address, &value) != 0)
        return;
    if (pending && !pi && !turn && (value & FUTEX_TID_MASK) != (uint32_t)current->tid)
        wake(address); /* it had given the lock back, but woken nobody yet; or had been woken, and did not take it */
    for (; turn || (value & FUTEX_TID_MASK) == (uint32_t)current->tid; value = seen) {
        uint32_t kept = turn ? value : value & FUTEX_WAITERS;

        if (user_compare_and_swap(address, value, kept | FUTEX_OWNER_DIED, &seen) != 0)
            return;
        if (seen != value)
            continue;
        if (!pi && (turn || value & FUTEX_WAITERS))
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
            owner_died((entry & ~ENTRY_PI) + (uint32_t)list.offset, entry & ENTRY_PI, false, false);
        entry = next;
    }
    if (list.pending & PENDING_TURN)
        owner_died(list.pending & ~PENDING_TURN, false, false, true);
    else if (list.pending != 0)
        owner_died((list.pending & ~ENTRY_PI) + (uint32_t)list.offset, list.pending & ENTRY_PI, true, false);
}

void futex_leave_user(bool for_good)
{
    struct thread *self = current;

    if (self->left_user)
        return;
    if (self->robust_list != 0)
        walk(self->robust_list);
    self->robust_list = 0;
    mutex_leave_user(for_good);
}

void futex_clear(uaddr_t address)
{
    static const uint32_t zero;

    if (copy_to_user(address, &zero, sizeof(zero)) == 0)
        futex_wake(address, FUTEX_PRIVATE, UINT32_MAX, FUTEX_ALL_BITS);
}

long sys_set_robust_list(uaddr_t head, uint32_t size)
{
    if (size != sizeof(struct abi_robust_list))
        return -EINVAL;
    current->robust_list = head;
    return 0;
}

static void show_waiter(struct proc_text *text, const struct thread *thread, const struct word *word,
                        const char *reason, int holder)
{
    unsigned long long object = word->mapped != NULL ? word->mapped->number(word->key.object) : 0;

    proc_print(text, "%6d %6d %-9s %-7s %10llu 0x%08llx ", thread->process->pid, thread->tid, reason,
               word->mapped != NULL ? "shared" : "private", object, (unsigned long long)word->key.position);
    if (holder != 0)
        proc_print(text, "%6d\n", holder);
    else
        proc_print(text, "     -\n");
}

/* The bucket's lock is held. */
static void show_bucket(struct proc_text *text, const void *context)
{
    const struct bucket *bucket = context;
    const struct locking *call;
    struct wait_entry *entry;
    struct owned *owned;

    list_for_each_entry (entry, &bucket->waiters.entries, link) {
        const char *reason = __atomic_load_n(&entry->thread->wait_reason, __ATOMIC_RELAXED);

        /* NULL: about to sleep, or awake again */
        show_waiter(text, entry->thread, &waiter_of(entry)->word, reason != NULL ? reason : "futex", 0);
    }
    list_for_each_entry (owned, &bucket->owned, link) {
        list_for_each_entry (call, &owned->calls, link)
            show_waiter(text, call->thread, &call->word, owned->mutex.name, mutex_holder(&owned->mutex));
    }
}

void futex_show(struct proc_text *text)
{
    proc_print(text, "   pid    tid waits-for where       object     offset holder\n");
    for (struct bucket *bucket = futex_buckets; bucket < futex_buckets + FUTEX_BUCKETS; bucket++)
        proc_print_locked(text, &bucket->lock, show_bucket, bucket);
}
