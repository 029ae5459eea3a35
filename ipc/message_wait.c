/*
 * message_wait.c - handing a message straight to a thread that waits for it.
 *
 * A message for which somebody waits never enters the store: its sender puts it into the sleeper's message_wait and
 * wakes the sleeper, who has nothing to look for any more.  So no third thread can snatch it in between, nobody is
 * woken in vain, and the order of waiting is the order of receiving.  Senders that wait for room are given a free
 * place in the same way.
 *
 * The queue's lock, which belongs to the object that has the queue, guards entries and what is put into them.
 */
#include <abi/errno.h>
#include <core/process.h>
#include <core/thread.h>
#include <ipc/message_wait.h>
#include <lib/string.h>

bool message_hand_over(struct wait_queue *queue, struct message *message)
{
    struct wait_entry *entry, *after;

    list_for_each_entry_safe (entry, after, &queue->entries, link) {
        struct message_wait *wait = container_of(entry, struct message_wait, entry);

        if (!message_matches(message, &wait->wish))
            continue;
        if (message->length > wait->wish.limit) {
            wake_entry(entry, -E2BIG);
            continue;
        }
        wait->message = message; /* before it can run */
        if (wake_entry(entry, 0))
            return true;
    }
    return false;
}

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

void message_waiters(struct wait_queue *queue, struct spinlock *lock, char *to, size_t size)
{
    struct wait_entry *entry;
    size_t length = 0;

    strlcpy(to, "-", size);
    spin_lock(lock);
    list_for_each_entry (entry, &queue->entries, link) {
        if (length < size)
            length +=
                (size_t)snprintf(to + length, size - length, length == 0 ? "%d" : ",%d", entry->thread->process->pid);
    }
    spin_unlock(lock);
}
