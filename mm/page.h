/*
 * page.h - physical pages with reference counts.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/pgtable.h>
#include <lib/list.h>

/* One for each page frame of the linear map; 32 bytes, so that an index is a shift.  Fields other than `references`
 * mean something only on the first page of a block. */
struct page {
    uint32_t references; /* a  0: free */
    uint8_t order;       /* the block has 1 << order pages */
    uint8_t flags;       /* PAGE_IS_FREE ... below */
    union {
        uint16_t used; /* object caches: objects handed out */
        uint16_t pins; /* a  user pages: somebody will write there, past the page tables (mm/pin.h) */
    };
    struct list link;  /* the allocator's free lists; object caches' pages with free objects */
    struct page *next; /* chains of whoever owns the page */
    void *owner;       /* the object cache, or what the owner likes */
    void *objects;     /* object caches: a chain of free objects */
    uint32_t fresh;    /* object caches: how many objects were ever handed out */
};
_Static_assert(sizeof(void *) != 4 || sizeof(struct page) == 32, "an index into page_array is a shift");

/* struct page's flags. */
#define PAGE_IS_FREE 1u   /* heads a free block */
#define PAGE_IS_SLAB 2u   /* holds the objects of a cache */
#define PAGE_IS_SYNCED 4u /* its instructions are visible to fetches */

/* page_alloc()'s flags. */
#define PAGE_ZERO 1u   /* cleared */
#define PAGE_KERNEL 2u /* may use the last reserve that user pages may not */

/* All RAM that boot_info names, but for the kernel, the initrd and the tree, becomes free. */
void page_start(void);
/* A block of 1 << order pages with one reference (on its first page), or NULL.  No spinlock held, not from an
 * interrupt. */
struct page *page_alloc(unsigned order, unsigned flags);
/* Drop a reference; the last one frees the block.  Callable with a spinlock of a rank below RANK_MEMORY held. */
void page_put(struct page *page);
/* Free pages now, and all that were ever handed to the allocator.  Free ones include those that each CPU keeps at
 * hand and the kernel stacks kept for the next thread. */
unsigned page_free_count(void);
unsigned page_total_count(void);
/* Of the free ones, those that user pages may take, on any CPU. */
unsigned page_user_free_count(void);
/* Are so many surely there for user pages, though each CPU may have a batch at hand that the others lack? */
bool page_user_suffice(unsigned count);
/* Give pages that boot used (initrd) to the allocator: those that lie wholly inside. */
void page_release_range(phys_t start, phys_t end);

extern struct page *page_array;
extern phys_t page_base; /* the frame of page_array[0] */

/* One more reference, by somebody who knows that there is one already. */
static inline void page_get(struct page *page)
{
    __atomic_fetch_add(&page->references, 1, __ATOMIC_RELAXED);
}

/* The kernel wrote new bytes into the page: were they instructions, fetches do not see them yet. */
static inline void page_written(struct page *page)
{
    if (page->flags & PAGE_IS_SYNCED)
        __atomic_fetch_and(&page->flags, (uint8_t)~PAGE_IS_SYNCED, __ATOMIC_RELAXED);
}

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
