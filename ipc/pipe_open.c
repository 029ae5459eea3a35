/*
 * pipe_open.c - how pipes and FIFOs come to be, are opened, and go; how large they may be; /proc/pipes, which shows
 * them.
 *
 * An unnamed pipe is its own inode; a FIFO's pipe is made by the first open and hangs on the inode that has the name,
 * as long as that lives.
 *
 * From the first open to the last close the pages of its capacity are charged to the user who opened it first, filled
 * or not, so that no number of pipes takes all memory:
 *
 *      fs.pipe-max-size            bytes; who is not the superuser cannot make a pipe larger than this
 *      fs.pipe-user-pages-soft     pages; a user with so many gets pipes of one page, and none made larger
 *      fs.pipe-user-pages-hard     pages; a user with so many gets no new pipe
 *
 * The superuser has as many as there is memory for: no user can leave root's shell without pipes.
 */
#include <fs/fs.h>
#include <ipc/pipe.h>
#include <mm/account.h>
#include <mm/kmalloc.h>

OBJECT_CACHE(pipe_cache, "pipe", sizeof(struct pipe));

static uint32_t size_limit = 1u << 20;
static uint32_t pages_soft, pages_hard;

static struct spinlock pipes_lock = SPINLOCK_INIT("pipes", RANK_OBJECT);
static struct list pipes = LIST_INIT(pipes);

/* Never fewer slots than those of a new pipe: a FIFO that was made smaller is as large again when it is opened anew. */
static uint32_t slot_count(uint32_t capacity)
{
    return (capacity > PIPE_CAPACITY ? capacity : PIPE_CAPACITY) / PAGE_SIZE;
}

static uint8_t **slots_alloc(uint32_t capacity)
{
    return kmalloc(slot_count(capacity) * sizeof(uint8_t *));
}

/* Free the pages. */
static void slots_empty(uint8_t **slots, uint32_t capacity)
{
    for (uint32_t i = 0; i < capacity / PAGE_SIZE; i++) {
        if (slots[i] != NULL)
            page_put(page_of(slots[i]));
        slots[i] = NULL;
    }
}

/* A pipe that `inode` (NULL: its own) leads to, or NULL.  May sleep. */
static struct pipe *pipe_alloc(struct inode *inode)
{
    struct pipe *pipe = cache_alloc(&pipe_cache);

    if (pipe == NULL)
        return NULL;
    pipe->pages = slots_alloc(PIPE_CAPACITY);
    if (pipe->pages == NULL) {
        cache_free(&pipe_cache, pipe);
        return NULL;
    }
    spin_init(&pipe->lock, "pipe", RANK_OBJECT);
    wait_queue_init(&pipe->reading);
    wait_queue_init(&pipe->writing);
    wait_queue_init(&pipe->watching);
    pipe->shown = inode != NULL ? inode : &pipe->inode;
    spin_lock(&pipes_lock);
    list_add_tail(&pipes, &pipe->all_link);
    spin_unlock(&pipes_lock);
    return pipe;
}

void fifo_release(struct inode *inode)
{
    struct pipe *pipe = inode->object;

    if (pipe == NULL)
        return;
    spin_lock(&pipes_lock);
    list_remove(&pipe->all_link);
    spin_unlock(&pipes_lock);
    kfree(pipe->pages);
    cache_free(&pipe_cache, pipe);
}

/* The first end is opened: charge a capacity.  False: the user has too many pipes.  The lock is held. */
static bool pipe_charge(struct pipe *pipe)
{
    uint32_t pages = PIPE_CAPACITY / PAGE_SIZE;

    pipe->account =
        account_charge_current(ACCOUNT_PIPE_PAGES, pages, credentials_superuser() ? ACCOUNT_UNLIMITED : pages_soft);
    if (pipe->account == NULL) {
        pages = 1;
        pipe->account = account_charge_current(ACCOUNT_PIPE_PAGES, pages, pages_hard);
    }
    pipe->capacity = pages * PAGE_SIZE;
    return pipe->account != NULL;
}

/* An end is opened: count it, and tell those who wait for it.  -ENFILE: it is the first one, and there are too many
 * pipes.  The lock is held. */
static int pipe_attach(struct pipe *pipe, struct file *file)
{
    if (pipe->readers + pipe->writers == 0 && !pipe_charge(pipe))
        return -ENFILE; /* POSIX pipe, open: ENFILE */
    file->ops = &pipe_ops;
    file->object = pipe;
    file->position = pipe->writer_opens;
    pipe->readers += file_readable(file);
    pipe->reader_opens += file_readable(file);
    pipe->writers += file_writable(file);
    pipe->writer_opens += file_writable(file);
    pipe_serve(pipe);
    return 0;
}

/* When the last end is closed the bytes are gone, also those of a FIFO. */
void pipe_detach(struct file *file)
{
    struct pipe *pipe = file->object;

    spin_lock(&pipe->lock);
    pipe->readers -= file_readable(file);
    pipe->writers -= file_writable(file);
    if (pipe->readers == 0 && pipe->writers == 0) {
        slots_empty(pipe->pages, pipe->capacity);
        pipe->start = pipe->count = 0;
        account_release(pipe->account, ACCOUNT_PIPE_PAGES, pipe->capacity / PAGE_SIZE);
    }
    pipe_serve(pipe);
    spin_unlock(&pipe->lock);
}

/* Times cost a division, so reads and writes keep the counter's value, and stat computes.  The inode is locked. */
void fifo_refresh(struct inode *inode)
{
    struct pipe *pipe = inode->object;
    int64_t now = inode_time();
    uint64_t ticks = counter_read(), read_ticks, write_ticks;

    if (pipe == NULL)
        return;
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

/* The pipe of a FIFO, made by its first open; an unnamed one has its own.  NULL: no memory. */
static struct pipe *fifo_pipe(struct inode *inode)
{
    mutex_lock(&inode->lock);
    if (inode->object == NULL)
        inode->object = pipe_alloc(inode);
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
        result = pipe_sleep(pipe, &pipe->watching, &entry, "fifo-open");
        spin_lock(&pipe->lock);
    }
    spin_unlock(&pipe->lock);
    return (int)result;
}

/* POSIX open: for reading alone it waits until somebody has the FIFO open for writing, and the other way round.  With
 * O_NONBLOCK a reader does not wait, and a writer needs a reader.  Ends of unnamed pipes are opened through
 * /proc/PID/fd. */
int fifo_open(struct inode *inode, struct file *file)
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

static const struct inode_ops fifo_ops = {
    .open = fifo_open,
    .refresh = fifo_refresh,
    .release = fifo_release,
};

static struct pipe *unnamed_create(void)
{
    struct pipe *pipe = pipe_alloc(NULL);
    const struct credentials *who = credentials_current();

    if (pipe == NULL)
        return NULL;
    inode_init(&pipe->inode, &fifo_ops, ABI_S_IFIFO | 0600, DEVICE_ANONYMOUS, inode_number());
    pipe->inode.uid = who->euid;
    pipe->inode.gid = who->egid;
    pipe->inode.object = pipe;
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

long pipe_capacity(const struct file *file)
{
    const struct pipe *pipe = file->object;

    return file->ops == &pipe_ops ? (long)pipe->capacity : -EBADF;
}

/* Copy the ring's bytes to the start of other pages.  0 or -ENOMEM.  The turns are taken. */
static int ring_copy(const struct pipe *pipe, uint8_t **to)
{
    uint32_t done = 0, part;

    for (; done < pipe->count; done += part) {
        uint32_t at = (pipe->start + done) & (pipe->capacity - 1), from = at % PAGE_SIZE, into = done % PAGE_SIZE;
        uint8_t *page = pipe_page(&to[done / PAGE_SIZE]);

        if (page == NULL)
            return -ENOMEM;
        part = PAGE_SIZE - (from > into ? from : into);
        if (part > pipe->count - done)
            part = pipe->count - done;
        memcpy(page + into, pipe->pages[at / PAGE_SIZE] + from, part);
    }
    return 0;
}

/* Give the pipe another ring with the same bytes.  The turns are taken, so that nobody else looks at the ring. */
static int exchange_ring(struct pipe *pipe, uint32_t capacity)
{
    uint8_t **slots = slots_alloc(capacity), **old = pipe->pages;
    uint32_t old_capacity = pipe->capacity;
    int error = slots != NULL ? ring_copy(pipe, slots) : -ENOMEM;

    if (error == 0) {
        spin_lock(&pipe->lock);
        pipe->pages = slots;
        pipe->start = 0;
        pipe->capacity = capacity;
        spin_unlock(&pipe->lock);
        slots_empty(old, old_capacity);
        kfree(old);
    } else if (slots != NULL) {
        slots_empty(slots, capacity);
        kfree(slots);
    }
    return error;
}

/* The turns keep other changes of the size away. */
static long change_capacity(struct pipe *pipe, uint32_t capacity)
{
    uint32_t old = pipe->capacity, more = capacity > old ? (capacity - old) / PAGE_SIZE : 0;
    bool super = credentials_superuser();
    int error;

    if (pipe->count > capacity)
        return -EBUSY; /* Linux F_SETPIPE_SZ: EBUSY */
    if (more != 0 && ((capacity > size_limit && !super) ||
                      !account_charge(pipe->account, ACCOUNT_PIPE_PAGES, more, super ? ACCOUNT_UNLIMITED : pages_soft)))
        return -EPERM; /* Linux F_SETPIPE_SZ: EPERM */
    error = exchange_ring(pipe, capacity);
    if (error != 0)
        account_release(pipe->account, ACCOUNT_PIPE_PAGES, more);
    else if (capacity < old)
        account_release(pipe->account, ACCOUNT_PIPE_PAGES, (old - capacity) / PAGE_SIZE);
    return error != 0 ? error : (long)capacity;
}

long pipe_await_turn(struct pipe *pipe)
{
    struct wait_entry entry;

    return pipe_sleep(pipe, &pipe->watching, &entry, "pipe-turn");
}

/* Take or give back both turns. */
static void set_turns(struct pipe *pipe, bool taken)
{
    debug_lock_held(&pipe->lock);
    pipe->reading_turn = pipe->writing_turn = taken;
    if (!taken)
        pipe_serve(pipe);
    spin_unlock(&pipe->lock);
}

long pipe_resize(const struct file *file, uint32_t size)
{
    struct pipe *pipe = file->object;
    uint32_t capacity = PAGE_SIZE;
    long result = 0;

    if (file->ops != &pipe_ops)
        return -EBADF;
    if (size > INT32_MAX / 2 + 1)
        return -EINVAL; /* Linux F_SETPIPE_SZ: EINVAL */
    while (capacity < size)
        capacity *= 2;
    spin_lock(&pipe->lock);
    while (result == 0 && (pipe->reading_turn || pipe->writing_turn)) {
        result = pipe_await_turn(pipe);
        spin_lock(&pipe->lock);
    }
    if (result != 0) {
        spin_unlock(&pipe->lock);
        return result;
    }
    set_turns(pipe, true);
    result = change_capacity(pipe, capacity);
    spin_lock(&pipe->lock);
    set_turns(pipe, false);
    return result;
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

    inode_describe(pipe->shown, name, sizeof(name));
    proc_print(text, "%s %lu %lu", name, pipe->count, pipe->capacity);
    proc_print_holders(text, pipe->shown, R_OK);
    proc_print_holders(text, pipe->shown, W_OK);
    proc_print_waiters(text, &pipe->reading, &pipe->lock);
    proc_print_waiters(text, &pipe->writing, &pipe->lock);
    proc_print_waiters(text, &pipe->watching, &pipe->lock);
    proc_print(text, "\n");
}

static void show_pipes(struct proc_text *text)
{
    struct pipe *pipe = NULL;

    proc_print(text, "name bytes capacity readers writers reading writing watching\n");
    while ((pipe = pipe_next(pipe)) != NULL)
        show_pipe(text, pipe);
}

void pipe_start(void)
{
    pages_soft = page_total_count() / 8;
    pages_hard = page_total_count() / 4;
    procfs_add("pipes", show_pipes);
    procfs_add_limit("sys/fs/pipe-max-size", &size_limit, PAGE_SIZE, 1u << 30);
    procfs_add_limit("sys/fs/pipe-user-pages-soft", &pages_soft, 0, UINT32_MAX / 2);
    procfs_add_limit("sys/fs/pipe-user-pages-hard", &pages_hard, 0, UINT32_MAX / 2);
}
