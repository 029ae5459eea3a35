/*
 * pipe_object.h - what the three files of pipes share: pipe.c moves bytes, pipe_open.c opens and closes ends,
 * pipe_limits.c says how large pipes may be, and shows them.
 */
#pragma once

#include <fs/inode.h>
#include <ipc/pipe_ring.h>

/* l: lock   c: constant once open files know it   a: pipes_lock */
struct pipe {
    struct spinlock lock;             /* RANK_OBJECT */
    struct pipe_ring ring;            /* l  (poll reads `count` and `capacity` alone) */
    bool reading_turn, writing_turn;  /* l  taken: somebody copies, without the lock */
    bool watched;                     /* l  false: nobody stands on the queues */
    unsigned readers, writers;        /* l  open ends (poll reads them alone) */
    struct wait_queue reading;        /* l  struct pipe_reader */
    struct wait_queue writing;        /* l  struct pipe_writer */
    struct wait_queue polling;        /* l */
    struct wait_queue rare;           /* l  opens wait for an end here, others for a turn; woken by any change */
    uint64_t read_ticks, write_ticks; /* l  of the last one that no stat has seen; 0: none */
    unsigned reader_opens;            /* l  how many there ever were */
    unsigned writer_opens;            /* l */
    struct inode *shown;              /* c  the inode of the FIFO, or the pipe's own */
    struct list all_link;             /* a */
    struct inode inode;               /* of an unnamed pipe */
};

extern const struct file_ops pipe_ops;

void pipe_serve_waiting(struct pipe *pipe);

/* Something has changed: let those go on who can.  The pipe's lock is held. */
static inline void pipe_serve(struct pipe *pipe)
{
    debug_lock_held(&pipe->lock);
    if (pipe->watched)
        pipe_serve_waiting(pipe);
}

/* Wait on one of the pipe's queues.  The lock is held and given up: the waker's answer, or -ERESTART.  `entry` needs no
 * more than room. */
long pipe_sleep(struct pipe *pipe, struct wait_queue *queue, struct wait_entry *entry, const char *reason);

/* pipe_limits.c.  Reserve room for a pipe that is opened; its capacity, or 0: there are too many pipes. */
uint32_t pipe_reserve(void);
/* Give back what was reserved. */
void pipe_unreserve(uint32_t capacity);
/* F_SETPIPE_SZ: the new capacity, or -EINVAL, -EPERM, -EBUSY, -ENOMEM, -ERESTART. */
long pipe_set_capacity(struct pipe *pipe, uint32_t size);
/* Let /proc/pipes show it, from now on or no more. */
void pipe_show(struct pipe *pipe, struct inode *inode);
void pipe_hide(struct pipe *pipe);
void pipe_limits_start(void);
