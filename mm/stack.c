/*
 * stack.c - kernel stacks.
 *
 * Each stack has a slot, a place of its own in the last 256 MiB of kernel addresses with an unmapped page below, so
 * that a stack that overflows faults.  To map one costs table entries, and to unmap one a flush of all TLBs; so the
 * last few that were freed stay mapped for the next threads.  They count as free memory, and so do the tables of the
 * stacks' addresses, of which there is one for many slots and which are never given back.
 *
 * Slots are handed out lowest first.
 */
#include <mm/stack.h>

#include <core/lock.h>
#include <core/sanitize.h>
#include <mm/page.h>

#define KEPT_MAX 16

struct stack {
    uint8_t *address;
    uint32_t slot;
};

static struct spinlock stack_lock = SPINLOCK_INIT("stacks", RANK_MEMORY);
/* Guarded by stack_lock: */
static struct stack kept[KEPT_MAX];
static unsigned kept_count;
static unsigned table_count;
static uint32_t slots_used[KERNEL_STACKS / 32]; /* a bit each */
/* The pages of each slot, chained; its owner's alone. */
static struct page *slot_pages[KERNEL_STACKS];

static bool stack_take_kept(struct stack *stack)
{
    bool found;

    spin_lock(&stack_lock);
    found = kept_count > 0;
    if (found)
        *stack = kept[--kept_count];
    spin_unlock(&stack_lock);
    return found;
}

static bool stack_keep(const struct stack *stack)
{
    bool room;

    spin_lock(&stack_lock);
    room = kept_count < KEPT_MAX;
    if (room)
        kept[kept_count++] = *stack;
    spin_unlock(&stack_lock);
    return room;
}

/* The lowest free slot, or KERNEL_STACKS. */
static uint32_t slot_take(void)
{
    uint32_t slot = KERNEL_STACKS;

    spin_lock(&stack_lock);
    for (unsigned i = 0; i < KERNEL_STACKS / 32 && slot == KERNEL_STACKS; i++) {
        if (slots_used[i] != ~0u) {
            slot = i * 32 + __builtin_ctz(~slots_used[i]);
            slots_used[i] |= 1u << slot % 32;
        }
    }
    spin_unlock(&stack_lock);
    return slot;
}

static void slot_give(uint32_t slot)
{
    spin_lock(&stack_lock);
    slots_used[slot / 32] &= ~(1u << slot % 32);
    spin_unlock(&stack_lock);
}

static void stack_put_pages(struct page *page)
{
    while (page != NULL) {
        struct page *next = page->next;

        page_put(page);
        page = next;
    }
}

/* The pages of a stack, chained and as addresses; NULL: no memory.  They are cleared for QEMU's sake: it remembers what
 * it has translated of a page that held a program until each byte is overwritten, and as long every write to the page
 * costs it thousands of instructions.  The same is true of slabs (cache.c). */
static struct page *stack_take_pages(void *pages[KERNEL_STACK_PAGES])
{
    struct page *chain = NULL;

    for (unsigned i = 0; i < KERNEL_STACK_PAGES; i++) {
        struct page *page = page_alloc(0, PAGE_ZERO | PAGE_KERNEL);

        if (page == NULL) {
            stack_put_pages(chain);
            return NULL;
        }
        page->next = chain;
        chain = page;
        pages[i] = page_address(page);
    }
    return chain;
}

/* The tables are shared by neighbours: one thread at a time may find that one is missing. */
static uint8_t *stack_map_locked(uint32_t slot, void *const pages[KERNEL_STACK_PAGES], void *spare[2])
{
    uint8_t *stack;

    spin_lock(&stack_lock);
    stack = kernel_stack_map(slot, pages, spare);
    if (stack != NULL && !sanitize_stack(stack, spare))
        stack = NULL;
    spin_unlock(&stack_lock);
    return stack;
}

/* Map the pages at the slot, with new tables where the slot's addresses need them.  NULL: no memory for that. */
static uint8_t *stack_map(uint32_t slot, void *const pages[KERNEL_STACK_PAGES])
{
    void *spare[2] = {NULL, NULL};
    uint8_t *stack = stack_map_locked(slot, pages, spare);
    struct page *table;

    while (stack == NULL && (table = page_alloc(0, PAGE_ZERO | PAGE_KERNEL)) != NULL) {
        spare[0] = page_address(table);
        stack = stack_map_locked(slot, pages, spare);
        if (spare[0] == NULL)
            __atomic_fetch_add(&table_count, 1, __ATOMIC_RELAXED);
        else
            page_put(table);
    }
    return stack;
}

uint8_t *kernel_stack_alloc(uint32_t *slot)
{
    void *pages[KERNEL_STACK_PAGES];
    struct stack stack;
    struct page *chain;

    if (stack_take_kept(&stack)) {
        (void)sanitize_stack(stack.address, NULL); /* it has its shadow */
        *slot = stack.slot;
        return stack.address;
    }
    chain = stack_take_pages(pages);
    if (chain == NULL)
        return NULL;
    stack.slot = slot_take();
    stack.address = stack.slot < KERNEL_STACKS ? stack_map(stack.slot, pages) : NULL;
    if (stack.address == NULL) {
        if (stack.slot < KERNEL_STACKS)
            slot_give(stack.slot);
        stack_put_pages(chain);
        return NULL;
    }
    slot_pages[stack.slot] = chain;
    *slot = stack.slot;
    return stack.address;
}

void kernel_stack_free(uint8_t *address, uint32_t slot)
{
    struct stack stack = {.address = address, .slot = slot};
    struct page *chain = slot_pages[slot];

    if (stack_keep(&stack))
        return;
    kernel_stack_unmap(slot);
    slot_give(slot);
    stack_put_pages(chain);
}

unsigned stack_pages_kept(void)
{
    return kept_count * KERNEL_STACK_PAGES + table_count;
}
