/*
 * pipe.h - the bounded byte stream under pipe() and FIFOs.
 *
 *      pages[0]      pages[1]      pages[2]      pages[3]          capacity: a power of two, here 4 pages
 *      +-------------+-------------+-------------+-------------+
 *      |        #####|#############|####         |   (no page) |
 *      +-------------+-------------+-------------+-------------+
 *               ^ start     count        ^ tail = start + count, around the ring
 *
 * A page is allocated when the first byte goes there.  An empty ring starts again at its first page, so a pipe for
 * short messages has one page and no more.
 */
#pragma once

#include <fs/inode.h>
#include <mm/page.h>

#define PIPE_CAPACITY 65536u /* of a new pipe */

struct account;

/* l: lock   c: constant once open files know it   p: pipes_lock */
struct pipe {
    struct spinlock lock;                /* RANK_OBJECT */
    uint32_t start, count, capacity;     /* l  bytes  (poll reads the last two alone) */
    uint8_t **pages;                     /* l  no less than a new pipe's; NULL: not needed so far */
    bool reading_turn, writing_turn;     /* l  taken: somebody copies, without the lock */
    bool watched;                        /* l  false: nobody stands on the queues */
    bool large;                          /* l  large writes come: a reader that sleeps should pin its buffer */
    unsigned readers, writers;           /* l  open ends (poll reads them alone) */
    unsigned reader_opens, writer_opens; /* l  how many there ever were */
    struct wait_queue reading;           /* l  struct pipe_reader */
    struct wait_queue writing;           /* l  struct pipe_writer */
    struct wait_queue watching;          /* l  woken by any change: polls, opens of a FIFO, who waits for a turn */
    uint64_t read_ticks, write_ticks;    /* l  of the last one that no stat has seen; 0: none */
    struct account *account;             /* l  the pages of its capacity are charged to it while an end is open */
    struct inode *shown;                 /* c  the inode of the FIFO, or the pipe's own */
    struct list all_link;                /* p */
    struct inode inode;                  /* of an unnamed pipe */
};

extern const struct file_ops pipe_ops;

/* pipe2(): two open files, for reading and for writing, or -ENOMEM, -ENFILE (too many pipes).  `flags`: O_NONBLOCK as
 * given (O_CLOEXEC is the caller's work). */
int pipe_create(struct file *ends[2], uint32_t flags);
/* F_GETPIPE_SZ: the capacity in bytes, or -EBADF (no pipe). */
long pipe_capacity(const struct file *file);
/* F_SETPIPE_SZ: the new capacity, `size` rounded up to a power of two of pages.  -EBADF, -EINVAL (absurd), -EPERM
 * (above a limit), -EBUSY (more bytes are in it), -ENOMEM, -ERESTART.  May sleep. */
long pipe_resize(const struct file *file, uint32_t size);
/* At boot. */
void pipe_start(void);

/* Between pipe.c, which moves bytes, and pipe_open.c.  The pipe's lock is held for all of these; those that wait give
 * it up. */

/* Something has changed: let those go on who can. */
void pipe_serve_waiting(struct pipe *pipe);
static inline void pipe_serve(struct pipe *pipe)
{
    debug_lock_held(&pipe->lock);
    if (pipe->watched)
        pipe_serve_waiting(pipe);
}
/* Wait on one of the pipe's queues: the waker's answer, or -ERESTART.  `entry` needs no more than room. */
static inline long pipe_sleep(struct pipe *pipe, struct wait_queue *queue, struct wait_entry *entry, const char *reason)
{
    pipe->watched = true;
    return wait_sleep_unlock(queue, entry, &pipe->lock, reason, DEADLINE_NEVER, WAIT_INTERRUPTIBLE);
}
/* Somebody copies at this moment, which does not last: wait until it changes.  0, or -ERESTART. */
long pipe_await_turn(struct pipe *pipe);

/* An end is closed.  No lock held. */
void pipe_detach(struct file *file);

/* The page of a slot, made at first use; NULL: no memory. */
static inline uint8_t *pipe_page(uint8_t **slot)
{
    struct page *page;

    if (*slot == NULL && (page = page_alloc(0, 0)) != NULL)
        *slot = page_address(page);
    return *slot;
}
