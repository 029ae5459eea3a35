/*
 * pipe_limits.c - how large pipes may be, and /proc/pipes, which shows them.
 *
 * A pipe that is open at one end at least has the pages of its capacity reserved, filled or not, so that no number of
 * pipes takes all memory:
 *
 *      fs.pipe-max-size     bytes; who is not the superuser cannot make a pipe larger than this
 *      fs.pipe-pages-soft   pages; with so many reserved, pipes of ordinary users begin with one page
 *      fs.pipe-pages-hard   pages; with so many reserved, ordinary users get no new pipe and no larger one
 *
 * The superuser has as many as there is memory for: no user can leave root's shell without pipes.
 *
 * The reserved pages are one word, added to before it is looked at: two CPUs together cannot exceed the limit.
 *
 * A change of size takes both turns of the pipe and copies its bytes into a new ring.
 */
#include <abi/errno.h>
#include <fs/fs.h>
#include <ipc/pipe_object.h>

static uint32_t size_limit = 1u << 20;
static uint32_t pages_soft, pages_hard;
static uint32_t pages_reserved; /* atomic */

static struct spinlock pipes_lock = SPINLOCK_INIT("pipes", RANK_OBJECT);
static struct list pipes = LIST_INIT(pipes);

/* Reserve pages unless more than `limit` would be reserved then. */
static bool reserve_pages(uint32_t pages, uint32_t limit)
{
    if (__atomic_add_fetch(&pages_reserved, pages, __ATOMIC_RELAXED) <= limit)
        return true;
    __atomic_fetch_sub(&pages_reserved, pages, __ATOMIC_RELAXED);
    return false;
}

uint32_t pipe_reserve(void)
{
    if (reserve_pages(PIPE_CAPACITY / PAGE_SIZE, credentials_superuser() ? UINT32_MAX : pages_soft))
        return PIPE_CAPACITY;
    return reserve_pages(1, pages_hard) ? PAGE_SIZE : 0;
}

void pipe_unreserve(uint32_t capacity)
{
    __atomic_fetch_sub(&pages_reserved, capacity / PAGE_SIZE, __ATOMIC_RELAXED);
}

/* Take both turns: 0 or -ERESTART. */
static long take_turns(struct pipe *pipe)
{
    struct wait_entry entry;
    long result = 0;

    while (result == 0) {
        spin_lock(&pipe->lock);
        if (!pipe->reading_turn && !pipe->writing_turn) {
            pipe->reading_turn = pipe->writing_turn = true;
            spin_unlock(&pipe->lock);
            return 0;
        }
        result = pipe_sleep(pipe, &pipe->rare, &entry, "pipe-resize");
    }
    return result;
}

static void give_turns_back(struct pipe *pipe)
{
    spin_lock(&pipe->lock);
    pipe->reading_turn = pipe->writing_turn = false;
    pipe_serve(pipe);
    spin_unlock(&pipe->lock);
}

/* Both turns taken; all pages reserved. */
static int exchange_ring(struct pipe *pipe, uint32_t capacity)
{
    struct pipe_ring ring, old = pipe->ring;
    int error = -ENOMEM;

    if (old.count > capacity)
        return -EBUSY; /* Linux F_SETPIPE_SZ: EBUSY */
    if (!ring_make(&ring, capacity))
        return -ENOMEM;
    error = ring_copy(&ring, &old);
    if (error == 0) {
        spin_lock(&pipe->lock);
        pipe->ring = ring;
        spin_unlock(&pipe->lock);
    }
    ring_free(error == 0 ? &old : &ring);
    return error;
}

/* The turns keep other changes of the size away. */
static long change_capacity(struct pipe *pipe, uint32_t capacity)
{
    uint32_t old = pipe->ring.capacity;
    bool super = credentials_superuser();
    int error;

    if (capacity > old) {
        if (capacity > size_limit && !super)
            return -EPERM; /* Linux F_SETPIPE_SZ: EPERM */
        if (!reserve_pages((capacity - old) / PAGE_SIZE, super ? UINT32_MAX : pages_soft))
            return -EPERM;
    }
    error = exchange_ring(pipe, capacity);
    if (error == 0 && capacity < old)
        pipe_unreserve(old - capacity);
    else if (error != 0 && capacity > old)
        pipe_unreserve(capacity - old);
    return error != 0 ? error : (long)capacity;
}

long pipe_set_capacity(struct pipe *pipe, uint32_t size)
{
    uint32_t capacity = PAGE_SIZE;
    long result;

    if (size > INT32_MAX / 2 + 1)
        return -EINVAL; /* Linux F_SETPIPE_SZ: EINVAL */
    while (capacity < size)
        capacity *= 2;
    result = take_turns(pipe);
    if (result == 0) {
        result = change_capacity(pipe, capacity);
        give_turns_back(pipe);
    }
    return result;
}

void pipe_show(struct pipe *pipe, struct inode *inode)
{
    pipe->shown = inode;
    spin_lock(&pipes_lock);
    list_add_tail(&pipes, &pipe->all_link);
    spin_unlock(&pipes_lock);
}

void pipe_hide(struct pipe *pipe)
{
    spin_lock(&pipes_lock);
    list_remove(&pipe->all_link);
    spin_unlock(&pipes_lock);
}

/* One more reference, unless the last is gone. */
static bool inode_try_get(struct inode *inode)
{
    uint32_t seen = __atomic_load_n(&inode->references, __ATOMIC_RELAXED);

    while (seen != 0)
        if (__atomic_compare_exchange_n(&inode->references, &seen, seen + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    return false;
}

/* The pipe behind `before` (NULL: the first), its inode held, or NULL.  `before` stays in the list as long as its own
 * inode is held; that is given back. */
static struct pipe *pipe_next(struct pipe *before)
{
    struct list *link;
    struct pipe *pipe = NULL;

    spin_lock(&pipes_lock);
    for (link = before != NULL ? before->all_link.next : pipes.next; link != &pipes; link = link->next) {
        pipe = container_of(link, struct pipe, all_link);
        if (inode_try_get(pipe->shown))
            break;
    }
    spin_unlock(&pipes_lock);
    if (before != NULL)
        inode_put(before->shown);
    return link != &pipes ? pipe : NULL;
}

static void show_pipe(struct proc_text *text, struct pipe *pipe)
{
    char name[128];
    uint32_t count, capacity;
    unsigned readers, writers;

    inode_describe(pipe->shown, name, sizeof(name));
    spin_lock(&pipe->lock);
    count = pipe->ring.count;
    capacity = pipe->ring.capacity;
    readers = pipe->readers;
    writers = pipe->writers;
    spin_unlock(&pipe->lock);
    proc_print(text, "%s %lu %lu %u %u", name, count, capacity, readers, writers);
    proc_print_waiters(text, &pipe->reading, &pipe->lock);
    proc_print_waiters(text, &pipe->writing, &pipe->lock);
    proc_print_waiters(text, &pipe->rare, &pipe->lock);
    proc_print(text, "\n");
}

static void show_pipes(struct proc_text *text)
{
    struct pipe *pipe = NULL;

    proc_print(text, "name bytes capacity readers writers reading writing opening\n");
    while ((pipe = pipe_next(pipe)) != NULL)
        show_pipe(text, pipe);
}

void pipe_limits_start(void)
{
    pages_soft = page_total_count() / 8;
    pages_hard = page_total_count() / 4;
    procfs_add("pipes", show_pipes);
    procfs_add_limit("sys/fs/pipe-max-size", &size_limit, PAGE_SIZE, 1u << 30);
    procfs_add_limit("sys/fs/pipe-pages-soft", &pages_soft, 0, UINT32_MAX / 2);
    procfs_add_limit("sys/fs/pipe-pages-hard", &pages_hard, 0, UINT32_MAX / 2);
}
