/*
 * entries.h - the page table entries of a space; private to mm.
 *
 * An entry is empty (0), or holds a page and counts among its references.  Such an entry is present, or hidden: not
 * valid for the hardware, while the page stays (PROT_NONE, and for a moment every entry that is being changed).
 * All of these are called with the space's lock held, or on a space that nobody uses yet or any more.
 */
#pragma once

#include <abi/errno.h>
#include <mm/space.h>

static inline struct page *entry_page(pte_t entry)
{
    return phys_to_page(pte_phys(entry));
}

/* Make the tables that are missing on the way to the entry of `address`.  Answers the entry; NULL: no memory. */
pte_t *entry_make_tables(struct space *space, uaddr_t address);

/* The entry of `address`, with its table made where need be; NULL: no memory. */
static inline pte_t *entry_make(struct space *space, uaddr_t address)
{
    pte_t *entry = pgtable_find(&space->mmu, address);

    return entry != NULL ? entry : entry_make_tables(space, address);
}

/* What maps `page` in `area`: with the area's protection, but not to be written unless `writable`. */
pte_t entry_value(const struct area *area, struct page *page, bool writable);
/* A page with the same bytes, or NULL. */
struct page *page_duplicate(struct page *from);
/* Change an entry that holds a page: break, flush, make. */
void entry_replace(struct space *space, pte_t *entry, uaddr_t address, pte_t value);

/* Empty the entries of [start, end), flush, then put their pages. */
void entries_drop(struct space *space, uaddr_t start, uaddr_t end);
/* As above for a space that no CPU will use again: no flush. */
void entries_release(struct space *space, uaddr_t start, uaddr_t end);
/* Make the entries of the area's range fit area->prot, which has changed; unless `writable` the next write faults. */
void entries_protect(struct space *space, const struct area *area, bool writable);
/* Map the area's pages in `to` as well; private ones are write-protected in both (the caller flushes `from`).  0 or
 * -ENOMEM (some are mapped). */
int entries_copy(struct space *to, struct space *from, const struct area *area);
