/*
 * buddy.c - the buddy system.
 *
 * A block of 2^n pages is aligned to its size, so that its one possible mate, with which it forms a block of 2^(n+1),
 * is found by flipping bit n of its frame number.  There is a list of free blocks for each n.  Taking a block splits a
 * larger one where need be, giving a block joins it with its mate as long as that is free too.
 *
 * The struct page of a frame is written when its block is made by a split, and read only for a block's first frame.
 * Every block that ever existed came from a split or is of the largest size; so memory that was never used needs no
 * initialisation but that of the first struct page of each largest block.
 */
#include <mm/buddy.h>

void buddy_init(struct buddy *buddy, struct page *pages)
{
    buddy->pages = pages;
    buddy->free = 0;
    for (unsigned i = 0; i < BUDDY_ORDERS; i++)
        list_init(&buddy->lists[i]);
}

static void buddy_insert(struct buddy *buddy, struct page *page, unsigned order)
{
    page->references = 0;
    page->order = order;
    page->flags = PAGE_IS_FREE;
    list_add_head(&buddy->lists[order], &page->link);
}

static void buddy_remove(struct page *page)
{
    list_remove(&page->link);
    page->flags = 0;
}

struct page *buddy_take(struct buddy *buddy, unsigned order)
{
    unsigned size = order;
    struct page *page;

    while (size < BUDDY_ORDERS && list_empty(&buddy->lists[size]))
        size++;
    if (size >= BUDDY_ORDERS)
        return NULL;
    page = container_of(list_first(&buddy->lists[size]), struct page, link);
    buddy_remove(page);
    while (size > order) {
        size--;
        buddy_insert(buddy, page + (1u << size), size);
    }
    buddy->free -= 1u << order;
    page->order = order;
    page->used = 0;
    page->next = NULL;
    page->owner = NULL;
    return page;
}

void buddy_give(struct buddy *buddy, struct page *page, unsigned order)
{
    uint32_t frame = page - buddy->pages;

    buddy->free += 1u << order;
    page->flags = 0;
    for (; order < BUDDY_ORDERS - 1; order++) {
        struct page *mate = &buddy->pages[frame ^ 1u << order];

        if (!(mate->flags & PAGE_IS_FREE) || mate->order != order)
            break;
        buddy_remove(mate);
        frame &= ~(1u << order);
    }
    buddy_insert(buddy, &buddy->pages[frame], order);
}
