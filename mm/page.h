/*
 * page.h - physical pages with reference counts.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/pgtable.h>

/* One for each page frame of the linear map. */
struct page {
    uint32_t references; /* a  0: free */
    uint8_t order;       /* of the block that this is the first page of */
    uint8_t flags;
    uint16_t cache_index; /* the allocator's and the object caches' own */
    struct page *next;    /* free lists, object caches */
    void *owner;          /* object cache, or what the owner likes */
};

#define PAGE_ZERO 1u   /* page_alloc(): cleared */
#define PAGE_KERNEL 2u /* may use the last reserve that user pages may not */

/* All RAM that boot_info names, but for the kernel, the initrd and the tree, becomes free. */
void page_start(void);
/* A block of 1 << order pages with one reference (on its first page), or NULL.  No spinlock held, not from an interrupt. */
struct page *page_alloc(unsigned order, unsigned flags);
void page_get(struct page *page);
/* Drop a reference; the last one frees the block.  Callable with a spinlock of a rank below RANK_MEMORY held. */
void page_put(struct page *page);
/* Free pages now, and all that were ever handed to the allocator. */
unsigned page_free_count(void);
unsigned page_total_count(void);
/* Give pages that boot used (initrd) to the allocator. */
void page_release_range(phys_t start, phys_t end);

extern struct page *page_array;
extern phys_t page_base; /* the frame of page_array[0] */

static inline struct page *phys_to_page(phys_t address)
{
    return &page_array[(uint32_t)(address - page_base) >> PAGE_SHIFT];
}

static inline phys_t page_to_phys(const struct page *page)
{
    return page_base + ((phys_t)(page - page_array) << PAGE_SHIFT);
}

static inline void *page_address(const struct page *page)
{
    return phys_to_virt(page_to_phys(page));
}

static inline struct page *page_of(const void *address)
{
    return phys_to_page(virt_to_phys(address));
}
