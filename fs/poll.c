/*
 * poll.c - poll(): wait until one of several files is ready.
 *
 * Look first, queue later: most calls find something ready, and then no queue is touched and no file is held longer
 * than the look takes.  Only when nothing is ready are all files held (so that a close() in another thread takes none
 * away), does the thread arm itself and queue an entry at every file, each file looking once more as it does so; a
 * change after that look finds the entry and ends the wait.  Whatever ended it, the entries are removed and all is
 * looked at anew.
 */
#include <core/syscalls.h>
#include <fs/file.h>
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
    struct wait_entry entries[POLL_ENTRIES];
};

/* What is ready, queueing `wait` unless it is NULL. */
static inline unsigned poll_file(struct file *file, struct wait_entry *wait)
{
    return file->ops->poll != NULL ? file->ops->poll(file, wait) : POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;
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

/* Hold the files. */
static void poll_hold(const struct poll_entry *set, struct poll_slot *slots, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < POLL_ENTRIES; k++)
            slots[i].entries[k].thread = current;
        if (set[i].fd >= 0)
            slots[i].file = fd_get(set[i].fd);
    }
}

/* Queue at each file until one is ready.  Answers whether one is. */
static bool poll_queue(const struct poll_entry *set, struct poll_slot *slots, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        if (slots[i].file == NULL && set[i].fd >= 0)
            return true; /* it was closed since we looked */
        if (slots[i].file != NULL && poll_asked(&set[i], poll_file(slots[i].file, slots[i].entries)) != 0)
            return true;
    }
    return false;
}

static void poll_dequeue(struct poll_slot *slots, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        for (unsigned k = 0; k < POLL_ENTRIES && slots[i].entries[k].lock != NULL; k++)
            wait_remove(&slots[i].entries[k]);
        if (slots[i].file != NULL)
            fd_put(slots[i].file);
    }
}

/* Nothing is ready: wait for a change.  0, -ETIMEDOUT, -ERESTART, -ENOMEM. */
__attribute__((noinline)) static long poll_wait(const struct poll_entry *set, unsigned count, uint64_t deadline)
{
    struct poll_slot few[WAIT_FEW] = {0}, *slots = few;
    long result = 0;

    if (count > WAIT_FEW && (slots = kmalloc(count * sizeof(*slots))) == NULL)
        return -ENOMEM; /* POSIX poll: EAGAIN; Linux: ENOMEM */
    poll_hold(set, slots, count);
    wait_begin();
    if (!poll_queue(set, slots, count))
        result = wait_commit("poll", deadline, WAIT_INTERRUPTIBLE);
    poll_dequeue(slots, count);
    if (slots != few)
        kfree(slots);
    return result < 0 ? result : 0;
}

/* Fill in revents of `count` entries, waiting until one is not 0.  Answers how many are not 0, 0 at the deadline (in
 * ticks; 0: do not wait), or -ERESTART, -ENOMEM. */
static long poll_files(struct poll_entry *set, unsigned count, uint64_t deadline)
{
    long error = 0;

    for (;;) {
        long ready = poll_look(set, set + count);

        if (ready != 0)
            return ready;
        if (error == -ETIMEDOUT || deadline == 0)
            return 0;
        if (error != 0)
            return error; /* POSIX poll: EINTR */
        error = poll_wait(set, count, deadline);
    }
}

long sys_poll(uaddr_t address, uint32_t count, uaddr_t timeout)
{
    size_t size = count * sizeof(struct poll_entry);
    struct poll_entry few[LOOK_FEW], *set = few;
    uint64_t deadline;
    long result = deadline_read(timeout, DEADLINE_RELATIVE, &deadline); /* POSIX pselect: EINVAL */

    if (result != 0)
        return result;
    if (count > current->process->limits[RLIMIT_NOFILE].rlim_cur || count > INT16_MAX)
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
