/*
 * pipe_ring.h - the bytes of a pipe: a ring of pages.
 *
 *      pages[0]      pages[1]      pages[2]      pages[3]          capacity: a power of two, here 4 pages
 *      +-------------+-------------+-------------+-------------+
 *      |        #####|#############|####         |   (no page) |
 *      +-------------+-------------+-------------+-------------+
 *               ^ start     count        ^ tail = start + count, around the ring
 *
 * A page is allocated when the first byte goes there.  An empty ring starts again at its first page, so a pipe for
 * short messages has one page and no more.
 *
 * The ring has no lock.  Its owner (ipc/pipe.c) guards the words, and lets one thread at a time work on the bytes
 * behind `start` and one on the room behind the tail; these two do not meet.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <mm/page.h>
#include <mm/user.h>

#define PIPE_CAPACITY 65536u /* of a new pipe */

struct pipe_ring {
    uint32_t start, count; /* bytes */
    uint32_t capacity;
    uint8_t **pages; /* NULL: not needed so far */
};

/* An empty ring of at least one page.  False: no memory. */
bool ring_make(struct pipe_ring *ring, uint32_t capacity);
/* Forget the bytes and free their pages.  Never sleeps. */
void ring_empty(struct pipe_ring *ring);
/* Free all of an empty ring. */
void ring_free(struct pipe_ring *ring);

long ring_copy_out_pieces(const struct pipe_ring *ring, uint32_t start, struct uio *uio, uint32_t n);
/* Copy n bytes from the user to `tail`.  How many; -EFAULT, -ENOMEM: none, or with `whole`, not all.  May sleep. */
long ring_copy_in(struct pipe_ring *ring, uint32_t tail, struct uio *uio, uint32_t n, bool whole);
/* Copy all bytes into `to`, which is empty and has room for them.  0 or -ENOMEM. */
int ring_copy(struct pipe_ring *to, const struct pipe_ring *from);

static inline uint32_t ring_room(const struct pipe_ring *ring)
{
    return ring->capacity - ring->count;
}

static inline uint32_t ring_tail(const struct pipe_ring *ring)
{
    return (ring->start + ring->count) & (ring->capacity - 1);
}

/* Where the n bytes at `at` lie in one piece, on a page that is there; else NULL. */
static inline uint8_t *ring_piece(const struct pipe_ring *ring, uint32_t at, uint32_t n)
{
    uint8_t *page = ring->pages[at / PAGE_SIZE];
    uint32_t offset = at % PAGE_SIZE;

    return page != NULL && offset + n <= PAGE_SIZE ? page + offset : NULL;
}

/* The first n bytes are gone.  `rewind`: nobody works on the room behind the tail. */
static inline void ring_drop(struct pipe_ring *ring, uint32_t n, bool rewind)
{
    ring->count -= n;
    ring->start = ring->count == 0 && rewind ? 0 : (ring->start + n) & (ring->capacity - 1);
}

/* Copy n bytes from `start` on to the user.  How many; -EFAULT: none.  `uio` is of no use afterwards.  May sleep. */
static inline long ring_copy_out(const struct pipe_ring *ring, uint32_t start, struct uio *uio, uint32_t n)
{
    const uint8_t *piece = ring_piece(ring, start, n);

    if (piece == NULL || n > uio->length)
        return ring_copy_out_pieces(ring, start, uio, n);
    return copy_faultable((void *)uio->base, piece, n) == 0 ? (long)n : -EFAULT;
}
