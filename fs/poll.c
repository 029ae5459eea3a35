/*
 * poll.c - poll(): wait until one of several files is ready.
 *
 * Look first, queue later: most calls find something ready, and then no queue is touched and no file is held longer
 * than the look takes.  Only when nothing is ready are all files held (so that a close() in another thread takes none
 * away), does the thread arm itself and queue an entry at every file, each file looking once more as it does so; a
 * change after that look finds the entry, marks it, and ends the wait.  Then the marked files are looked at, and no
 * others.  If what has changed there was not asked for, it begins again with the queues.
 */
#include <core/syscalls.h>
#include <fs/inode.h>
#include <mm/kmalloc.h>

#define POLL_ALWAYS (POLLERR | POLLHUP | POLLNVAL)
#define LOOK_FEW 64u /* so many can be looked at without memory, */
#define WAIT_FEW 8u  /* and so many waited for */

/* struct pollfd. */
struct poll_entry {
    int32_t fd;
    int16_t events, revents;
};

struct poll_slot {
    struct file *file; /* held; NULL: an entry to be left out, or a bad descriptor */
    bool ready;        /* so it seems */
    struct poll_watch watches[POLL_WATCHES];
};

/* What is ready, standing in its queues with `watch` unless that is NULL. */
static inline unsigned poll_file(struct file *file, struct poll_watch *watch)
{
    return file->ops->poll != NULL ? file->ops->poll(file, watch) : POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;
}

/* What of it was asked for. */
static inline unsigned poll_asked(const struct poll_entry *entry, unsigned ready)
{
    return ready & ((uint16_t)entry->events | POLL_ALWAYS);
}

/* Any descriptor, of a table that other threads may change. */
static unsigned poll_descriptor(int fd)
{
    struct file *file;
    unsigned ready;

    if (fd < 0)
        return 0; /* POSIX poll: a negative descriptor is left out */
    file = fd_get(fd);
    if (file == NULL)
        return POLLNVAL; /* POSIX poll: POLLNVAL */
    ready = poll_file(file, NULL);
    fd_put(file);
    return ready;
}

/* Look at all; answers how many are ready.  Nobody changes a table that is not shared, so its open files are looked up
 * right here; a shared one counts as empty, which leaves all to poll_descriptor(). */
__attribute__((noinline)) static long poll_look(struct poll_entry *entry, const struct poll_entry *end)
{
    const struct file_table *table = current->process->files;
    unsigned size = table->shared ? 0 : table->size;
    struct file **files = table->files;
    long count = 0;

    for (; entry < end; entry++) {
        unsigned fd = (unsigned)entry->fd, ready;

        if (fd < size && files[fd] != NULL)
            ready = poll_file(files[fd], NULL);
        else
            ready = poll_descriptor(entry->fd);
        ready = poll_asked(entry, ready);
        entry->revents = (int16_t)ready;
        count += ready != 0;
    }
    return count;
}

/* A wake marks, and ends the wait.  It takes nothing, so what only one can have is told to others, too. */
static bool poll_wake(struct wait_entry *entry, long answer)
{
    container_of(entry, struct poll_watch, entry)->woken = true;
    wait_cancel(entry->thread, 0, 0);
    return false;
}

/* Hold the files. */
static void poll_hold(const struct poll_entry *set, struct poll_slot *slots, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < POLL_WATCHES; k++) {
            slots[i].watches[k].entry.thread = current;
            slots[i].watches[k].entry.function = poll_wake;
            slots[i].watches[k].events = (uint16_t)set[i].events;
        }
        if (set[i].fd >= 0)
            slots[i].file = fd_get(set[i].fd);
    }
}

static void poll_release(struct poll_slot *slots, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (slots[i].file != NULL)
            fd_put(slots[i].file);
    }
}

/* Queue at each file until one seems ready.  Answers whether one does. */
static bool poll_queue(const struct poll_entry *set, struct poll_slot *slots, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct file *file = slots[i].file;

        if (file != NULL)
            slots[i].ready = poll_asked(&set[i], poll_file(file, slots[i].watches)) != 0;
        else
            slots[i].ready = set[i].fd >= 0; /* it was closed since we looked */
        if (slots[i].ready)
            return true;
    }
    return false;
}

/* Leave the queues.  Nothing here sleeps: who still stood in one could be woken from that sleep. */
static void poll_leave(struct poll_slot *slots, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < POLL_WATCHES; k++) {
            struct poll_watch *watch = &slots[i].watches[k];

            wait_remove(&watch->entry);
            slots[i].ready |= watch->woken;
            watch->woken = false;
        }
    }
}

/* Look at the files that seem ready or have changed; the queues are left.  Answers how many are ready. */
static long poll_look_again(struct poll_entry *set, struct poll_slot *slots, unsigned count)
{
    long found = 0;

    for (unsigned i = 0; i < count; i++) {
        struct poll_slot *slot = &slots[i];
        unsigned ready = 0;

        for (unsigned k = 0; k < POLL_WATCHES; k++) {
            inode_put(slot->watches[k].held);
            slot->watches[k].held = NULL;
        }
        if (slot->ready)
            ready = poll_asked(&set[i], slot->file != NULL ? poll_file(slot->file, NULL) : POLLNVAL);
        slot->ready = false;
        set[i].revents = (int16_t)ready;
        found += ready != 0;
    }
    return found;
}

/* Nothing is ready: wait for a change.  Answers as poll_files(). */
__attribute__((noinline)) static long poll_wait(struct poll_entry *set, unsigned count, uint64_t deadline)
{
    struct poll_slot few[WAIT_FEW] = {0}, *slots = few;
    long found = 0, result = 0;

    if (count > WAIT_FEW && (slots = kmalloc(count * sizeof(*slots))) == NULL)
        return -ENOMEM; /* POSIX poll: EAGAIN; Linux: ENOMEM */
    poll_hold(set, slots, count);
    while (found == 0 && result == 0) {
        wait_begin();
        if (!poll_queue(set, slots, count))
            result = wait_commit("poll", deadline, WAIT_INTERRUPTIBLE); /* POSIX poll: EINTR */
        poll_leave(slots, count);
        found = poll_look_again(set, slots, count);
        if (found == 0 && result == -ERESTART && !signal_settle())
            result = 0; /* a stop, or a signal without a handler: wait on to the same deadline */
    }
    poll_release(slots, count);
    if (slots != few)
        kfree(slots);
    return found != 0 || result == -ETIMEDOUT ? found : result;
}

/* Fill in revents of `count` entries, waiting until one is not 0.  Answers how many are not 0, 0 at the deadline (in
 * ticks; 0: do not wait), or -ERESTART, -ENOMEM. */
static inline long poll_files(struct poll_entry *set, unsigned count, uint64_t deadline)
{
    long ready = poll_look(set, set + count);

    return ready != 0 || deadline == 0 ? ready : poll_wait(set, count, deadline);
}

long sys_poll(uaddr_t address, uint32_t count, uaddr_t timeout)
{
    size_t size = count * sizeof(struct poll_entry);
    struct poll_entry few[LOOK_FEW], *set = few;
    uint64_t deadline;
    long result = deadline_read(timeout, DEADLINE_RELATIVE, &deadline); /* POSIX pselect: EINVAL */

    if (result != 0)
        return result;
    if (count > INT16_MAX || count > current->process->limits[RLIMIT_NOFILE].rlim_cur)
        return -EINVAL; /* POSIX poll: EINVAL */
    if (count > LOOK_FEW && (set = kmalloc(size)) == NULL)
        return -ENOMEM;
    result = copy_from_user(set, address, size);
    if (result == 0)
        result = poll_files(set, count, deadline);
    if (result >= 0 && copy_to_user(address, set, size) != 0)
        result = -EFAULT;
    if (set != few)
        kfree(set);
    return result;
}
