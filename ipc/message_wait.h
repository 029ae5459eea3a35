/*
 * message_wait.h - threads that wait for a message (or, senders, for a place to put one), and handing it to them.
 */
#pragma once

#include <core/lock.h>
#include <core/wait.h>
#include <ipc/message_store.h>

struct proc_text;

/* On the sleeper's stack. */
struct message_wait {
    struct wait_entry entry;
    struct message_wish wish;
    struct message *message; /* set by whoever ends the wait with 0 */
};

/*
 * Give `message` to the first thread on `queue` whose wish it meets and that has not been interrupted meanwhile; it is
 * that thread's then.  One that wants it but does not take as many bytes is woken with -E2BIG, and the next asked.
 * False: nobody took it.  The queue's lock is held.
 */
bool message_hand_over(struct wait_queue *queue, struct message *message);

/*
 * Wait on `queue` for what `wait->wish` says: 0 with wait->message, -E2BIG, what else a wake answers (-EIDRM),
 * -ERESTART, -ETIMEDOUT.  `lock` guards the queue; it is held at the call and given up.
 */
long message_wait(struct wait_queue *queue, struct message_wait *wait, struct spinlock *lock, const char *reason,
                  uint64_t deadline);

/* The pids of those who stand on `queue`, with commas between them, or "-"; cut at `size`. */
void message_waiters(struct wait_queue *queue, struct spinlock *lock, char *to, size_t size);
