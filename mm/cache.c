/*
 * cache.c - caches of equal objects.
 *
 * A cache keeps its objects in slabs: blocks of one page or a few, filled with objects from their first byte on.  What
 * there is to know of a slab stands in its struct page: how many objects are handed out, the chain of those that were
 * freed, and how many were ever handed out, so that a new slab costs nothing per object.  Slabs that have a free object
 * stand on the cache's list; a full one stands nowhere until an object of it is freed.  An empty one gives its pages
 * back at once where another has free objects; else it is kept for the next object: so whoever makes one object and
 * frees it, again and again, takes no pages.  What is kept counts as free memory, as with kernel stacks (stack.c).
 *
 * Each cache has a lock of its own.  It is not held while pages are allocated or freed.
 */
#include <mm/kmalloc.h>

#include <core/sanitize.h>
#include <lib/string.h>
#include <mm/page.h>

#define SLAB_ORDER_MAX 3

static struct spinlock caches_lock = SPINLOCK_INIT("caches", RANK_MEMORY);
static struct object_cache *caches; /* guarded by caches_lock; grows at its head only */

/* The smallest slab that wastes at most an eighth of itself. */
static uint32_t slab_order(uint32_t size)
{
    uint32_t order = 0;

    while (order < SLAB_ORDER_MAX &&
           ((PAGE_SIZE << order) < size || (PAGE_SIZE << order) % size > PAGE_SIZE << order >> 3))
        order++;
    return order;
}

/* First use of a cache: choose the size of its slabs and enter it in the list of all caches. */
static void cache_register(struct object_cache *cache)
{
    spin_lock(&caches_lock);
    if (cache->objects_per_slab == 0) {
        cache->order = slab_order(cache->size + SANITIZE_GAP);
        cache->objects_per_slab = (PAGE_SIZE << cache->order) / (cache->size + SANITIZE_GAP);
        cache->next = caches;
        __atomic_store_n(&caches, cache, __ATOMIC_RELEASE);
    }
    spin_unlock(&caches_lock);
}

static struct page *slab_create(struct object_cache *cache)
{
    struct page *slab;

    if (cache->objects_per_slab == 0)
        cache_register(cache);
    slab = page_alloc(cache->order, PAGE_ZERO | PAGE_KERNEL); /* cleared: see stack.c */
    if (slab != NULL) {
        for (unsigned i = 0; i < 1u << cache->order; i++) { /* kfree() finds them by any of their pages */
            slab[i].flags = PAGE_IS_SLAB;
            slab[i].owner = cache;
        }
        slab->objects = NULL;
        slab->used = 0;
        slab->fresh = 0;
        sanitize_poison(page_address(slab), PAGE_SIZE << cache->order, SANITIZE_BEHIND_OBJECT);
    }
    return slab;
}

/* The slab that an object lies in: blocks are aligned to their size. */
static struct page *slab_of(const struct object_cache *cache, const void *object)
{
    uint32_t frame = page_of(object) - page_array;

    return &page_array[frame & -(1u << cache->order)];
}

/* The cache's lock is held and the slab has a free object. */
static SANITIZE_NOT void *slab_take(struct object_cache *cache, struct page *slab)
{
    void *object = slab->objects;

    if (slab->used == 0) {
        cache->pages += 1u << cache->order;
        cache->kept -= 1u << cache->order;
    }
    if (object != NULL)
        slab->objects = *(void **)object;
    else
        object = (uint8_t *)page_address(slab) + slab->fresh++ * (cache->size + SANITIZE_GAP);
    if (++slab->used == cache->objects_per_slab)
        list_remove(&slab->link);
    return object;
}

/* The cache's lock is held.  True: the slab is empty now, another one has free objects, and it has left the cache; the
 * caller frees it. */
static SANITIZE_NOT bool slab_give(struct object_cache *cache, struct page *slab, void *object)
{
    *(void **)object = slab->objects;
    slab->objects = object;
    if (slab->used-- == cache->objects_per_slab)
        list_add_head(&cache->partial, &slab->link);
    if (slab->used > 0)
        return false;
    cache->pages -= 1u << cache->order;
    if (slab->link.next == slab->link.prev) {
        cache->kept += 1u << cache->order;
        return false;
    }
    list_remove(&slab->link);
    return true;
}

void *cache_alloc(struct object_cache *cache)
{
    void *object;

    debug_may_sleep();
    if (debug_fail_allocation())
        return NULL;
    spin_lock(&cache->lock);
    while (list_empty(&cache->partial)) {
        struct page *slab;

        spin_unlock(&cache->lock);
        slab = slab_create(cache);
        if (slab == NULL)
            return NULL;
        spin_lock(&cache->lock);
        list_add_head(&cache->partial, &slab->link);
        cache->kept += 1u << cache->order;
    }
    object = slab_take(cache, container_of(list_first(&cache->partial), struct page, link));
    cache->live++;
    spin_unlock(&cache->lock);
    sanitize_allow(object, cache->size);
    return memset(object, 0, cache->size);
}

void cache_free(struct object_cache *cache, void *object)
{
    struct page *slab;
    bool empty;

    if (object == NULL)
        return;
    slab = slab_of(cache, object);
    debug_assert((slab->flags & PAGE_IS_SLAB) && slab->owner == cache);
    spin_lock(&cache->lock);
    sanitize_poison(object, cache->size, SANITIZE_FREE_OBJECT);
    empty = slab_give(cache, slab, object);
    cache->live--;
    spin_unlock(&cache->lock);
    if (empty)
        page_put(slab);
}

void cache_count(struct object_cache *cache, int live, int pages)
{
    if (cache->objects_per_slab == 0)
        cache_register(cache);
    spin_lock(&cache->lock);
    cache->live += live;
    cache->pages += pages;
    spin_unlock(&cache->lock);
}

unsigned cache_pages_kept(void)
{
    const struct object_cache *cache = __atomic_load_n(&caches, __ATOMIC_ACQUIRE);
    unsigned count = 0;

    for (; cache != NULL; cache = cache->next)
        count += __atomic_load_n(&cache->kept, __ATOMIC_RELAXED);
    return count;
}

void cache_visit(void (*visit)(const char *name, uint32_t live, uint32_t size, uint32_t pages, void *context),
                 void *context)
{
    struct object_cache *cache = __atomic_load_n(&caches, __ATOMIC_ACQUIRE);

    for (; cache != NULL; cache = cache->next)
        visit(cache->name, cache->live, cache->size, cache->pages, context);
}
