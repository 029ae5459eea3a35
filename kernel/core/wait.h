/*
 * wait.h - the one primitive that blocks.
 *
 * A thread waits on a queue for a reason (a word that ps shows) until it is woken, interrupted by a signal, or past a
 * deadline; the waker's answer is the sleeper's result.  A thread may stand on several queues at once, each through an
 * entry of its own.  The first wake decides the wait: a later wake of the same thread passes it over and takes the
 * next.
 *
 * A queue belongs to an object and is guarded by the object's spinlock.
 *
 * The simple form:                     The general one:
 *      spin_lock(&o->lock);                wait_begin();
 *      while (!ready)                      for each object: lock; look; wait_enqueue(); unlock
 *          r = wait_sleep(&o->queue,       r = wait_commit("poll", deadline, WAIT_INTERRUPTIBLE);
 *                   &o->lock, ...);        wait_remove() each entry
 *      spin_unlock(&o->lock);
 *
 * The decision: thread->wait_state goes ARMED -> CLAIMED by one compare-and-swap, made by the waker, the signal's
 * sender or the timer; whoever wins stores the answer, says DECIDED and makes the thread ready.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <lib/list.h>

struct spinlock;
struct thread;
struct wait_entry;

struct wait_queue {
    struct list entries; /* by the threads' priorities; among equals in the order of arrival (but see explore.c) */
};

/* Called by a wake instead of waking a thread; the queue's lock is held.  True: count this entry as woken. */
typedef bool wait_function(struct wait_entry *entry, long answer);

/* Lives on the sleeper's stack, or inside an object that listens through `function`. */
struct wait_entry {
    struct list link;
    struct thread *thread;   /* to wake */
    wait_function *function; /* NULL: wake the thread */
    struct spinlock *lock;   /* guards the queue that the entry stands on; who holds it may move the entry to another */
};

/*
 * Deadlines are absolute: a value of the counter (counter_read()) or, with DEADLINE_REALTIME, a time of day in
 * nanoseconds since 1970, which comes sooner or later when somebody sets the clock.
 */
#define DEADLINE_NEVER (~0ull)
#define DEADLINE_REALTIME (1ull << 63)

#define WAIT_INTERRUPTIBLE 1u /* a deliverable signal ends the wait with -ERESTART */
#define WAIT_KILLABLE 2u      /* only a deadly signal does */
#define WAIT_IN_TURN 4u       /* nobody passes, with a seed either: because POSIX says so */

static inline void wait_queue_init(struct wait_queue *queue)
{
    list_init(&queue->entries);
}

static inline bool wait_queue_empty(const struct wait_queue *queue)
{
    return list_empty(&queue->entries);
}

/*
 * Wait on one queue.  `lock` guards it, is held by the caller and is held again on return; it is given up while asleep.
 * `reason` is a literal.  Answers the waker's answer (>= 0 by custom), -ERESTART (see the flags) or -ETIMEDOUT.
 * The caller looks at its condition again in every case.  May sleep: the caller holds no other spinlock.
 */
long wait_sleep(struct wait_queue *queue, struct spinlock *lock, const char *reason, uint64_t deadline, unsigned flags);

/* The same by an entry of the caller's, in reach of whoever wakes it; and `lock` is not taken again: for a sleeper to
 * whom the answer, or what was left beside the entry, says all. */
long wait_sleep_unlock(struct wait_queue *queue, struct wait_entry *entry, struct spinlock *lock, const char *reason,
                       uint64_t deadline, unsigned flags);

/* Arm the running thread: from here on a wake of one of its entries counts. */
void wait_begin(void);
/* Queue `entry` (thread and function set by the caller) behind those of its thread's real-time priority and of higher
 * ones; `lock` guards the queue and is held.  A seed may change the order of time-sharing threads (explore.c). */
void wait_enqueue(struct wait_queue *queue, struct wait_entry *entry, struct spinlock *lock);
/* Sleep until decided.  Answers as wait_sleep().  No spinlock held. */
long wait_commit(const char *reason, uint64_t deadline, unsigned flags);
/* Take the entry off its queue, if it still stands on one; needed after every wait_commit().  Takes the entry's lock.
 */
void wait_remove_linked(struct wait_entry *entry);
static inline void wait_remove(struct wait_entry *entry)
{
    if (__atomic_load_n(&entry->link.next, __ATOMIC_ACQUIRE) != NULL)
        wait_remove_linked(entry);
}

/* Wake the first thread, or call its function.  The queue's lock is held.  False: nobody waited. */
bool wake_one(struct wait_queue *queue, long answer);
/* Wake all; answers how many. */
unsigned wake_all(struct wait_queue *queue, long answer);
/* Wake this one entry and take it off its queue.  False: its thread's wait was decided already (the entry stays: its
 * thread takes it off). */
bool wake_entry(struct wait_entry *entry, long answer);

/* End the wait of a thread from outside its queues (signals, timers).  The caller keeps the thread from vanishing.
 * `mask`: only if the wait was begun with one of these WAIT_ flags (0: whatever they are).  False: it did not wait. */
bool wait_cancel(struct thread *thread, long answer, unsigned mask);

/* ipc/signal.c: is there a signal that ends an interruptible (or, with WAIT_KILLABLE alone, a killable) wait? */
bool wait_interrupted(const struct thread *thread, unsigned flags);
/* ipc/signal_deliver.c: inside a call that was woken by a signal and would go on sleeping to its deadline: stop where
 * that is asked, drop what is ignored.  True: a handler or the end is due; the call answers -ERESTART.  May sleep. */
bool signal_settle(void);

/* Sleep until a deadline; answers -ETIMEDOUT, or -ERESTART. */
long wait_until(const char *reason, uint64_t deadline, unsigned flags);
