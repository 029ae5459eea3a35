/*
 * message_wait.c - waiting for a message that another thread hands over.
 *
 * A message for which somebody waits never enters the store: its sender puts it into the sleeper's message_wait and
 * wakes the sleeper, who has nothing to look for any more.  So no third thread can snatch it in between, nobody is
 * woken in vain, and the order of waiting is the order of receiving.  Senders that wait for room are given a free
 * place in the same way.
 *
 * The queue's lock, which belongs to the object that has the queue, guards entries and what is put into them.
 */
#include <core/thread.h>
#include <ipc/message_wait.h>

long message_wait(struct wait_queue *queue, struct message_wait *wait, struct spinlock *lock, const char *reason,
                  uint64_t deadline)
{
    long result;

    wait->entry = (struct wait_entry){.thread = current};
    wait_begin();
    wait_enqueue(queue, &wait->entry, lock);
    spin_unlock(lock);
    result = wait_commit(reason, deadline, WAIT_INTERRUPTIBLE);
    wait_remove(&wait->entry);
    return result;
}
