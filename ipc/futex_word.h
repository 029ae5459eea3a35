/*
 * futex_word.h - what the files futex*.c share: words of user memory, and the buckets in which threads wait for them.
 */
#pragma once

#include <core/lock.h>
#include <core/process.h>
#include <mm/space.h>
#include <mm/user.h>

#define FUTEX_BUCKETS 256

struct proc_text;

struct bucket {
    struct spinlock lock; /* RANK_FUTEX; guards the lists, and what stands on them */
    struct wait_queue waiters;
    struct list owned; /* struct owned (futex_pi.c) */
};
extern struct bucket futex_buckets[FUTEX_BUCKETS];

struct key {
    void *object;      /* mapped, or the space */
    uint64_t position; /* in bytes: in the object, or the address */
};

/* A word that a call is about. */
struct word {
    uaddr_t address;
    struct key key;
    const struct backing_ops *mapped; /* key.object is the object of a shared mapping with these; NULL: it is none */
    struct bucket *bucket;
    bool held; /* a reference of that object is ours; the only thread of a process needs none while it sleeps */
};

/* Who sleeps.  The lock of the bucket that it stands in guards it, which is entry.lock. */
struct waiter {
    struct wait_entry entry;
    struct word word; /* requeueing changes it */
    uint32_t bits;
};

static inline struct waiter *waiter_of(struct wait_entry *entry)
{
    return container_of(entry, struct waiter, entry);
}

static inline bool key_equal(const struct key *a, const struct key *b)
{
    return a->object == b->object && a->position == b->position;
}

static inline void word_know_by(struct word *word, void *object, uint64_t position)
{
    uint32_t mixed = (uint32_t)object ^ (uint32_t)position;

    word->key = (struct key){object, position};
    word->bucket = &futex_buckets[mixed * 2654435761u >> 24]; /* Knuth's multiplicative hash */
}

/* The same as word_find() for one that may lie in a shared mapping.  0 or -EFAULT. */
int word_find_shared(struct word *word);

/* Find out what the word at `address` is.  0: word_release() it; -EINVAL, -EFAULT.  May sleep. */
static inline int word_find(struct word *word, uaddr_t address, bool private)
{
    if (address & 3)
        return -EINVAL;
    if (address >= USER_TOP)
        return -EFAULT;
    word->address = address;
    word->mapped = NULL;
    word->held = false;
    if (!private)
        return word_find_shared(word);
    word_know_by(word, current->process->space, address);
    return 0;
}

static inline void word_release(struct word *word)
{
    if (word->held)
        word->mapped->put(word->key.object);
}
/* After an access with the bucket's lock held has failed: give it up, bring the page in for reading and `write`, lock
 * again.  0, or -EFAULT with the lock not held. */
int word_mend(struct word *word, bool write);

/* futex_pi.c: /proc/futex. */
void futex_show(struct proc_text *text);
