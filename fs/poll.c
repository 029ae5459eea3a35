/*
 * poll.c - poll(): wait until one of several files is ready.
 *
 * Look first, queue later: most calls find something ready, and then no queue is touched.  Only when nothing is does
 * the thread arm itself and queue an entry at every file, each file looking once more as it does so; a change after
 * that look finds the entry and ends the wait.  Whatever ended it, the entries are removed and all is looked at anew.
 *
 * The files are held from the first look to the end, so a close() in another thread takes none away.
 */
#include <abi/errno.h>
#include <fs/poll.h>
#include <mm/kmalloc.h>

#define POLL_ALWAYS (POLLERR | POLLHUP | POLLNVAL)
#define POLL_FEW 8u /* so many need no memory */

struct poll_slot {
    struct file *file; /* NULL: an entry to be left out, or a bad descriptor */
    struct wait_entry entry;
};

/* What is ready of what is asked, queueing `entry` unless it is NULL. */
static int16_t poll_file(struct file *file, int16_t events, struct wait_entry *entry)
{
    unsigned ready = POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;

    if (file->ops->poll != NULL)
        ready = file->ops->poll(file, entry);
    return (int16_t)(ready & ((unsigned)events | POLL_ALWAYS));
}

/* Look at all; `queue`: queue at each until one is ready.  Answers how many are. */
static long poll_look(struct poll_entry *set, struct poll_slot *slots, unsigned count, bool queue)
{
    long ready = 0;

    for (unsigned i = 0; i < count; i++) {
        if (slots[i].file != NULL)
            set[i].revents = poll_file(slots[i].file, set[i].events, queue && ready == 0 ? &slots[i].entry : NULL);
        ready += set[i].revents != 0;
    }
    return ready;
}

static void poll_hold(struct poll_entry *set, struct poll_slot *slots, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        set[i].revents = 0;
        if (set[i].fd < 0)
            continue; /* POSIX poll: a negative descriptor is left out */
        slots[i].file = fd_get(set[i].fd);
        if (slots[i].file == NULL)
            set[i].revents = POLLNVAL; /* POSIX poll: POLLNVAL */
    }
}

static void poll_give_back(struct poll_slot *slots, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (slots[i].file != NULL)
            fd_put(slots[i].file);
}

static void poll_dequeue(struct poll_slot *slots, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (slots[i].entry.lock != NULL)
            wait_remove(&slots[i].entry);
        slots[i].entry = (struct wait_entry){0};
    }
}

/* Nothing is ready: wait for a change.  0, -ETIMEDOUT, -ERESTART. */
static long poll_wait(struct poll_entry *set, struct poll_slot *slots, unsigned count, uint64_t deadline)
{
    long result = 0;

    for (unsigned i = 0; i < count; i++)
        slots[i].entry.thread = current;
    wait_begin();
    if (poll_look(set, slots, count, true) == 0)
        result = wait_commit("poll", deadline, WAIT_INTERRUPTIBLE);
    poll_dequeue(slots, count);
    return result;
}

static long poll_until(struct poll_entry *set, struct poll_slot *slots, unsigned count, uint64_t deadline)
{
    long error = 0;

    for (;;) {
        long ready = poll_look(set, slots, count, false);

        if (ready != 0)
            return ready;
        if (error == -ETIMEDOUT || deadline == 0)
            return 0;
        if (error != 0)
            return error; /* POSIX poll: EINTR */
        error = poll_wait(set, slots, count, deadline);
        if (error > 0)
            error = 0;
    }
}

long poll_files(struct poll_entry *set, unsigned count, uint64_t deadline)
{
    struct poll_slot few[POLL_FEW] = {0}, *slots = few;
    long result;

    if (count > POLL_FEW && (slots = kmalloc(count * sizeof(*slots))) == NULL)
        return -ENOMEM; /* POSIX poll: EAGAIN; Linux: ENOMEM */
    poll_hold(set, slots, count);
    result = poll_until(set, slots, count, deadline);
    poll_give_back(slots, count);
    if (slots != few)
        kfree(slots);
    return result;
}
