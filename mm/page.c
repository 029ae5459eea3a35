/*
 * page.c - the page allocator.
 *
 * Two layers.  Below, the buddy system (buddy.c) holds all free memory in blocks of 1 to 1024 pages, behind one lock.
 * Above, each CPU keeps a small stack of single pages, so that the common page_alloc(0) and page_put() touch nothing
 * that another CPU touches; they turn interrupts off for as long as they use the stack.  An empty stack takes, and a
 * full one gives, half of what it can hold at once.
 *
 * A page has a count of references: its owner's, each mapping's, each passing user's.  The last page_put() frees it.
 *
 * User pages leave the last `page_reserve` pages alone.  They are for the kernel's own needs (PAGE_KERNEL), so that a
 * machine full of user pages can still run the exit that empties it.  What processes of ordinary users cause, kernel's
 * needs included, leaves `root_reserve` pages more alone: whatever such a user fills, files, queues or processes, the
 * superuser can still log in, look and kill.
 *
 * Left out: zones, per-node memory and compaction. All RAM is alike, and few things ask for more than one page.
 */
#include <mm/page.h>

#include <arch/copy.h>
#include <core/boot_info.h>
#include <core/cpu_data.h>
#include <core/process.h>
#include <core/sanitize.h>
#include <core/thread.h>
#include <lib/string.h>
#include <mm/buddy.h>
#include <mm/kmalloc.h>
#include <mm/stack.h>

#define CPU_PAGES 63      /* a CPU's stack holds at most as many */
#define CPU_BATCH_ORDER 5 /* taken at once: 32 pages */
#define BLOCK_SIZE (BUDDY_LARGEST * PAGE_SIZE)

/* Keep what is rare out of the functions that are short. */
#define SLOW_PATH __attribute__((noinline))

/* Of one CPU; touched by it alone, with interrupts off. */
struct cpu_pages {
    unsigned count;
    struct page *pages[CPU_PAGES];
} __attribute__((aligned(64)));

struct page *page_array;
phys_t page_base;

static struct spinlock buddy_lock = SPINLOCK_INIT("pages", RANK_MEMORY);
static struct buddy buddy; /* guarded by buddy_lock */
static unsigned page_total, page_reserve, root_reserve;
static struct cpu_pages cpu_pages[CPU_MAX];

/* Under the lock, or at boot. */
static void block_give(struct page *page, unsigned order)
{
    sanitize_poison(page_address(page), PAGE_SIZE << order, SANITIZE_FREE_PAGE);
    buddy_give(&buddy, page, order);
}

static struct cpu_pages *cpu_pages_here(void)
{
    return &cpu_pages[current->cpu->number];
}

/* How many pages the running process must leave alone. */
static unsigned pages_left_alone(unsigned flags)
{
    const struct process *process = current->process;
    bool ordinary = process != NULL && process->credentials.euid != 0;

    return (ordinary ? root_reserve : 0) + (flags & PAGE_KERNEL ? 0 : page_reserve);
}

/* Single pages, as a block: the largest up to CPU_BATCH_ORDER; when memory is short a page at a time, of the smallest
 * block there is.  So CPUs fetch nothing in advance then, and what is left in the end is in one piece, for those
 * who need more than a page.  NULL: none.  The lock is held. */
static struct page *batch_take(unsigned flags)
{
    unsigned order = buddy.free > 2 * (root_reserve + page_reserve) ? CPU_BATCH_ORDER + 1 : 1;
    struct page *batch = NULL;

    while (batch == NULL && order-- > 0 && buddy.free > pages_left_alone(flags))
        batch = buddy_take(&buddy, order);
    return batch;
}

/* Fill this CPU's empty stack.  Interrupts are off. */
static SLOW_PATH void cpu_pages_fill(struct cpu_pages *here, unsigned flags)
{
    struct page *batch;

    spin_lock(&buddy_lock);
    batch = batch_take(flags);
    spin_unlock(&buddy_lock);
    if (batch == NULL)
        return;
    for (unsigned i = 1u << batch->order; i-- > 0;) {
        batch[i] = (struct page){.references = 0};
        here->pages[here->count++] = &batch[i];
    }
}

/* Give back all but `keep` of this CPU's pages.  Interrupts are off. */
static SLOW_PATH void cpu_pages_spill(struct cpu_pages *here, unsigned keep)
{
    spin_lock(&buddy_lock);
    while (here->count > keep)
        buddy_give(&buddy, here->pages[--here->count], 0);
    spin_unlock(&buddy_lock);
}

static inline struct page *cpu_pages_pop(struct cpu_pages *here)
{
    struct page *page = here->pages[--here->count];

    page->references = 1;
    return page;
}

/* As page_alloc_one(), when this CPU's stack was found empty. */
static SLOW_PATH struct page *page_alloc_filled(unsigned flags)
{
    uint32_t saved = irq_save();
    struct cpu_pages *here = cpu_pages_here();
    struct page *page;

    if (here->count == 0)
        cpu_pages_fill(here, flags);
    page = here->count > 0 ? cpu_pages_pop(here) : NULL;
    irq_restore(saved);
    return page;
}

static struct page *page_alloc_one(unsigned flags)
{
    uint32_t saved = irq_save();
    struct cpu_pages *here = cpu_pages_here();
    struct page *page;

    if (__builtin_expect(here->count == 0, 0)) {
        irq_restore(saved);
        return page_alloc_filled(flags);
    }
    page = cpu_pages_pop(here);
    irq_restore(saved);
    return page;
}

static struct page *block_take(unsigned order, unsigned flags)
{
    unsigned reserve = pages_left_alone(flags);
    struct page *page = NULL;

    spin_lock(&buddy_lock);
    if (buddy.free >= reserve + (1u << order))
        page = buddy_take(&buddy, order);
    spin_unlock(&buddy_lock);
    return page;
}

/* A block may have to be joined from single pages that this CPU keeps. */
static SLOW_PATH struct page *page_alloc_block(unsigned order, unsigned flags)
{
    struct page *page;

    if (order >= BUDDY_ORDERS)
        return NULL;
    page = block_take(order, flags);
    if (page == NULL) {
        uint32_t saved = irq_save();

        cpu_pages_spill(cpu_pages_here(), 0);
        irq_restore(saved);
        page = block_take(order, flags);
    }
    if (page != NULL)
        page->references = 1;
    return page;
}

static void pages_clear(const struct page *page, unsigned order)
{
    uint8_t *memory = page_address(page), *end = memory + (PAGE_SIZE << order);

    do {
        page_clear(memory);
        memory += PAGE_SIZE;
    } while (memory != end);
}

struct page *page_alloc(unsigned order, unsigned flags)
{
    struct page *page;

    debug_may_sleep();
    if (debug_fail_allocation())
        return NULL;
    page = order == 0 ? page_alloc_one(flags) : page_alloc_block(order, flags);
    if (page != NULL)
        sanitize_allow(page_address(page), PAGE_SIZE << order);
    if (page != NULL && (flags & PAGE_ZERO))
        pages_clear(page, order);
    return page;
}

static void page_free_one(struct page *page)
{
    uint32_t saved = irq_save();
    struct cpu_pages *here = cpu_pages_here();

    sanitize_poison(page_address(page), PAGE_SIZE, SANITIZE_FREE_PAGE);
    page->flags = 0;
    page->next = NULL;
    page->owner = NULL;
    if (here->count == CPU_PAGES)
        cpu_pages_spill(here, CPU_PAGES / 2);
    here->pages[here->count++] = page;
    irq_restore(saved);
}

static SLOW_PATH void page_free_block(struct page *page)
{
    spin_lock(&buddy_lock);
    block_give(page, page->order);
    spin_unlock(&buddy_lock);
}

void page_put(struct page *page)
{
    debug_assert(page->references > 0);
    /* Who holds the only reference is alone with the page: nobody can get another. */
    if (__atomic_load_n(&page->references, __ATOMIC_ACQUIRE) == 1)
        page->references = 0;
    else if (__atomic_sub_fetch(&page->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    if (page->order == 0)
        page_free_one(page);
    else
        page_free_block(page);
}

unsigned page_free_count(void)
{
    unsigned count = __atomic_load_n(&buddy.free, __ATOMIC_RELAXED) + stack_pages_kept() + cache_pages_kept();

    for (unsigned i = 0; i < cpu_count; i++)
        count += __atomic_load_n(&cpu_pages[i].count, __ATOMIC_RELAXED);
    return count;
}

unsigned page_user_free_count(void)
{
    unsigned free = __atomic_load_n(&buddy.free, __ATOMIC_RELAXED), others = pages_left_alone(0);

    return free > others ? free - others : 0;
}

bool page_user_suffice(unsigned count)
{
    return count + (cpu_count << CPU_BATCH_ORDER) <= page_user_free_count();
}

unsigned page_total_count(void)
{
    return page_total;
}

void page_release_range(phys_t start, phys_t end)
{
    start = (start + PAGE_SIZE - 1) & ~(phys_t)(PAGE_SIZE - 1);
    spin_lock(&buddy_lock);
    for (; start + PAGE_SIZE <= end; start += PAGE_SIZE) {
        block_give(phys_to_page(start), 0);
        page_total++;
    }
    spin_unlock(&buddy_lock);
}

/* What is not free at boot: the kernel, the initrd, the tree, page_array. */
static struct memory_range reserved[4];

static const struct memory_range *reserved_overlap(uint64_t start, uint64_t end)
{
    for (unsigned i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        if (start < reserved[i].end && reserved[i].start < end)
            return &reserved[i];
    return NULL;
}

static bool range_is_free(uint64_t start, uint64_t end)
{
    for (unsigned i = 0; i < boot_info.ram_count; i++)
        if (boot_info.ram[i].start <= start && end <= boot_info.ram[i].end)
            return reserved_overlap(start, end) == NULL;
    return false;
}

/* The lowest free range of `size` bytes, for page_array. */
static uint64_t page_array_place(uint64_t size)
{
    for (unsigned i = 0; i < boot_info.ram_count; i++) {
        uint64_t start = (boot_info.ram[i].start + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1);
        const struct memory_range *in_the_way;

        while ((in_the_way = reserved_overlap(start, start + size)) != NULL)
            start = (in_the_way->end + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1);
        if (start + size <= boot_info.ram[i].end)
            return start;
    }
    panic("memory: no room for %u KiB of page descriptors", (unsigned)(size >> 10));
}

/* Hand one largest block's frames to the buddy system: at once where all of it is free, else each by itself. */
static void page_start_block(phys_t start)
{
    struct page *page = phys_to_page(start);

    if (range_is_free(start, start + BLOCK_SIZE)) {
        block_give(page, BUDDY_ORDERS - 1);
        page_total += BUDDY_LARGEST;
        return;
    }
    memset(page, 0, BUDDY_LARGEST * sizeof(*page));
    for (unsigned i = 0; i < BUDDY_LARGEST; i++, page++, start += PAGE_SIZE) {
        if (range_is_free(start, start + PAGE_SIZE)) {
            block_give(page, 0);
            page_total++;
        } else {
            page->references = 1; /* for ever, unless page_release_range() gives it */
        }
    }
}

void page_start(void)
{
    phys_t low = boot_info.ram[0].start & ~(phys_t)(BLOCK_SIZE - 1);
    phys_t high = (boot_info.ram[boot_info.ram_count - 1].end + BLOCK_SIZE - 1) & ~(phys_t)(BLOCK_SIZE - 1);
    uint64_t size = ((high - low) >> PAGE_SHIFT) * sizeof(struct page), place;
    uint64_t shadow = SANITIZE_SHADOW_SIZE(high - low);

    reserved[0] = boot_info.kernel;
    reserved[1] = boot_info.initrd;
    reserved[2] = boot_info.tree;
    place = page_array_place(size + shadow);
    reserved[3] = (struct memory_range){.start = place, .end = place + size + shadow};
    page_array = phys_to_virt(place);
    page_base = low;
    sanitize_start_linear(high - low, phys_to_virt(place + size));
    buddy_init(&buddy, page_array);
    for (phys_t start = low; start < high; start += BLOCK_SIZE)
        page_start_block(start);
    page_reserve = page_total / 128 < 256 ? page_total / 128 : 256;
    root_reserve = 4 * page_reserve;
}
