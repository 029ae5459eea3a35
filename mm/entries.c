/*
 * entries.c - the page table entries of a space.
 *
 * Everything here walks entries by runs: the entries of one level-3 table that lie in a range.  Where there is no table
 * the walk takes 2 MiB in one step.
 *
 * Live entries are changed in two passes, as the architecture wants it (break, flush, make).  The first takes the
 * valid bit away and leaves the page's address where it is; then comes one flush; the second pass puts the pages or
 * writes the new entries.  So no list of pages is needed in between, however long the range.
 *
 * The tables themselves hang on a chain and live as long as the space.
 */
#include <mm/entries.h>

#define RUN_SIZE (512 * PAGE_SIZE) /* what one level-3 table maps */
#define FLUSH_PAGES 8              /* up to here a flush goes page by page */

struct run {
    pte_t *entries;
    unsigned count;
    uaddr_t start; /* of the first entry's page */
    uaddr_t next;  /* where to look for the next run */
};

/* Step to the next run that has a table.  False: there is none below `end`. */
static bool run_next(struct space *space, struct run *run, uaddr_t end)
{
    while (run->next < end) {
        uaddr_t limit = (run->next | (RUN_SIZE - 1)) + 1;

        run->start = run->next;
        run->next = limit < end ? limit : end;
        run->entries = pgtable_find(&space->mmu, run->start);
        run->count = (run->next - run->start) >> PAGE_SHIFT;
        if (run->entries != NULL)
            return true;
    }
    return false;
}

static void table_put(void *table)
{
    if (table != NULL)
        page_put(page_of(table));
}

/* One table for the walk to `address`: the level-2 table where it is missing, else the level-3 table.  Answers as
 * pgtable_make(). */
static pte_t *table_add(struct space *space, uaddr_t address, bool *failed)
{
    struct page *page = page_alloc(0, PAGE_ZERO);
    void *spare[2] = {NULL, NULL};
    pte_t *entry;

    *failed = page == NULL;
    if (page == NULL)
        return NULL;
    spare[0] = page_address(page);
    entry = pgtable_make(&space->mmu, address, spare);
    if (spare[0] == NULL) {
        page->next = space->tables;
        space->tables = page;
    }
    table_put(spare[0]);
    return entry;
}

pte_t *entry_make_tables(struct space *space, uaddr_t address)
{
    pte_t *entry = NULL;
    bool failed = false;

    while (entry == NULL && !failed)
        entry = table_add(space, address, &failed);
    return entry;
}

pte_t entry_value(const struct area *area, struct page *page, bool writable)
{
    unsigned prot = area->prot;

    if (prot == PROT_NONE)
        return page_to_phys(page) | PTE_READ_ONLY;
    if (!writable)
        prot &= ~PROT_WRITE;
    if (prot & PROT_WRITE) {
        page_written(page);
    } else if ((prot & PROT_EXEC) && !(page->flags & PAGE_IS_SYNCED)) {
        cache_sync_page(page_address(page));
        __atomic_fetch_or(&page->flags, PAGE_IS_SYNCED, __ATOMIC_RELAXED); /* other spaces may map it right now */
    }
    return pte_user(page_to_phys(page), prot | PROT_READ);
}

void entry_replace(struct space *space, pte_t *entry, uaddr_t address, pte_t value)
{
    pte_clear(entry);
    tlb_flush_page(&space->mmu, address);
    pte_store(entry, value);
}

static void flush_range(struct space *space, uaddr_t start, uaddr_t end)
{
    if (end - start > FLUSH_PAGES * PAGE_SIZE)
        tlb_flush_context(&space->mmu);
    else
        for (; start < end; start += PAGE_SIZE)
            tlb_flush_page(&space->mmu, start);
}

/* First pass: hide all entries of the range, and flush.  False: none holds a page. */
static bool entries_hide(struct space *space, uaddr_t start, uaddr_t end)
{
    bool found = false, live = false;

    for (struct run run = {.next = start}; run_next(space, &run, end);) {
        for (unsigned i = 0; i < run.count; i++) {
            pte_t entry = run.entries[i];

            found |= entry != 0;
            if (pte_present(entry)) {
                pte_store(&run.entries[i], entry & ~PTE_VALID);
                live = true;
            }
        }
    }
    if (live)
        flush_range(space, start, end);
    return found;
}

void entries_release(struct space *space, uaddr_t start, uaddr_t end)
{
    space->pages_peak = space_peak(space);
    for (struct run run = {.next = start}; run_next(space, &run, end);) {
        for (unsigned i = 0; i < run.count; i++) {
            pte_t entry = run.entries[i];

            if (entry == 0)
                continue;
            run.entries[i] = 0;
            page_put(entry_page(entry));
            space->pages_mapped--;
        }
    }
}

void entries_drop(struct space *space, uaddr_t start, uaddr_t end)
{
    if (entries_hide(space, start, end))
        entries_release(space, start, end);
}

void entries_protect(struct space *space, const struct area *area, bool writable)
{
    if (!entries_hide(space, area->start, area->end))
        return;
    for (struct run run = {.next = area->start}; run_next(space, &run, area->end);) {
        for (unsigned i = 0; i < run.count; i++) {
            pte_t entry = run.entries[i];

            /* What was not writable stays so: the page may be shared with a fork.  The write's fault finds out. */
            if (entry != 0)
                pte_store(&run.entries[i], entry_value(area, entry_page(entry), writable && pte_writable(entry)));
        }
    }
}

/* What the child gets for an entry of its parent, whose page it refers to as well, but for a pinned page of a private
 * area: that is copied right now.  0: no memory.  `protect`: the bit that both entries get. */
static pte_t entry_copy(pte_t *entry, pte_t protect)
{
    struct page *page = entry_page(*entry), *copy;

    if (protect != 0 && __builtin_expect(page->pins != 0, 0)) {
        copy = page_duplicate(page);
        return copy != NULL ? (*entry & ~PTE_ADDRESS) | page_to_phys(copy) : 0;
    }
    if (protect & ~*entry)
        pte_store(entry, *entry | protect);
    page_get(page);
    return *entry;
}

int entries_copy(struct space *to, struct space *from, const struct area *area)
{
    pte_t protect = area->flags & MAP_SHARED ? 0 : PTE_READ_ONLY;

    for (struct run run = {.next = area->start}; run_next(from, &run, area->end);) {
        pte_t *copies = NULL;

        for (unsigned i = 0; i < run.count; i++) {
            if (run.entries[i] == 0)
                continue;
            if (copies == NULL && (copies = entry_make(to, run.start)) == NULL)
                return -ENOMEM;
            copies[i] = entry_copy(&run.entries[i], protect);
            if (copies[i] == 0)
                return -ENOMEM;
            to->pages_mapped++;
        }
    }
    return 0;
}
