/*
 * message_wait.h - waiting for a message that another thread hands over.
 *
 * A message for which somebody waits never enters the store: its sender puts it into the sleeper's message_wait and
 * wakes the sleeper, who has nothing to look for any more.  So no third thread can snatch it in between, nobody is
 * woken in vain, and the order of waiting is the order of receiving.  Senders that wait for room are given a free
 * place in the same way.
 *
 * The queue's lock, which belongs to the object that has the queue, guards entries and what is put into them.
 */
#pragma once

#include <core/lock.h>
#include <core/wait.h>
#include <ipc/message_store.h>

/* On the stack of a thread that waits for a message (or, a sender, for a place to put one), by wait_sleep_unlock(). */
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
