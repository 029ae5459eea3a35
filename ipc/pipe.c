/*
 * pipe.c - pipes and FIFOs: moving bytes from writers to readers.
 *
 * The bytes are in a ring of pages (pipe.h).  A spinlock guards all of a pipe.  User memory cannot be touched with it
 * held, for a fault may sleep; so whoever copies takes a turn, gives the lock up, copies straight between user memory
 * and the ring, and takes the lock again to say how much has moved.  There are two turns: the reader's, over the bytes,
 * and the writer's, over the room.  So one reader and one writer copy at the same time, and a write of up to PIPE_BUF
 * bytes is whole, since it begins only when there is room for all of it.
 *
 *      writer                                   reader
 *      lock; room? take the writing turn        lock; bytes? take the reading turn
 *      unlock; copy: user -> ring               unlock; copy: ring -> user
 *      lock; count += n; turn back; serve       lock; count -= n; turn back; serve
 *      unlock                                   unlock
 *
 * There are three shorter ways.  Up to PIPE_SMALL bytes, which is what most messages are, are copied with the lock
 * held, which is taken once.  Nearly always the user's page is there; where it is not, the copy gives up and the
 * general way follows.
 *
 * If a reader sleeps, so few bytes go past the ring into a buffer on its stack, and it is woken with their number: it
 * takes no lock again and looks for nothing.  What is handed over is lost if it cannot be copied to the user in the
 * end; so a reader offers its buffer only if the user's memory can be written just when it falls asleep.
 *
 * Where large writes come, a reader pins its user's buffer before it sleeps (mm/pin.h), and a writer with many bytes
 * copies them right there, once.  Meanwhile the writer has both turns, and the reader, should a signal wake it, waits
 * for the end of the copy.
 *
 * Nobody is forgotten: every change ends in pipe_serve(), under the lock.  It wakes one who waits for bytes and one who
 * waits for room; these serve the next ones when they have done their part.
 */
#include <abi/termios.h>
#include <ipc/pipe.h>
#include <ipc/signal.h>
#include <mm/pin.h>

#define PIPE_SMALL 128u
_Static_assert(PIPE_SMALL <= COPY_SHORT, "copied with the lock held");
#define PIPE_LARGE (4 * PAGE_SIZE) /* handed over by way of pinned pages; always more than PIPE_BUF */

/* Functions with an argument for the direction: one copy for each. */
#define DIRECTION_INLINE inline __attribute__((always_inline))

/* On the stack of a reader that sleeps. */
struct pipe_reader {
    struct wait_entry entry;
    uint32_t offer;  /* so many may be put into bytes[] */
    struct pin *pin; /* NULL, or where more may be put */
    bool claimed;    /* a writer copies there */
    long given;      /* it has copied so many */
    uint8_t bytes[PIPE_SMALL];
};

/* On the stack of a writer that sleeps. */
struct pipe_writer {
    struct wait_entry entry;
    uint32_t needs; /* bytes of room to go on */
};

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint32_t room(const struct pipe *pipe)
{
    return pipe->capacity - pipe->count;
}

static uint32_t tail(const struct pipe *pipe)
{
    return (pipe->start + pipe->count) & (pipe->capacity - 1);
}

/* Where the n bytes at `at` lie in one piece, on a page that is there; else NULL. */
static inline uint8_t *piece(const struct pipe *pipe, uint32_t at, uint32_t n)
{
    uint8_t *page = pipe->pages[at / PAGE_SIZE];
    uint32_t offset = at % PAGE_SIZE;

    return page != NULL && offset + n <= PAGE_SIZE ? page + offset : NULL;
}

/* n bytes have come. */
static void added(struct pipe *pipe, uint32_t n)
{
    pipe->count += n;
    pipe->write_ticks = counter_read();
}

/* The first n bytes are gone. */
static void dropped(struct pipe *pipe, uint32_t n)
{
    pipe->count -= n;
    pipe->start = pipe->count == 0 && !pipe->writing_turn ? 0 : (pipe->start + n) & (pipe->capacity - 1);
    pipe->read_ticks = counter_read();
}

static void serve_readers(struct pipe *pipe)
{
    if (pipe->count == 0 && pipe->writers == 0)
        wake_all(&pipe->reading, 0);
    else if (pipe->count != 0 && !pipe->reading_turn)
        wake_one(&pipe->reading, 0);
}

static void serve_writers(struct pipe *pipe)
{
    struct wait_entry *entry, *after;

    if (pipe->readers == 0)
        wake_all(&pipe->writing, 0);
    list_for_each_entry_safe (entry, after, &pipe->writing.entries, link) {
        struct pipe_writer *writer = container_of(entry, struct pipe_writer, entry);

        if (pipe->writing_turn || room(pipe) < writer->needs || wake_entry(entry, 0))
            return;
    }
}

void pipe_serve_waiting(struct pipe *pipe)
{
    serve_readers(pipe);
    serve_writers(pipe);
    wake_all(&pipe->watching, 0);
    pipe->watched =
        !wait_queue_empty(&pipe->reading) || !wait_queue_empty(&pipe->writing) || !wait_queue_empty(&pipe->watching);
}

/* Copy n bytes between the user and the ring's bytes at `at`, piece by piece.  How many; -EFAULT, -ENOMEM: none.  Into
 * the ring up to PIPE_BUF bytes are copied whole or not at all.  May sleep. */
static DIRECTION_INLINE long copy_pieces(struct pipe *pipe, uint32_t at, struct uio *uio, uint32_t n, bool in)
{
    uint32_t done = 0, offset, part;
    int error = 0;

    for (; done < n; done += part, at = (at + part) & (pipe->capacity - 1)) {
        uint8_t *page = pipe_page(&pipe->pages[at / PAGE_SIZE]);

        offset = at % PAGE_SIZE;
        part = smaller(n - done, PAGE_SIZE - offset);
        if (page == NULL)
            error = -ENOMEM;
        else
            error = in ? uio_copy_in(uio, page + offset, part) : uio_copy_out(uio, page + offset, part);
        if (error != 0)
            break;
    }
    return error != 0 && (done == 0 || (in && n <= ABI_PIPE_BUF)) ? error : (long)done;
}

/* Take the turn, which is free, and move n bytes, which are there or for which there is room.  Answers as
 * copy_pieces().  The lock is given up. */
static DIRECTION_INLINE long move(struct pipe *pipe, struct uio *uio, uint32_t n, bool in)
{
    bool *turn = in ? &pipe->writing_turn : &pipe->reading_turn;
    uint32_t at = in ? tail(pipe) : pipe->start;
    long moved;

    *turn = true;
    spin_unlock(&pipe->lock);
    moved = copy_pieces(pipe, at, uio, n, in); /* POSIX read, write: EFAULT; a reader's bytes stay */
    spin_lock(&pipe->lock);
    *turn = false;
    if (moved > 0 && in)
        added(pipe, (uint32_t)moved);
    else if (moved > 0)
        dropped(pipe, (uint32_t)moved);
    pipe_serve(pipe);
    spin_unlock(&pipe->lock);
    return moved;
}

__attribute__((noinline)) static long move_out(struct pipe *pipe, struct uio *uio, uint32_t n)
{
    return move(pipe, uio, n, false);
}

/* Sleep until bytes are handed over (how many), 0: something has changed, -ERESTART.  The lock is given up. */
static long reader_sleep(struct pipe *pipe, struct uio *uio)
{
    struct pipe_reader self;
    long n;

    self.offer = uio_writable_now(uio, PIPE_SMALL);
    self.pin = NULL;
    n = pipe_sleep(pipe, &pipe->reading, &self.entry, "pipe-read");
    if (n > 0 && uio_copy_out(uio, self.bytes, (size_t)n) != 0)
        return -EFAULT; /* the memory went away while we slept */
    return n;
}

/* The same with the user's buffer pinned. */
static long sleep_pinned(struct pipe *pipe, struct pin *pin)
{
    struct pipe_reader self = {.pin = pin};
    long result = pipe_sleep(pipe, &pipe->reading, &self.entry, "pipe-read");

    spin_lock(&pipe->lock);
    while (self.claimed) {
        pipe->watched = true;
        wait_sleep(&pipe->watching, &pipe->lock, "pipe-turn", DEADLINE_NEVER, 0);
    }
    if (self.given == 0 && result == 0)
        pipe->large = false; /* other bytes have come */
    spin_unlock(&pipe->lock);
    return self.given != 0 ? self.given : result;
}

/* Large writes come: pin the buffer, look again, and sleep.  Answers as reader_sleep().  The lock is given up. */
__attribute__((noinline)) static long reader_pin_and_sleep(struct pipe *pipe, const struct uio *uio)
{
    struct pin pin;
    long n = 0;

    spin_unlock(&pipe->lock);
    pin_user(&pin, uio->base, uio->length);
    spin_lock(&pipe->lock);
    if (pipe->count == 0 && pipe->writers != 0)
        n = sleep_pinned(pipe, pin.length != 0 ? &pin : NULL);
    else
        spin_unlock(&pipe->lock);
    return pin_finish(&pin, n > 0 ? (uint32_t)n : 0) != 0 ? -EFAULT : n;
}

/* The short way for a few bytes; false: not now, or not in one piece.  The lock is held. */
static inline bool read_small(struct pipe *pipe, const struct uio *uio, uint32_t n)
{
    const uint8_t *from = piece(pipe, pipe->start, n);

    if (n > PIPE_SMALL || n > uio->length || from == NULL || copy_faultable((void *)uio->base, from, n) != 0)
        return false;
    dropped(pipe, n);
    pipe_serve(pipe);
    return true;
}

static long pipe_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    struct pipe *pipe = file->object;
    long result = 0;

    while (result == 0 && uio->left != 0) {
        uint32_t n;

        spin_lock(&pipe->lock);
        n = smaller(uio->left, pipe->count);
        if (n != 0 && !pipe->reading_turn) {
            if (!read_small(pipe, uio, n))
                return move_out(pipe, uio, n);
            spin_unlock(&pipe->lock);
            return (long)n;
        }
        if (n == 0 && (pipe->writers == 0 || file->flags & O_NONBLOCK)) {
            result = pipe->writers == 0 ? 0 : -EAGAIN; /* POSIX read: EAGAIN */
            spin_unlock(&pipe->lock);
            break;
        }
        if (file->flags & O_NONBLOCK)
            result = pipe_await_turn(pipe);
        else if (pipe->large && uio->length >= PIPE_LARGE)
            result = reader_pin_and_sleep(pipe, uio);
        else
            result = reader_sleep(pipe, uio);
    }
    return result;
}

/* The first reader that sleeps, if it can be given bytes past the ring, or NULL.  Nobody writes. */
static struct pipe_reader *first_reader(struct pipe *pipe)
{
    struct list *first = list_first(&pipe->reading.entries);

    return first != NULL && pipe->count == 0 && !pipe->reading_turn
               ? container_of(first, struct pipe_reader, entry.link)
               : NULL;
}

/* Copy from the user straight into the buffer of the first reader that sleeps, and wake it.  The lock is held. */
static bool write_to_reader(struct pipe *pipe, const struct uio *uio)
{
    struct pipe_reader *reader = first_reader(pipe);
    uint32_t n = uio->length;

    if (reader == NULL || n > reader->offer || copy_faultable(reader->bytes, (const void *)uio->base, n) != 0 ||
        !wake_entry(&reader->entry, (long)n))
        return false;
    pipe->read_ticks = pipe->write_ticks = counter_read();
    return true;
}

/* The same into the ring; false: not in one piece, or not now. */
static bool write_to_ring(struct pipe *pipe, const struct uio *uio)
{
    uint32_t n = uio->length;
    uint8_t *to = piece(pipe, tail(pipe), n);

    if (to == NULL || room(pipe) < n || copy_faultable(to, (const void *)uio->base, n) != 0)
        return false;
    added(pipe, n);
    pipe_serve(pipe);
    return true;
}

/* The short way for a small write; false: something is in its way, go the general one. */
static inline bool write_small(struct pipe *pipe, const struct uio *uio)
{
    bool done = false;

    spin_lock(&pipe->lock);
    if (pipe->readers != 0 && !pipe->writing_turn)
        done = (pipe->watched && write_to_reader(pipe, uio)) || write_to_ring(pipe, uio);
    spin_unlock(&pipe->lock);
    return done;
}

/* Copy into the pages that the sleeping reader has pinned; how many bytes, or -EFAULT.  The lock is given up. */
static long write_to_pinned(struct pipe *pipe, struct pipe_reader *reader, struct uio *uio)
{
    long moved;

    reader->claimed = pipe->reading_turn = pipe->writing_turn = true;
    spin_unlock(&pipe->lock);
    moved = pin_copy_in(reader->pin, uio);
    spin_lock(&pipe->lock);
    reader->claimed = pipe->reading_turn = pipe->writing_turn = false;
    if (moved > 0) {
        reader->given = moved;
        /* Where a signal was faster it waits for the end of the copy, or will; no other writer may find it. */
        if (list_linked(&reader->entry.link) && !wake_entry(&reader->entry, moved))
            list_remove(&reader->entry.link);
        pipe->read_ticks = pipe->write_ticks = counter_read();
    }
    pipe_serve(pipe);
    spin_unlock(&pipe->lock);
    return moved;
}

/* Wait for room; 0, or -ERESTART.  The lock is given up. */
static long writer_sleep(struct pipe *pipe, uint32_t needs)
{
    struct pipe_writer self;
    long result;

    self.needs = needs;
    result = pipe_sleep(pipe, &pipe->writing, &self.entry, "pipe-write");
    if (result < 0) {
        spin_lock(&pipe->lock);
        pipe_serve(pipe); /* we stood before others who need less */
        spin_unlock(&pipe->lock);
    }
    return result;
}

/* One step of a write: wait or move.  How many bytes moved, or -errno. */
static long write_some(struct pipe *pipe, struct uio *uio, bool whole, bool wait)
{
    uint32_t least = whole ? uio->left : 1;
    struct pipe_reader *reader;
    long error = 0;

    spin_lock(&pipe->lock);
    if (pipe->readers == 0) {
        error = -EPIPE; /* POSIX write: EPIPE */
    } else if (room(pipe) < least && !wait) {
        error = -EAGAIN; /* POSIX write: EAGAIN */
    } else if (room(pipe) < least || pipe->writing_turn) {
        return wait ? writer_sleep(pipe, smaller(uio->left, ABI_PIPE_BUF)) : pipe_await_turn(pipe);
    } else {
        pipe->large = uio->left >= PIPE_LARGE;
        reader = pipe->large ? first_reader(pipe) : NULL;
        if (reader != NULL && reader->pin != NULL)
            return write_to_pinned(pipe, reader, uio);
        return move(pipe, uio, smaller(uio->left, room(pipe)), true);
    }
    spin_unlock(&pipe->lock);
    return error;
}

__attribute__((noinline)) static long write_all(struct file *file, struct uio *uio)
{
    bool whole = uio->left <= ABI_PIPE_BUF, wait = !(file->flags & O_NONBLOCK);
    long moved = 0, step = 0;

    while (uio->left != 0 && step >= 0) {
        step = write_some(file->object, uio, whole, wait);
        if (step > 0)
            moved += step;
    }
    if (step == -EPIPE)
        signal_send_thread(current, SIGPIPE); /* POSIX write: EPIPE and SIGPIPE */
    return moved != 0 || step >= 0 ? moved : step;
}

static long pipe_write(struct file *file, struct uio *uio, abi_off_t *position)
{
    if (uio->left <= PIPE_SMALL && uio->length == uio->left && write_small(file->object, uio))
        return (long)uio->length;
    return write_all(file, uio);
}

/* file->position is what writer_opens was at the open: a reader to whom no writer has come so far is not hung up. */
static inline unsigned ready_to_read(const struct pipe *pipe, const struct file *file)
{
    unsigned ready = pipe->count != 0 ? POLLIN | POLLRDNORM : 0;

    if (pipe->writers == 0 && pipe->writer_opens != (unsigned)file->position)
        ready |= POLLHUP;
    return ready;
}

static inline unsigned ready_to_write(const struct pipe *pipe)
{
    unsigned ready = room(pipe) >= ABI_PIPE_BUF ? POLLOUT | POLLWRNORM : 0;

    if (pipe->readers == 0)
        ready |= POLLERR;
    return ready;
}

/* What an end is ready for; a single look needs no lock. */
static inline unsigned pipe_ready(const struct pipe *pipe, const struct file *file)
{
    if (!file_writable(file))
        return ready_to_read(pipe, file);
    return ready_to_write(pipe) | (file_readable(file) ? ready_to_read(pipe, file) : 0);
}

/* Queue, then look: both under the lock, so no change falls between. */
__attribute__((noinline)) static unsigned poll_queue(struct pipe *pipe, const struct file *file,
                                                     struct poll_watch *watch)
{
    unsigned ready;

    spin_lock(&pipe->lock);
    wait_enqueue(&pipe->watching, &watch->entry, &pipe->lock);
    pipe->watched = true;
    ready = pipe_ready(pipe, file);
    spin_unlock(&pipe->lock);
    return ready;
}

static unsigned pipe_poll(struct file *file, struct poll_watch *watch)
{
    return watch == NULL ? pipe_ready(file->object, file) : poll_queue(file->object, file, watch);
}

static long pipe_ioctl(struct file *file, unsigned request, uint32_t argument)
{
    const struct pipe *pipe = file->object;
    int32_t count = (int32_t)pipe->count;

    if (request != FIONREAD)
        return -ENOTTY; /* POSIX ioctl: ENOTTY */
    return copy_to_user(argument, &count, sizeof(count));
}

const struct file_ops pipe_ops = {
    .read = pipe_read,
    .write = pipe_write,
    .ioctl = pipe_ioctl,
    .poll = pipe_poll,
    .release = pipe_detach,
};
