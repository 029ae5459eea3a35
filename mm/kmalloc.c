/*
 * kmalloc.c - kernel memory of any size.
 *
 * Up to half a page the sizes are powers of two, each with an object cache; kfree() finds the cache in the struct page.
 * What is larger gets a block of whole pages, counted by a cache that holds no slabs.
 */
#include <mm/kmalloc.h>

#include <core/sanitize.h>
#include <mm/buddy.h>

#define SMALLEST_SHIFT 5 /* 32 bytes */
#define CLASSES 7        /* to 2 KiB */

#define CLASS(index, name) [index] = OBJECT_CACHE_INIT(classes[index], name, 1u << (SMALLEST_SHIFT + (index)))

static struct object_cache classes[CLASSES] = {
    CLASS(0, "kmalloc-32"),  CLASS(1, "kmalloc-64"),   CLASS(2, "kmalloc-128"),  CLASS(3, "kmalloc-256"),
    CLASS(4, "kmalloc-512"), CLASS(5, "kmalloc-1024"), CLASS(6, "kmalloc-2048"),
};

OBJECT_CACHE(blocks, "kmalloc-pages", PAGE_SIZE);

static struct object_cache *class_of(size_t size)
{
    unsigned bits = size <= 1u << SMALLEST_SHIFT ? SMALLEST_SHIFT : 32 - __builtin_clz(size - 1);

    return bits < SMALLEST_SHIFT + CLASSES ? &classes[bits - SMALLEST_SHIFT] : NULL;
}

static void *kmalloc_pages(size_t size, unsigned flags)
{
    unsigned order = 0;
    struct page *page;

    while (order < BUDDY_ORDERS && PAGE_SIZE << order < size)
        order++;
    page = page_alloc(order, flags | PAGE_KERNEL);
    if (page == NULL)
        return NULL;
    cache_count(&blocks, 1, 1 << order);
    sanitize_forbid_behind(page_address(page), size, PAGE_SIZE << order);
    return page_address(page);
}

static void *allocate(size_t size, unsigned flags)
{
    struct object_cache *cache = class_of(size);
    void *memory;

    if (cache == NULL)
        return kmalloc_pages(size, flags);
    memory = cache_alloc(cache);
    if (memory != NULL)
        sanitize_forbid_behind(memory, size, cache->size);
    return memory;
}

void *kmalloc(size_t size)
{
    return allocate(size, PAGE_ZERO);
}

void *kmalloc_unset(size_t size)
{
    return allocate(size, 0);
}

void kfree(void *memory)
{
    struct page *page;

    if (memory == NULL)
        return;
    page = page_of(memory);
    if (page->flags & PAGE_IS_SLAB) {
        cache_free(page->owner, memory);
    } else {
        cache_count(&blocks, -1, -(1 << page->order));
        page_put(page);
    }
}
