/*
 * buddy.c - the buddy system (mm/buddy.c): random blocks never overlap, are aligned, and join again when all are back.
 *
 * The descriptors start as garbage but for those that the allocator was given, as memory is at boot.
 *
 * Usage: buddy [seed]
 */
#pragma GCC diagnostic ignored "-Wpointer-to-int-cast" /* the headers' inline functions are for 32 bits; none is used */
#pragma GCC diagnostic ignored "-Wint-to-pointer-cast"
#include <stdlib.h>

#include "../../mm/buddy.c"
#include "tap.h"

#define LARGE_BLOCKS 4
#define PAGES (LARGE_BLOCKS * BUDDY_LARGEST)
#define STEPS 200000

static struct page pages[PAGES];
static uint8_t taken[PAGES];
static struct page *blocks[PAGES];
static unsigned block_count, taken_count;
static struct buddy buddy;

static unsigned below(unsigned n)
{
    return (unsigned)random() % n;
}

/* Mark a block taken or free; false: it was that already, at least in part. */
static bool mark(const struct page *page, unsigned order, uint8_t value)
{
    bool right = true;

    for (unsigned i = 0; i < 1u << order; i++) {
        right &= taken[page - pages + i] != value;
        taken[page - pages + i] = value;
    }
    taken_count += value ? 1 << order : -(1 << order);
    return right;
}

static bool step_take(void)
{
    unsigned order = below(8) * below(8) / 6;
    struct page *page = buddy_take(&buddy, order);

    if (page == NULL)
        return true;
    blocks[block_count++] = page;
    return mark(page, order, 1) && (page - pages) % (1 << order) == 0 && page->order == order && page->flags == 0 &&
           page->references == 0 && page->next == NULL && page->owner == NULL;
}

static bool step_give(void)
{
    unsigned i = below(block_count);
    struct page *page = blocks[i];
    bool right;

    blocks[i] = blocks[--block_count];
    right = mark(page, page->order, 0);
    buddy_give(&buddy, page, page->order);
    return right;
}

static void test_random(void)
{
    bool right = true, counts = true;

    for (unsigned i = 0; i < STEPS; i++) {
        right &= block_count > 0 && below(100) < 48 ? step_give() : step_take();
        counts &= buddy.free == PAGES - taken_count;
    }
    tap_ok(right, "blocks are aligned, clean and never overlap");
    tap_ok(counts, "the count of free pages is exact");
    while (block_count > 0)
        right &= step_give();
    tap_ok(right, "every block can be given back");
}

/* All memory can be taken in blocks of this order. */
static void test_whole(unsigned order)
{
    unsigned count = 0;

    while (buddy_take(&buddy, order) != NULL)
        count++;
    tap_is(count, PAGES >> order, "order %u: all pages are taken", order);
    tap_is(buddy.free, 0, "order %u: none is left", order);
    for (unsigned i = 0; i < PAGES; i += 1u << order)
        buddy_give(&buddy, &pages[i], order);
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : 1;

    printf("# seed %u\n", seed);
    srandom(seed);
    memset(pages, 1, sizeof(pages)); /* as if each were a free block of two */
    buddy_init(&buddy, pages);
    for (unsigned i = 0; i < PAGES; i += BUDDY_LARGEST)
        buddy_give(&buddy, &pages[i], BUDDY_ORDERS - 1);
    test_random();
    test_whole(BUDDY_ORDERS - 1);
    test_whole(0);
    test_whole(3);
    return tap_end();
}
