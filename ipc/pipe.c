/*
 * pipe.c - pipes and FIFOs: a bounded stream of bytes between open files.
 *
 * The bytes are in a ring of 16 pages, each allocated when the stream first reaches it; an empty ring starts again at
 * its first page, so a pipe for short messages has one.  An unnamed pipe is its own inode; a FIFO's hangs on the
 * inode that has the name, as long as that lives.
 *
 * Locks.  A mutex guards ring and ends, for bytes move straight between the ring and user memory, which may fault.
 * So a write of up to PIPE_BUF bytes is whole: the mutex is held from its first byte to its last, and it begins only
 * when there is room for all.  A spinlock guards the wait queues.
 *
 * Waking.  Whoever finds nothing to do joins a queue under the mutex and then gives it up; whoever changes the ring
 * looks at the queues after its change.  One of the two comes first and the other sees it.  Every operation ends in
 * pipe_wake(), which wakes one reader if there are bytes and one writer if there is room; the woken one does the same
 * in turn, so none is forgotten and no herd runs.  Pollers do not take the mutex: the barrier in pipe_wake() and the
 * one in pipe_poll() order "change, then look at the queue" against "join the queue, then look".
 */
#include <abi/errno.h>
#include <abi/signal.h>
#include <abi/termios.h>
#include <core/timer.h>
#include <fs/inode.h>
#include <ipc/pipe.h>
#include <ipc/signal.h>
#include <mm/kmalloc.h>
#include <mm/page.h>

#define PIPE_PAGES (PIPE_CAPACITY / PAGE_SIZE)

/* m: mutex   w: lock */
struct pipe {
    struct mutex mutex;
    uint32_t start, count;              /* m  the bytes: from `start` on, around the ring (poll reads `count` alone) */
    unsigned readers, writers;          /* m  open ends (poll reads them alone) */
    unsigned reader_opens;              /* m  how many there ever were */
    unsigned writer_opens;              /* m */
    uint8_t *pages[PIPE_PAGES];         /* m  NULL: not needed so far */
    uint64_t read_ticks, write_ticks;   /* m  of the last one that no stat has seen; 0: none */
    struct spinlock lock;               /* RANK_OBJECT */
    struct wait_queue reading, writing; /* w  joined under m */
    struct wait_queue opening;          /* w  joined under m */
    struct wait_queue polling;          /* w */
    struct inode inode;                 /* of an unnamed pipe */
};

OBJECT_CACHE(pipe_cache, "pipe", sizeof(struct pipe));

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static struct pipe *pipe_alloc(void)
{
    struct pipe *pipe = cache_alloc(&pipe_cache);

    if (pipe == NULL)
        return NULL;
    mutex_init(&pipe->mutex, "pipe");
    spin_init(&pipe->lock, "pipe queues", RANK_OBJECT);
    wait_queue_init(&pipe->reading);
    wait_queue_init(&pipe->writing);
    wait_queue_init(&pipe->opening);
    wait_queue_init(&pipe->polling);
    return pipe;
}

/* Forget all bytes.  Mutex held, or nobody else knows the pipe. */
static void pipe_empty(struct pipe *pipe)
{
    for (unsigned i = 0; i < PIPE_PAGES; i++) {
        if (pipe->pages[i] != NULL)
            page_put(page_of(pipe->pages[i]));
        pipe->pages[i] = NULL;
    }
    pipe->start = pipe->count = 0;
}

static uint32_t pipe_room(const struct pipe *pipe)
{
    return PIPE_CAPACITY - pipe->count;
}

/* Let those go on who can.  A writer waits for at most PIPE_BUF bytes of room. */
static void pipe_wake_waiting(struct pipe *pipe)
{
    spin_lock(&pipe->lock);
    if (pipe->count != 0 || pipe->writers == 0)
        wake_one(&pipe->reading, 0);
    if (pipe_room(pipe) >= ABI_PIPE_BUF || pipe->readers == 0)
        wake_one(&pipe->writing, 0);
    wake_all(&pipe->polling, 0);
    spin_unlock(&pipe->lock);
}

/* After every change, without the mutex; mostly nobody waits. */
static inline void pipe_wake(struct pipe *pipe)
{
    dmb();
    if (!wait_queue_empty(&pipe->reading) || !wait_queue_empty(&pipe->writing) || !wait_queue_empty(&pipe->polling))
        pipe_wake_waiting(pipe);
}

/* Wait for a change, without the mutex, which is held before and after.  0, or -ERESTART. */
static long pipe_wait(struct pipe *pipe, struct wait_queue *queue, const char *reason)
{
    struct wait_entry entry = {.thread = current};
    long result;

    wait_begin();
    spin_lock(&pipe->lock);
    wait_enqueue(queue, &entry, &pipe->lock);
    spin_unlock(&pipe->lock);
    mutex_unlock(&pipe->mutex);
    pipe_wake(pipe); /* what a long write has written so far */
    result = wait_commit(reason, DEADLINE_NEVER, WAIT_INTERRUPTIBLE);
    wait_remove(&entry);
    mutex_lock(&pipe->mutex);
    return result;
}

/* Move bytes that are there to the user, as many as both sides have; how many, or -EFAULT.  Mutex held. */
static long pipe_take(struct pipe *pipe, struct uio *uio)
{
    uint32_t n = smaller(uio->left, pipe->count), moved = 0;

    while (moved < n) {
        uint32_t at = (pipe->start + moved) % PIPE_CAPACITY, offset = at % PAGE_SIZE;
        uint32_t part = smaller(n - moved, PAGE_SIZE - offset);

        if (uio_copy_out(uio, pipe->pages[at / PAGE_SIZE] + offset, part) != 0)
            break;
        moved += part;
    }
    if (moved == 0)
        return -EFAULT; /* POSIX read: EFAULT; the bytes stay */
    pipe->count -= moved;
    pipe->start = pipe->count == 0 ? 0 : (pipe->start + moved) % PIPE_CAPACITY;
    pipe->read_ticks = counter_read();
    return (long)moved;
}

/* Wait until there are bytes or no writers: 0, or -EAGAIN, -ERESTART.  Mutex held. */
static long pipe_await_bytes(struct pipe *pipe, bool wait)
{
    long result = 0;

    while (pipe->count == 0 && pipe->writers != 0 && result == 0)
        result = wait ? pipe_wait(pipe, &pipe->reading, "pipe-read") : -EAGAIN; /* POSIX read: EAGAIN */
    return result;
}

static long pipe_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    struct pipe *pipe = file->object;
    long result = 0;

    (void)position;
    if (uio->left == 0)
        return 0;
    mutex_lock(&pipe->mutex);
    if (pipe->count == 0)
        result = pipe_await_bytes(pipe, !(file->flags & O_NONBLOCK));
    if (pipe->count != 0)
        result = pipe_take(pipe, uio);
    mutex_unlock(&pipe->mutex);
    pipe_wake(pipe);
    return result;
}

/* The ring's page number `index`, made at first use, or NULL. */
static uint8_t *pipe_page(struct pipe *pipe, uint32_t index)
{
    struct page *page;

    if (pipe->pages[index] == NULL && (page = page_alloc(0, 0)) != NULL)
        pipe->pages[index] = page_address(page);
    return pipe->pages[index];
}

/* Move at most `n` bytes, for which there is room, from the user into the ring.  Answers how many, or -EFAULT, -ENOMEM;
 * with `whole` all or none.  Mutex held. */
static long pipe_put(struct pipe *pipe, struct uio *uio, uint32_t n, bool whole)
{
    uint32_t moved = 0;
    int error = 0;

    while (moved < n) {
        uint32_t at = (pipe->start + pipe->count + moved) % PIPE_CAPACITY, offset = at % PAGE_SIZE;
        uint32_t part = smaller(n - moved, PAGE_SIZE - offset);
        uint8_t *page = pipe_page(pipe, at / PAGE_SIZE);

        error = page != NULL ? uio_copy_in(uio, page + offset, part) : -ENOMEM;
        if (error != 0)
            break;
        moved += part;
    }
    if (error != 0 && (whole || moved == 0))
        return error; /* POSIX write: EFAULT */
    pipe->count += moved;
    pipe->write_ticks = counter_read();
    return (long)moved;
}

/* One step of a write: wait or move.  How many bytes moved, or -errno.  Mutex held. */
static long pipe_write_some(struct pipe *pipe, struct uio *uio, bool whole, bool wait)
{
    uint32_t room = pipe_room(pipe);

    if (pipe->readers == 0)
        return -EPIPE; /* POSIX write: EPIPE */
    if (room >= (whole ? uio->left : 1))
        return pipe_put(pipe, uio, smaller(uio->left, room), whole);
    return wait ? pipe_wait(pipe, &pipe->writing, "pipe-write") : -EAGAIN; /* POSIX write: EAGAIN */
}

static long pipe_write(struct file *file, struct uio *uio, abi_off_t *position)
{
    bool whole = uio->left <= ABI_PIPE_BUF, wait = !(file->flags & O_NONBLOCK);
    struct pipe *pipe = file->object;
    long moved = 0, step = 0;

    (void)position;
    mutex_lock(&pipe->mutex);
    while (uio->left != 0 && step >= 0) {
        step = pipe_write_some(pipe, uio, whole, wait);
        if (step > 0)
            moved += step;
    }
    mutex_unlock(&pipe->mutex);
    pipe_wake(pipe);
    if (step == -EPIPE)
        signal_send_thread(current, SIGPIPE, NULL); /* POSIX write: EPIPE and SIGPIPE */
    return moved != 0 || step >= 0 ? moved : step;
}

/* Called armed: the queue first, then the look; no mutex.  file->position is what writer_opens was at the open: a
 * reader to whom no writer has come so far is not hung up. */
static unsigned pipe_poll(struct file *file, struct wait_entry *entry)
{
    struct pipe *pipe = file->object;
    unsigned ready = 0;

    if (entry != NULL) {
        spin_lock(&pipe->lock);
        wait_enqueue(&pipe->polling, entry, &pipe->lock);
        spin_unlock(&pipe->lock);
        dmb();
    }
    if (file_readable(file)) {
        if (pipe->count != 0)
            ready |= POLLIN | POLLRDNORM;
        if (pipe->writers == 0 && pipe->writer_opens != (unsigned)file->position)
            ready |= POLLHUP;
    }
    if (file_writable(file)) {
        if (pipe_room(pipe) >= ABI_PIPE_BUF)
            ready |= POLLOUT | POLLWRNORM;
        if (pipe->readers == 0)
            ready |= POLLERR;
    }
    return ready;
}

static long pipe_ioctl(struct file *file, unsigned request, uint32_t argument)
{
    struct pipe *pipe = file->object;
    int32_t count = (int32_t)pipe->count;

    if (request != FIONREAD)
        return -ENOTTY; /* POSIX ioctl: ENOTTY */
    return copy_to_user(argument, &count, sizeof(count));
}

/* An end is closed.  When the last one is, the bytes are gone, also those of a FIFO. */
static void pipe_release(struct file *file)
{
    struct pipe *pipe = file->object;

    mutex_lock(&pipe->mutex);
    pipe->readers -= file_readable(file);
    pipe->writers -= file_writable(file);
    if (pipe->readers == 0 && pipe->writers == 0)
        pipe_empty(pipe);
    mutex_unlock(&pipe->mutex);
    pipe_wake(pipe);
}

static const struct file_ops pipe_ops = {
    .read = pipe_read,
    .write = pipe_write,
    .ioctl = pipe_ioctl,
    .poll = pipe_poll,
    .release = pipe_release,
};

int pipe_capacity(const struct file *file)
{
    return file->ops == &pipe_ops ? (int)PIPE_CAPACITY : -EBADF;
}

/* An end is opened: count it and tell those who wait for it.  Mutex held. */
static void pipe_attach(struct pipe *pipe, struct file *file)
{
    file->ops = &pipe_ops;
    file->object = pipe;
    file->position = pipe->writer_opens;
    pipe->readers += file_readable(file);
    pipe->reader_opens += file_readable(file);
    pipe->writers += file_writable(file);
    pipe->writer_opens += file_writable(file);
    spin_lock(&pipe->lock);
    wake_all(&pipe->opening, 0);
    spin_unlock(&pipe->lock);
}

/* Times cost a division, so reads and writes keep the counter's value, and stat computes.  The inode is locked. */
static void pipe_refresh(struct inode *inode)
{
    struct pipe *pipe = inode->object;
    int64_t now = inode_time();
    uint64_t ticks = counter_read();

    mutex_lock(&pipe->mutex);
    if (pipe->read_ticks != 0)
        inode->atime = now - (int64_t)ns_from_ticks(ticks - pipe->read_ticks);
    if (pipe->write_ticks != 0)
        inode->mtime = inode->ctime = now - (int64_t)ns_from_ticks(ticks - pipe->write_ticks);
    pipe->read_ticks = pipe->write_ticks = 0;
    mutex_unlock(&pipe->mutex);
}

static void pipe_inode_release(struct inode *inode)
{
    cache_free(&pipe_cache, inode->object);
}

/* Opening an end through /proc/PID/fd. */
static int fifo_open(struct inode *inode, struct file *file);

static const struct inode_ops unnamed_ops = {
    .open = fifo_open,
    .refresh = pipe_refresh,
    .release = pipe_inode_release,
};

int pipe_create(struct file *ends[2], uint32_t flags)
{
    struct pipe *pipe = pipe_alloc();
    const struct credentials *who = credentials_current();

    if (pipe == NULL)
        return -ENOMEM;
    inode_init(&pipe->inode, &unnamed_ops, ABI_S_IFIFO | 0600, DEVICE_ANONYMOUS, inode_number());
    pipe->inode.uid = who->euid;
    pipe->inode.gid = who->egid;
    pipe->inode.object = pipe;
    for (unsigned i = 0; i < 2; i++) {
        ends[i] = file_create(NULL, flags | (i == 0 ? O_RDONLY : O_WRONLY), &pipe->inode, NULL);
        if (ends[i] == NULL)
            goto no_file;
        inode_get(&pipe->inode);
    }
    inode_put(&pipe->inode); /* each end has its own reference */
    pipe_attach(pipe, ends[0]);
    pipe_attach(pipe, ends[1]);
    return 0;
no_file:
    if (ends[0] != NULL)
        file_put(ends[0]);
    inode_put(&pipe->inode);
    return -ENOMEM;
}

/* The pipe of a FIFO, made by its first open; NULL: no memory. */
static struct pipe *fifo_pipe(struct inode *inode)
{
    mutex_lock(&inode->lock);
    if (inode->object == NULL)
        inode->object = pipe_alloc();
    mutex_unlock(&inode->lock);
    return inode->object;
}

/*
 * POSIX open: for reading alone it waits until somebody has the FIFO open for writing, and the other way round; one
 * that came and went meanwhile counts.  With O_NONBLOCK a reader does not wait, and a writer needs a reader.
 */
static int fifo_open(struct inode *inode, struct file *file)
{
    struct pipe *pipe = fifo_pipe(inode);
    bool reads = file_readable(file), writes = file_writable(file), wait = !(file->flags & O_NONBLOCK);
    unsigned reader_opens, writer_opens;
    long result = 0;

    if (pipe == NULL)
        return -ENOMEM;
    mutex_lock(&pipe->mutex);
    if (!reads && !wait && pipe->readers == 0) {
        mutex_unlock(&pipe->mutex);
        return -ENXIO; /* POSIX open: ENXIO */
    }
    pipe_attach(pipe, file);
    reader_opens = pipe->reader_opens;
    writer_opens = pipe->writer_opens;
    while (wait && result == 0 &&
           ((!writes && pipe->writers == 0 && pipe->writer_opens == writer_opens) ||
            (!reads && pipe->readers == 0 && pipe->reader_opens == reader_opens)))
        result = pipe_wait(pipe, &pipe->opening, "fifo-open");
    mutex_unlock(&pipe->mutex);
    return (int)result; /* POSIX open: EINTR; the failed open's file_put() detaches it */
}

static const struct fifo_ops fifo_ops = {
    .open = fifo_open,
    .refresh = pipe_refresh,
    .release = pipe_inode_release,
};

void pipe_start(void)
{
    fifo_register(&fifo_ops);
}
