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
    uint32_t live; /* objects handed out; guarded by lock */
    struct spinlock lock;
    struct list partial; /* pages with free objects */
    struct list link;    /* all caches */
    uint32_t pages;
    uint32_t registered;
};

/* Define a cache: OBJECT_CACHE(pipe_cache, "pipe", sizeof(struct pipe)); it registers itself at first use. */
#define OBJECT_CACHE(variable, cache_name, object_size) \
    static struct object_cache variable = {.name = (cache_name), .size = (object_size)}

/* A zeroed object, 8-byte aligned, or NULL. */
void *cache_alloc(struct object_cache *cache);
void cache_free(struct object_cache *cache, void *object); /* NULL: nothing */
/* For /proc/objects: visit(name, live, size, pages). */
void cache_visit(void (*visit)(const char *name, uint32_t live, uint32_t size, uint32_t pages, void *context),
                 void *context);

/* Zeroed memory of any size (above half a page: whole pages), or NULL. */
void *kmalloc(size_t size);
void kfree(void *memory); /* NULL: nothing */
