/*
 * pipe_ring.c - moving bytes into and out of a ring of pages (pipe_ring.h has the drawing).
 *
 * All work piece by piece, a piece being what is left of a page; between user memory and a page there is no other copy.
 */
#include <abi/errno.h>
#include <ipc/pipe_ring.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

static uint32_t page_count(const struct pipe_ring *ring)
{
    return ring->capacity / PAGE_SIZE;
}

/* The array is never smaller than that of a new pipe: a FIFO that was made smaller is as large again when it is opened
 * anew. */
bool ring_make(struct pipe_ring *ring, uint32_t capacity)
{
    uint32_t slots = (capacity > PIPE_CAPACITY ? capacity : PIPE_CAPACITY) / PAGE_SIZE;

    *ring = (struct pipe_ring){.capacity = capacity, .pages = kmalloc(slots * sizeof(*ring->pages))};
    return ring->pages != NULL;
}

void ring_empty(struct pipe_ring *ring)
{
    for (uint32_t i = 0; i < page_count(ring); i++) {
        if (ring->pages[i] != NULL)
            page_put(page_of(ring->pages[i]));
        ring->pages[i] = NULL;
    }
    ring->start = ring->count = 0;
}

void ring_free(struct pipe_ring *ring)
{
    ring_empty(ring);
    kfree(ring->pages);
}

/* How many of `n` bytes at `at` lie on one page. */
static uint32_t piece_size(uint32_t at, uint32_t n)
{
    uint32_t rest = PAGE_SIZE - at % PAGE_SIZE;

    return n < rest ? n : rest;
}

/* The piece at `at`, its page made at first use; NULL: no memory. */
static uint8_t *piece_make(struct pipe_ring *ring, uint32_t at)
{
    uint8_t **slot = &ring->pages[at / PAGE_SIZE];
    struct page *page;

    if (*slot == NULL && (page = page_alloc(0, 0)) != NULL)
        *slot = page_address(page);
    return *slot == NULL ? NULL : *slot + at % PAGE_SIZE;
}

long ring_copy_out_pieces(const struct pipe_ring *ring, uint32_t start, struct uio *uio, uint32_t n)
{
    uint32_t moved = 0;

    while (moved < n) {
        uint32_t at = (start + moved) & (ring->capacity - 1), part = piece_size(at, n - moved);

        if (uio_copy_out(uio, ring_piece(ring, at, part), part) != 0)
            break;
        moved += part;
    }
    return moved != 0 ? (long)moved : -EFAULT;
}

long ring_copy_in(struct pipe_ring *ring, uint32_t tail, struct uio *uio, uint32_t n, bool whole)
{
    uint32_t moved = 0;
    int error = 0;

    while (moved < n) {
        uint32_t at = (tail + moved) & (ring->capacity - 1), part = piece_size(at, n - moved);
        uint8_t *piece = piece_make(ring, at);

        error = piece != NULL ? uio_copy_in(uio, piece, part) : -ENOMEM;
        if (error != 0)
            break;
        moved += part;
    }
    return error != 0 && (whole || moved == 0) ? error : (long)moved;
}

int ring_copy(struct pipe_ring *to, const struct pipe_ring *from)
{
    while (to->count < from->count) {
        uint32_t at = (from->start + to->count) & (from->capacity - 1);
        uint32_t part = piece_size(to->count, piece_size(at, from->count - to->count));
        uint8_t *piece = piece_make(to, to->count);

        if (piece == NULL)
            return -ENOMEM;
        memcpy(piece, ring_piece(from, at, part), part);
        to->count += part;
    }
    return 0;
}
