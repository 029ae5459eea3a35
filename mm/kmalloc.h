/*
 * kmalloc.h - kernel memory: caches of equal objects, each with a name and a count (/proc/objects shows them), and
 * kmalloc() for odd sizes on top of such caches.
 *
 * No spinlock may be held when allocating; freeing is allowed with a spinlock of a rank below RANK_MEMORY held.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <core/lock.h>
#include <lib/list.h>

struct object_cache {
    const char *name;
    uint32_t size;
    struct spinlock lock;      /* guards all below but `next` */
    struct list partial;       /* slabs with free objects */
    uint32_t live;             /* objects handed out */
    uint32_t pages;            /* in its slabs, but for empty ones */
    uint32_t kept;             /* in those */
    uint32_t order;            /* a slab has 1 << order pages */
    uint32_t objects_per_slab; /* 0: not used yet */
    struct object_cache *next; /* all caches that are in use */
};

#define OBJECT_CACHE_INIT(variable, cache_name, object_size)                                                      \
    {                                                                                                             \
        .name = (cache_name), .size = ((object_size) + 7u) & ~7u, .lock = SPINLOCK_INIT(cache_name, RANK_MEMORY), \
        .partial = LIST_INIT((variable).partial)                                                                  \
    }

/* Define a cache: OBJECT_CACHE(pipe_cache, "pipe", sizeof(struct pipe)); it registers itself at first use. */
#define OBJECT_CACHE(variable, cache_name, object_size) \
    static struct object_cache variable = OBJECT_CACHE_INIT(variable, cache_name, object_size)

/* A zeroed object, or NULL.  It is aligned to 8 bytes, and to 16 or more where its size is a multiple of that power
 * of two. */
void *cache_alloc(struct object_cache *cache);
void cache_free(struct object_cache *cache, void *object); /* NULL: nothing */
/* Show `live` more objects and `pages` more pages (fewer: negative) with a cache, for what does not come from its
 * slabs. */
void cache_count(struct object_cache *cache, int live, int pages);
/* Pages in empty slabs, kept for the next objects: they count as free. */
unsigned cache_pages_kept(void);
/* For /proc/objects: visit(name, live, size, pages). */
void cache_visit(void (*visit)(const char *name, uint32_t live, uint32_t size, uint32_t pages, void *context),
                 void *context);

/* Zeroed memory of any size (above half a page: whole pages), or NULL. */
void *kmalloc(size_t size);
/* The same for who fills it at once: whole pages have what was there before. */
void *kmalloc_unset(size_t size);
void kfree(void *memory); /* NULL: nothing */
