/*
 * message_wait.h - threads that wait for a message, and handing it to them.
 */
#pragma once

#include <core/lock.h>
#include <core/wait.h>
#include <ipc/message_store.h>

/* On the stack of a thread that waits for a message (or, a sender, for a place to put one). */
struct message_wait {
    struct wait_entry entry;
    struct message *message; /* set by whoever ends the wait with 0 */
};

/* End the wait of `entry` by handing over `message`.  False: it has ended otherwise.  The queue's lock is held. */
static inline bool message_give(struct wait_entry *entry, struct message *message)
{
    container_of(entry, struct message_wait, entry)->message = message; /* before the thread can run */
    return wake_entry(entry, 0);
}

/*
 * Wait on `queue` for a message: 0 with wait->message, what else a wake answers (-EIDRM ...), -ERESTART, -ETIMEDOUT.
 * `lock` guards the queue; it is held at the call and given up.
 */
long message_wait(struct wait_queue *queue, struct message_wait *wait, struct spinlock *lock, const char *reason,
                  uint64_t deadline);
