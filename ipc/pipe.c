/*
 * pipe.c - pipes and FIFOs: moving bytes from writers to readers.
 *
 * The bytes are in a ring of pages (pipe_ring.h).  A spinlock guards all of a pipe.  User memory cannot be touched with
 * it held, for a fault may sleep; so whoever copies takes a turn, gives the lock up, copies straight between user
 * memory and the ring, and takes the lock again to say how much has moved.  There are two turns: the reader's, over
 * the bytes, and the writer's, over the room.  So one reader and one writer copy at the same time, and a write of up
 * to PIPE_BUF bytes is whole, since it begins only when there is room for all of it.
 *
 *      writer                                   reader
 *      lock; room? take the writing turn        lock; bytes? take the reading turn
 *      unlock; copy: user -> ring               unlock; copy: ring -> user
 *      lock; count += n; turn back; serve       lock; count -= n; turn back; serve
 *      unlock                                   unlock
 *
 * Up to PIPE_SMALL bytes, which is what most messages are, go a shorter way: they are copied with the lock held,
 * which is taken once.  Nearly always the user's page is there; where it is not, the copy gives up and the general way
 * follows.
 *
 * A reader that sleeps has a small buffer on its stack.  Who brings bytes for it puts them there, from the writer's
 * memory and past the ring, and wakes it with their number: it takes no lock again, looks for nothing, and nobody can
 * snatch them.  What is handed over is lost if it cannot be copied to the user in the end; so a reader offers its
 * buffer only if the user's memory can be written just when it falls asleep, and else it is only woken, and finds the
 * bytes in the ring.
 *
 * Nobody is forgotten: every change ends in pipe_serve(), under the lock.  It wakes one who waits for bytes and one who
 * waits for room; these serve the next ones when they have done their part.
 */
#include <abi/errno.h>
#include <abi/signal.h>
#include <abi/termios.h>
#include <core/thread.h>
#include <ipc/pipe.h>
#include <ipc/pipe_object.h>
#include <ipc/signal.h>
#include <lib/string.h>

#define PIPE_SMALL 128u
_Static_assert(PIPE_SMALL <= COPY_SHORT, "copied with the lock held");

/* On the stack of a reader that sleeps. */
struct pipe_reader {
    struct wait_entry entry;
    uint32_t wanted; /* bytes */
    uint32_t offer;  /* so many may be put into bytes[] */
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

/* Hand bytes to readers that sleep and offer room, in the order of their arrival.  How many went. */
static uint32_t hand_over(struct pipe *pipe, const uint8_t *bytes, uint32_t n)
{
    struct wait_entry *entry, *after;
    uint32_t done = 0;

    list_for_each_entry_safe (entry, after, &pipe->reading.entries, link) {
        struct pipe_reader *reader = container_of(entry, struct pipe_reader, entry);
        uint32_t part = smaller(reader->wanted, n - done);

        if (part == 0 || part > reader->offer)
            break;
        memcpy(reader->bytes, bytes + done, part); /* before it can run */
        if (wake_entry(entry, (long)part))
            done += part;
    }
    if (done != 0)
        pipe->read_ticks = counter_read();
    return done;
}

/* Hand over what lies in one piece; who is woken without bytes takes what there is by itself. */
static void serve_readers(struct pipe *pipe)
{
    struct pipe_ring *ring = &pipe->ring;
    const uint8_t *bytes = ring_piece(ring, ring->start, ring->count);

    if (ring->count == 0 && pipe->writers == 0)
        wake_all(&pipe->reading, 0);
    if (ring->count == 0 || pipe->reading_turn)
        return;
    if (bytes != NULL)
        ring_drop(ring, hand_over(pipe, bytes, ring->count), !pipe->writing_turn);
    if (ring->count != 0)
        wake_one(&pipe->reading, 0);
}

static void serve_writers(struct pipe *pipe)
{
    struct wait_entry *entry, *after;

    if (pipe->readers == 0)
        wake_all(&pipe->writing, 0);
    list_for_each_entry_safe (entry, after, &pipe->writing.entries, link) {
        struct pipe_writer *writer = container_of(entry, struct pipe_writer, entry);

        if (pipe->writing_turn || ring_room(&pipe->ring) < writer->needs || wake_entry(entry, 0))
            return;
    }
}

void pipe_serve_waiting(struct pipe *pipe)
{
    if (!wait_queue_empty(&pipe->reading))
        serve_readers(pipe);
    if (!wait_queue_empty(&pipe->writing))
        serve_writers(pipe);
    if (!wait_queue_empty(&pipe->polling))
        wake_all(&pipe->polling, 0);
    if (!wait_queue_empty(&pipe->rare))
        wake_all(&pipe->rare, 0);
    pipe->watched = !wait_queue_empty(&pipe->reading) || !wait_queue_empty(&pipe->writing) ||
                    !wait_queue_empty(&pipe->polling) || !wait_queue_empty(&pipe->rare);
}

static void pipe_enqueue(struct pipe *pipe, struct wait_queue *queue, struct wait_entry *entry)
{
    wait_enqueue(queue, entry, &pipe->lock);
    pipe->watched = true;
}

long pipe_sleep(struct pipe *pipe, struct wait_queue *queue, struct wait_entry *entry, const char *reason)
{
    long answer;

    *entry = (struct wait_entry){.thread = current};
    wait_begin();
    pipe_enqueue(pipe, queue, entry);
    spin_unlock(&pipe->lock);
    answer = wait_commit(reason, DEADLINE_NEVER, WAIT_INTERRUPTIBLE);
    wait_remove(entry);
    return answer;
}

/* How many bytes can be handed to the user who waits with `uio`. Interrupts off. */
static uint32_t reader_offer(const struct uio *uio)
{
    uint32_t n = smaller(uio->left, PIPE_SMALL);

    if (uio->length < n || !user_writable_now(uio->base) || !user_writable_now(uio->base + n - 1))
        return 0;
    return n;
}

/* Sleep until bytes are handed over (how many), 0: something has changed, -ERESTART.  The lock is given up. */
static long reader_sleep(struct pipe *pipe, struct uio *uio)
{
    struct pipe_reader self;
    long n;

    self.wanted = uio->left;
    self.offer = reader_offer(uio);
    n = pipe_sleep(pipe, &pipe->reading, &self.entry, "pipe-read");
    if (n > 0 && uio_copy_out(uio, self.bytes, (size_t)n) != 0)
        return -EFAULT; /* the memory went away while we slept */
    return n;
}

/* The short way for a few bytes; false: not now, or not in one piece.  The lock is held. */
static inline bool read_from_ring(struct pipe *pipe, const struct uio *uio, uint32_t n)
{
    const uint8_t *from = ring_piece(&pipe->ring, pipe->ring.start, n);

    if (n > PIPE_SMALL || n > uio->length || from == NULL || copy_faultable((void *)uio->base, from, n) != 0)
        return false;
    ring_drop(&pipe->ring, n, !pipe->writing_turn);
    pipe->read_ticks = counter_read();
    pipe_serve(pipe);
    return true;
}

/* With O_NONBLOCK: somebody copies at this moment, which does not last.  0, or -ERESTART.  The lock is given up. */
static long pipe_await_turn(struct pipe *pipe)
{
    struct wait_entry entry;

    return pipe_sleep(pipe, &pipe->rare, &entry, "pipe-turn");
}

/* There are bytes and no reader's turn: take it, move what both sides have.  How many, or -EFAULT.  The lock is given
 * up. */
static long pipe_take(struct pipe *pipe, struct uio *uio)
{
    uint32_t start = pipe->ring.start, n = smaller(uio->left, pipe->ring.count);
    long moved;

    if (read_from_ring(pipe, uio, n)) {
        spin_unlock(&pipe->lock);
        return (long)n;
    }
    pipe->reading_turn = true;
    spin_unlock(&pipe->lock);
    moved = ring_copy_out(&pipe->ring, start, uio, n); /* POSIX read: EFAULT; the bytes stay */
    spin_lock(&pipe->lock);
    pipe->reading_turn = false;
    if (moved > 0) {
        ring_drop(&pipe->ring, (uint32_t)moved, !pipe->writing_turn);
        pipe->read_ticks = counter_read();
    }
    pipe_serve(pipe);
    spin_unlock(&pipe->lock);
    return moved;
}

static long pipe_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    struct pipe *pipe = file->object;
    long result = 0;

    (void)position;
    while (result == 0 && uio->left != 0) {
        spin_lock(&pipe->lock);
        if (pipe->ring.count != 0 && !pipe->reading_turn)
            return pipe_take(pipe, uio);
        if (pipe->ring.count == 0 && (pipe->writers == 0 || file->flags & O_NONBLOCK)) {
            result = pipe->writers == 0 ? 0 : -EAGAIN; /* POSIX read: EAGAIN */
            spin_unlock(&pipe->lock);
            break;
        }
        result = file->flags & O_NONBLOCK ? pipe_await_turn(pipe) : reader_sleep(pipe, uio);
    }
    return result;
}

/* Copy from the user straight into the buffer of the first reader that sleeps, and wake it.  The lock is held, nothing
 * is in the ring. */
static bool write_to_reader(struct pipe *pipe, const struct uio *uio)
{
    struct list *first = list_first(&pipe->reading.entries);
    struct pipe_reader *reader = container_of(first, struct pipe_reader, entry.link);
    uint32_t n = uio->length;

    if (first == NULL || n > reader->offer || copy_faultable(reader->bytes, (const void *)uio->base, n) != 0 ||
        !wake_entry(&reader->entry, (long)n))
        return false;
    pipe->read_ticks = counter_read();
    return true;
}

/* The same into the ring; false: not in one piece, or not now. */
static bool write_to_ring(struct pipe *pipe, const struct uio *uio)
{
    uint32_t n = uio->length;
    uint8_t *to = ring_piece(&pipe->ring, ring_tail(&pipe->ring), n);

    if (to == NULL || ring_room(&pipe->ring) < n || copy_faultable(to, (const void *)uio->base, n) != 0)
        return false;
    pipe->ring.count += n;
    pipe_serve(pipe);
    return true;
}

/* The short way for a small write: how many bytes, or 0: something is in its way, go the general one. */
static inline long pipe_write_small(struct pipe *pipe, const struct uio *uio)
{
    bool done = false;

    spin_lock(&pipe->lock);
    if (pipe->readers != 0 && !pipe->writing_turn) {
        if (pipe->watched && pipe->ring.count == 0 && !pipe->reading_turn)
            done = write_to_reader(pipe, uio);
        if (!done)
            done = write_to_ring(pipe, uio);
        if (done)
            pipe->write_ticks = counter_read();
    }
    spin_unlock(&pipe->lock);
    return done ? (long)uio->length : 0;
}

/* There is room and no writer's turn: take it, move at most n bytes.  How many, or -EFAULT, -ENOMEM; with `whole` all
 * or none.  The lock is given up. */
static long pipe_put(struct pipe *pipe, struct uio *uio, uint32_t n, bool whole)
{
    uint32_t tail = ring_tail(&pipe->ring);
    long moved;

    pipe->writing_turn = true;
    spin_unlock(&pipe->lock);
    moved = ring_copy_in(&pipe->ring, tail, uio, n, whole); /* POSIX write: EFAULT */
    spin_lock(&pipe->lock);
    pipe->writing_turn = false;
    if (moved > 0) {
        pipe->ring.count += (uint32_t)moved;
        pipe->write_ticks = counter_read();
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
static long pipe_write_some(struct pipe *pipe, struct uio *uio, bool whole, bool wait)
{
    uint32_t room, least = whole ? uio->left : 1;
    long error = 0;

    spin_lock(&pipe->lock);
    room = ring_room(&pipe->ring);
    if (pipe->readers == 0)
        error = -EPIPE; /* POSIX write: EPIPE */
    else if (room < least && !wait)
        error = -EAGAIN; /* POSIX write: EAGAIN */
    else if (room < least || pipe->writing_turn)
        return wait ? writer_sleep(pipe, smaller(uio->left, ABI_PIPE_BUF)) : pipe_await_turn(pipe);
    else
        return pipe_put(pipe, uio, smaller(uio->left, room), whole);
    spin_unlock(&pipe->lock);
    return error;
}

static long pipe_write_all(struct file *file, struct uio *uio)
{
    bool whole = uio->left <= ABI_PIPE_BUF, wait = !(file->flags & O_NONBLOCK);
    long moved = 0, step = 0;

    while (uio->left != 0 && step >= 0) {
        step = pipe_write_some(file->object, uio, whole, wait);
        if (step > 0)
            moved += step;
    }
    if (step == -EPIPE)
        signal_send_thread(current, SIGPIPE, NULL); /* POSIX write: EPIPE and SIGPIPE */
    return moved != 0 || step >= 0 ? moved : step;
}

static long pipe_write(struct file *file, struct uio *uio, abi_off_t *position)
{
    long result = 0;

    (void)position;
    if (uio->left <= PIPE_SMALL && uio->length == uio->left)
        result = pipe_write_small(file->object, uio);
    return result != 0 ? result : pipe_write_all(file, uio);
}

/* file->position is what writer_opens was at the open: a reader to whom no writer has come so far is not hung up. */
static inline unsigned ready_to_read(const struct pipe *pipe, const struct file *file)
{
    unsigned ready = pipe->ring.count != 0 ? POLLIN | POLLRDNORM : 0;

    if (pipe->writers == 0 && pipe->writer_opens != (unsigned)file->position)
        ready |= POLLHUP;
    return ready;
}

static inline unsigned ready_to_write(const struct pipe *pipe)
{
    unsigned ready = ring_room(&pipe->ring) >= ABI_PIPE_BUF ? POLLOUT | POLLWRNORM : 0;

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
__attribute__((noinline)) static unsigned pipe_poll_queue(struct pipe *pipe, const struct file *file,
                                                          struct wait_entry *entry)
{
    unsigned ready;

    spin_lock(&pipe->lock);
    pipe_enqueue(pipe, &pipe->polling, entry);
    ready = pipe_ready(pipe, file);
    spin_unlock(&pipe->lock);
    return ready;
}

static unsigned pipe_poll(struct file *file, struct wait_entry *entry)
{
    return entry == NULL ? pipe_ready(file->object, file) : pipe_poll_queue(file->object, file, entry);
}

static long pipe_ioctl(struct file *file, unsigned request, uint32_t argument)
{
    const struct pipe *pipe = file->object;
    int32_t count = (int32_t)pipe->ring.count;

    if (request != FIONREAD)
        return -ENOTTY; /* POSIX ioctl: ENOTTY */
    return copy_to_user(argument, &count, sizeof(count));
}

/* An end is closed.  When the last one is, the bytes are gone, also those of a FIFO, which is of the usual size again
 * when it is opened anew. */
static void pipe_release(struct file *file)
{
    struct pipe *pipe = file->object;

    spin_lock(&pipe->lock);
    pipe->readers -= file_readable(file);
    pipe->writers -= file_writable(file);
    if (pipe->readers == 0 && pipe->writers == 0) {
        ring_empty(&pipe->ring);
        pipe_unreserve(pipe->ring.capacity);
    }
    pipe_serve(pipe);
    spin_unlock(&pipe->lock);
}

const struct file_ops pipe_ops = {
    .read = pipe_read,
    .write = pipe_write,
    .ioctl = pipe_ioctl,
    .poll = pipe_poll,
    .release = pipe_release,
};

long pipe_capacity(const struct file *file)
{
    const struct pipe *pipe = file->object;

    return file->ops == &pipe_ops ? (long)pipe->ring.capacity : -EBADF;
}

long pipe_resize(const struct file *file, uint32_t size)
{
    return file->ops == &pipe_ops ? pipe_set_capacity(file->object, size) : -EBADF;
}
