/*
 * pipe_open.c - how pipes and FIFOs come to be, are opened, and go.
 *
 * An unnamed pipe is its own inode; a FIFO's pipe is made by the first open and hangs on the inode that has the name,
 * as long as that lives.  Room is reserved, and the ring has its usual size, from the first open to the last close
 * (pipe_release()).
 */
#include <abi/errno.h>
#include <core/timer.h>
#include <ipc/pipe.h>
#include <ipc/pipe_object.h>
#include <mm/kmalloc.h>

OBJECT_CACHE(pipe_cache, "pipe", sizeof(struct pipe));

static struct pipe *pipe_alloc(void)
{
    struct pipe *pipe = cache_alloc(&pipe_cache);

    if (pipe == NULL)
        return NULL;
    if (!ring_make(&pipe->ring, PIPE_CAPACITY)) {
        cache_free(&pipe_cache, pipe);
        return NULL;
    }
    spin_init(&pipe->lock, "pipe", RANK_OBJECT);
    wait_queue_init(&pipe->reading);
    wait_queue_init(&pipe->writing);
    wait_queue_init(&pipe->polling);
    wait_queue_init(&pipe->rare);
    return pipe;
}

static void pipe_free(struct pipe *pipe)
{
    ring_free(&pipe->ring);
    cache_free(&pipe_cache, pipe);
}

/* An end is opened: count it, and tell those who wait for it.  -ENFILE: it is the first one, and there are too many
 * pipes.  The lock is held. */
static int pipe_attach(struct pipe *pipe, struct file *file)
{
    if (pipe->readers + pipe->writers == 0) {
        uint32_t capacity = pipe_reserve();

        if (capacity == 0)
            return -ENFILE; /* POSIX pipe, open: ENFILE */
        pipe->ring.capacity = capacity;
    }
    file->ops = &pipe_ops;
    file->object = pipe;
    file->position = pipe->writer_opens;
    pipe->readers += file_readable(file);
    pipe->reader_opens += file_readable(file);
    pipe->writers += file_writable(file);
    pipe->writer_opens += file_writable(file);
    wake_all(&pipe->rare, 0);
    return 0;
}

/* Times cost a division, so reads and writes keep the counter's value, and stat computes.  The inode is locked. */
static void pipe_refresh(struct inode *inode)
{
    struct pipe *pipe = inode->object;
    int64_t now = inode_time();
    uint64_t ticks = counter_read(), read_ticks, write_ticks;

    spin_lock(&pipe->lock);
    read_ticks = pipe->read_ticks;
    write_ticks = pipe->write_ticks;
    pipe->read_ticks = pipe->write_ticks = 0;
    spin_unlock(&pipe->lock);
    if (read_ticks != 0)
        inode->atime = now - (int64_t)ns_from_ticks(ticks - read_ticks);
    if (write_ticks != 0)
        inode->mtime = inode->ctime = now - (int64_t)ns_from_ticks(ticks - write_ticks);
}

static void pipe_inode_release(struct inode *inode)
{
    pipe_hide(inode->object);
    pipe_free(inode->object);
}

/* Opening an end through /proc/PID/fd. */
static int fifo_open(struct inode *inode, struct file *file);

static const struct inode_ops unnamed_ops = {
    .open = fifo_open,
    .refresh = pipe_refresh,
    .release = pipe_inode_release,
};

static struct pipe *unnamed_create(void)
{
    struct pipe *pipe = pipe_alloc();
    const struct credentials *who = credentials_current();

    if (pipe == NULL)
        return NULL;
    inode_init(&pipe->inode, &unnamed_ops, ABI_S_IFIFO | 0600, DEVICE_ANONYMOUS, inode_number());
    pipe->inode.uid = who->euid;
    pipe->inode.gid = who->egid;
    pipe->inode.object = pipe;
    pipe_show(pipe, &pipe->inode);
    return pipe;
}

/* An end of an unnamed pipe, which it holds.  0 or -errno, then nothing is left of it. */
static int unnamed_open(struct pipe *pipe, uint32_t flags, struct file **end)
{
    int error;

    *end = file_create(NULL, flags, &pipe->inode, NULL);
    if (*end == NULL)
        return -ENOMEM;
    inode_get(&pipe->inode);
    spin_lock(&pipe->lock);
    error = pipe_attach(pipe, *end);
    spin_unlock(&pipe->lock);
    if (error != 0)
        file_put(*end);
    return error;
}

int pipe_create(struct file *ends[2], uint32_t flags)
{
    struct pipe *pipe = unnamed_create();
    int error;

    if (pipe == NULL)
        return -ENOMEM;
    error = unnamed_open(pipe, flags | O_RDONLY, &ends[0]);
    if (error == 0) {
        error = unnamed_open(pipe, flags | O_WRONLY, &ends[1]);
        if (error != 0)
            file_put(ends[0]);
    }
    inode_put(&pipe->inode); /* each end has its own reference */
    return error;
}

/* The pipe of a FIFO, made by its first open; NULL: no memory. */
static struct pipe *fifo_pipe(struct inode *inode)
{
    mutex_lock(&inode->lock);
    if (inode->object == NULL && (inode->object = pipe_alloc()) != NULL)
        pipe_show(inode->object, inode);
    mutex_unlock(&inode->lock);
    return inode->object;
}

/* Wait until somebody has the other end open, or has come and gone meanwhile.  0 or -ERESTART.  The lock is held, and
 * given up. */
static int fifo_await_other(struct pipe *pipe, const struct file *file)
{
    unsigned reader_opens = pipe->reader_opens, writer_opens = pipe->writer_opens;
    struct wait_entry entry;
    long result = 0;

    while (result == 0 && ((!file_writable(file) && pipe->writers == 0 && pipe->writer_opens == writer_opens) ||
                           (!file_readable(file) && pipe->readers == 0 && pipe->reader_opens == reader_opens))) {
        result = pipe_sleep(pipe, &pipe->rare, &entry, "fifo-open");
        spin_lock(&pipe->lock);
    }
    spin_unlock(&pipe->lock);
    return (int)result;
}

/* POSIX open: for reading alone it waits until somebody has the FIFO open for writing, and the other way round.  With
 * O_NONBLOCK a reader does not wait, and a writer needs a reader. */
static int fifo_open(struct inode *inode, struct file *file)
{
    struct pipe *pipe = fifo_pipe(inode);
    bool wait = !(file->flags & O_NONBLOCK);
    int error;

    if (pipe == NULL)
        return -ENOMEM;
    spin_lock(&pipe->lock);
    if (!file_readable(file) && !wait && pipe->readers == 0)
        error = -ENXIO; /* POSIX open: ENXIO */
    else
        error = pipe_attach(pipe, file);
    if (error == 0 && wait)
        return fifo_await_other(pipe, file); /* POSIX open: EINTR; the failed open's file_put() detaches it */
    spin_unlock(&pipe->lock);
    return error;
}

static const struct fifo_ops fifo_ops = {
    .open = fifo_open,
    .refresh = pipe_refresh,
    .release = pipe_inode_release,
};

void pipe_start(void)
{
    fifo_register(&fifo_ops);
    pipe_limits_start();
}
