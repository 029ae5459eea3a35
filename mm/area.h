/*
 * area.h - areas: ranges of an address space that share a protection and a source of their pages; and the tree that
 * keeps them in order.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <abi/mman.h>
#include <arch/pgtable.h>

struct page;
struct backing_ops;

struct backing {
    const struct backing_ops *ops; /* NULL: anonymous, zero on demand */
    void *object;
};

/* Where the pages of a mapped object come from; the folder that owns the object (fs) gives the table.  The
 * functions are called with the space's lock held: they take no lock under which user memory is touched. */
struct backing_ops {
    /* The page at page offset `offset` of the object, with a reference for the caller.  `write`: a shared mapping is
     * about to be written (holes must become pages).  NULL with *error = -ENOMEM, or -EINVAL past the end of the
     * object (a SIGBUS).  May sleep. */
    struct page *(*page)(void *object, uint32_t offset, bool write, int *error);
    void (*get)(void *object); /* one more area refers to it */
    void (*put)(void *object);
    /* Pages were written through a shared mapping since ->page() last handed one out for that. [NULL: no matter] */
    void (*written)(void *object);
    /* For /proc: write the object's name. */
    void (*name)(void *object, char *to, size_t size);
    /* Its inode number; 0: it has none. */
    uint64_t (*number)(void *object);
    /* The object that has the pages, where this one only counts who maps them.  [NULL: itself] */
    struct backing (*behind)(void *object);
};

/* The kernel's own flags of an area, besides MAP_...: it may not be written, ever (a shared mapping of a file that is
 * open for reading only); its object was told of writes since the last msync; its pages
 * were brought in and count against RLIMIT_MEMLOCK. */
#define MAP_DENY_WRITE 0x80000000u
#define AREA_WRITTEN 0x40000000u
#define AREA_LOCKED 0x20000000u

struct area {
    uaddr_t start, end; /* whole pages, not empty */
    unsigned prot;      /* PROT_... */
    unsigned flags;     /* MAP_SHARED or MAP_PRIVATE; MAP_GROWSDOWN; the above */
    struct backing backing;
    uint32_t offset; /* of `start` in the object, in pages */

    /* The tree: its nodes' addresses rise from left to right. */
    struct area *left, *right;
    /* Of the whole subtree: */
    uaddr_t lowest, highest; /* first start, last end */
    uint32_t gap;            /* the largest hole between two of its areas */
    uint32_t height;
};

static inline uint32_t area_pages(const struct area *area)
{
    return (area->end - area->start) >> PAGE_SHIFT;
}

/* The page offset in the object of the page at `address`. */
static inline uint32_t area_offset(const struct area *area, uaddr_t address)
{
    return area->offset + ((address - area->start) >> PAGE_SHIFT);
}

/* And of the byte there. */
static inline uint64_t area_position(const struct area *area, uaddr_t address)
{
    return ((uint64_t)area->offset << PAGE_SHIFT) + (address - area->start);
}

/* `right` begins where `left` ends and is like it in all ways: the two could be one. */
bool area_joins(const struct area *left, const struct area *right);

/* The area that `address` lies in, or NULL. */
struct area *area_find(struct area *root, uaddr_t address);
/* The lowest area that ends above `address` (which lies in it, or below it), or NULL. */
struct area *area_at_or_above(struct area *root, uaddr_t address);
/* Enter an area that overlaps no other. */
void area_insert(struct area **root, struct area *area);
/* Take an area out; it is the caller's then. */
void area_remove(struct area **root, struct area *area);
/* Move an area's ends, not past its neighbours. */
void area_resize(struct area *root, struct area *area, uaddr_t start, uaddr_t end);
/* The highest address of a hole of `size` bytes within [low, high), or 0. */
uaddr_t area_find_gap(const struct area *root, uaddr_t low, uaddr_t high, uint32_t size);
