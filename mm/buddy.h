/*
 * buddy.h - the buddy system: blocks of 1 << order pages, each aligned to its own size.
 */
#pragma once

#include <mm/page.h>

#define BUDDY_ORDERS 11 /* blocks of 4 KiB to 4 MiB */
#define BUDDY_LARGEST (1u << (BUDDY_ORDERS - 1))

/* No lock in here: the caller brings one. */
struct buddy {
    struct page *pages;              /* of frame 0, which is aligned to the largest block */
    uint32_t free;                   /* pages in all lists */
    struct list lists[BUDDY_ORDERS]; /* free blocks, by their first page's link */
};

/* Empty, over the frames of `pages`. */
void buddy_init(struct buddy *buddy, struct page *pages);
/* Take a block of 1 << order pages, or NULL.  All fields of its first page are set: no references, no flags. */
struct page *buddy_take(struct buddy *buddy, unsigned order);
/* Give a block back, which its free neighbours join. */
void buddy_give(struct buddy *buddy, struct page *page, unsigned order);
