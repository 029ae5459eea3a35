/*
 * futex_show.c - /proc/futex: who waits, and for which word: of a mapped object by its number and the offset in it, of
 * one process by its address; and which thread holds it, where the word says so.  (Who took a unit of a semaphore last
 * is noted by the C library beside the word, where the kernel does not look: "ipcs -P" shows it.)
 *
 * A bucket is looked at under its lock, a few waiters at a time; what is shown is printed after.
 */
#include <core/process.h>
#include <core/thread.h>
#include <fs/fs.h>
#include <ipc/futex.h>
#include <ipc/futex_word.h>

#define SHOWN_AT_ONCE 16

/* What is shown of a waiter. */
struct shown {
    int pid, tid;
    const char *reason; /* a literal */
    bool shared;
    uint64_t object; /* its number; 0: private */
    uint32_t page, offset;
    int holder; /* 0: not known */
};

/* A look at a bucket: it goes by `skip` waiters and notes the next. */
struct look {
    struct shown *shown;
    unsigned skip, count;
};

static void look_at(struct look *look, const struct thread *thread, const struct word *word, const char *reason,
                    int holder)
{
    const struct backing *mapped = &word->mapped;

    if (look->skip > 0) {
        look->skip--;
    } else if (look->count < SHOWN_AT_ONCE) {
        look->shown[look->count++] = (struct shown){
            .pid = thread->process->pid,
            .tid = thread->tid,
            .reason = reason,
            .shared = mapped->ops != NULL,
            .object = mapped->ops != NULL ? mapped->ops->number(mapped->object) : 0,
            .page = word->key.page,
            .offset = word->key.offset,
            .holder = holder,
        };
    }
}

/* Up to SHOWN_AT_ONCE of the bucket's waiters, from number `first` on; answers how many. */
static unsigned bucket_look(struct bucket *bucket, unsigned first, struct shown *shown)
{
    struct look look = {.shown = shown, .skip = first};
    const struct locking *call;
    struct wait_entry *entry;
    struct owned *owned;

    spin_lock(&bucket->lock);
    list_for_each_entry (entry, &bucket->waiters.entries, link)
        look_at(&look, entry->thread, &waiter_of(entry)->word, waiter_of(entry)->reason, 0);
    list_for_each_entry (owned, &bucket->owned, link) {
        int holder = mutex_holder(&owned->mutex);

        list_for_each_entry (call, &owned->calls, link)
            look_at(&look, call->thread, &call->word, owned->mutex.name, holder);
    }
    spin_unlock(&bucket->lock);
    return look.count;
}

static void show(struct proc_text *text, const struct shown *s)
{
    proc_print(text, "%6d %6d %-9s %-7s %10llu 0x%08llx ", s->pid, s->tid, s->reason, s->shared ? "shared" : "private",
               (unsigned long long)s->object, ((unsigned long long)s->page << PAGE_SHIFT) + s->offset);
    if (s->holder != 0)
        proc_print(text, "%6d\n", s->holder);
    else
        proc_print(text, "     -\n");
}

static void show_waiters(struct proc_text *text)
{
    struct shown shown[SHOWN_AT_ONCE];

    proc_print(text, "   pid    tid waits-for where       object     offset holder\n");
    for (unsigned i = 0; i < FUTEX_BUCKETS; i++) {
        unsigned first = 0, count;

        do {
            count = bucket_look(&futex_buckets[i], first, shown);
            for (const struct shown *s = shown; s < shown + count; s++)
                show(text, s);
            first += count;
        } while (count == SHOWN_AT_ONCE);
    }
}

void futex_show(void)
{
    procfs_add("futex", show_waiters);
}
