/*
 * futex_show.c - /proc/futex: who waits, and for which word: of a mapped object by its number and the offset in it, of
 * one process by its address; and which thread holds it, where the word says so.  (Who took a unit of a semaphore last
 * is noted by the C library beside the word, where the kernel does not look: "ipcs -P" shows it.)
 */
#include <core/process.h>
#include <core/thread.h>
#include <fs/fs.h>
#include <ipc/futex.h>
#include <ipc/futex_word.h>

static void show_waiter(struct proc_text *text, const struct thread *thread, const struct word *word,
                        const char *reason, int holder)
{
    const struct backing *mapped = &word->mapped;
    unsigned long long object = mapped->ops != NULL ? mapped->ops->number(mapped->object) : 0;

    proc_print(text, "%6d %6d %-9s %-7s %10llu 0x%08llx ", thread->process->pid, thread->tid, reason,
               mapped->ops != NULL ? "shared" : "private", object,
               ((unsigned long long)word->key.page << PAGE_SHIFT) + word->key.offset);
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

    list_for_each_entry (entry, &bucket->waiters.entries, link)
        show_waiter(text, entry->thread, &waiter_of(entry)->word, waiter_of(entry)->reason, 0);
    list_for_each_entry (owned, &bucket->owned, link) {
        list_for_each_entry (call, &owned->calls, link)
            show_waiter(text, call->thread, &call->word, owned->mutex.name, mutex_holder(&owned->mutex));
    }
}

static void show_waiters(struct proc_text *text)
{
    proc_print(text, "   pid    tid waits-for where       object     offset holder\n");
    for (struct bucket *bucket = futex_buckets; bucket < futex_buckets + FUTEX_BUCKETS; bucket++)
        proc_print_locked(text, &bucket->lock, show_bucket, bucket);
}

void futex_show(void)
{
    procfs_add("futex", show_waiters);
}
