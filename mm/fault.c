/*
 * fault.c - pages come on first touch.
 *
 * A fault finds the area of its address, asks it for leave, and mends the one entry:
 *
 *      empty, anonymous        a fresh page of zeros, also for a read: programs write what they have read first, so
 *                              that a shared page of zeros would only cost a second fault
 *      empty, of an object     the object's own page; not writable in a private mapping, nor in a shared one before
 *                              a write told the object so.  A write to a private mapping gets a copy
 *      present, write wanted   private: the page itself where nobody else refers to it, else a copy of it
 *                              shared: the object is told, and the page becomes writable
 *
 * A read of program text (an object's pages, private and not to be written) takes along the neighbours: all pages of
 * the 64 KiB around the address.  Files are in memory, so each costs a look into a table only.
 *
 * The space's lock is held all through, so a second thread that faults on the same page finds it mended.
 */
#include <arch/copy.h>
#include <core/log.h>
#include <core/process.h>
#include <core/thread.h>
#include <mm/entries.h>
#include <mm/map.h>

#define AROUND (64 * 1024u)
#define STACK_GUARD (256 * PAGE_SIZE) /* a stack grows no nearer to the area below it */

/* Put `page`, whose reference the entry takes over, into an empty entry. */
static void fill_entry(struct space *space, const struct area *area, pte_t *entry, struct page *page, bool writable)
{
    pte_store(entry, entry_value(area, page, writable));
    space->pages_mapped++;
}

struct page *page_duplicate(struct page *from)
{
    struct page *copy = page_alloc(0, 0);

    if (copy != NULL)
        page_copy(page_address(copy), page_address(from));
    return copy;
}

static int fill_anonymous(struct space *space, const struct area *area, pte_t *entry)
{
    struct page *page = page_alloc(0, PAGE_ZERO);

    if (page == NULL)
        return -ENOMEM;
    fill_entry(space, area, entry, page, true);
    return 0;
}

/* The object's page for `address`, with a reference; NULL with *error. */
static struct page *object_page(const struct area *area, uaddr_t address, bool write, int *error)
{
    return area->backing.ops->page(area->backing.object, area_offset(area, address), write, error);
}

/* Map what is missing of the object's pages around `address`. */
static void fill_around(struct space *space, const struct area *area, uaddr_t address)
{
    uaddr_t start = address & ~(AROUND - 1), end = start + AROUND;
    pte_t *entry;
    int error;

    if (start < area->start)
        start = area->start;
    if (end > area->end)
        end = area->end;
    entry = pgtable_find(&space->mmu, start); /* in one level-3 table with `address` */
    for (; start < end; start += PAGE_SIZE, entry++) {
        struct page *page;

        if (*entry != 0)
            continue;
        page = object_page(area, start, false, &error);
        if (page != NULL)
            fill_entry(space, area, entry, page, false);
    }
}

static int fill_from_object(struct space *space, const struct area *area, pte_t *entry, uaddr_t address, bool write)
{
    bool shared = area->flags & MAP_SHARED;
    int error = 0;
    struct page *page = object_page(area, address, write && shared, &error), *copy;

    if (page == NULL)
        return error;
    if (!write || shared) {
        fill_entry(space, area, entry, page, write);
        if (!shared && !(area->prot & PROT_WRITE))
            fill_around(space, area, address);
        return 0;
    }
    copy = page_duplicate(page);
    page_put(page);
    if (copy == NULL)
        return -ENOMEM;
    fill_entry(space, area, entry, copy, true);
    return 0;
}

/* A write to a present page that is not writable yet: in a private mapping the page itself, where nobody else refers
 * to it, or else a copy. */
static int write_present(struct space *space, const struct area *area, pte_t *entry, uaddr_t address)
{
    struct page *old = entry_page(*entry), *page = old;
    bool shared = area->flags & MAP_SHARED;
    int error = -ENOMEM;

    if (shared)
        page = object_page(area, address, true, &error);
    else if (__atomic_load_n(&old->references, __ATOMIC_ACQUIRE) > 1)
        page = page_duplicate(old);
    if (page == NULL)
        return error;
    if (page == old) {
        pte_store(entry, entry_value(area, page, true));
        tlb_flush_page_here(&space->mmu, address);
    } else {
        entry_replace(space, entry, address, entry_value(area, page, true));
    }
    if (shared || page != old)
        page_put(old);
    return 0;
}

int area_fill(struct space *space, struct area *area, uaddr_t address, bool write)
{
    pte_t *entry = entry_make(space, address);

    if (entry == NULL)
        return -ENOMEM;
    if (*entry == 0 && area->backing.ops == NULL)
        return fill_anonymous(space, area, entry);
    if (write && (area->flags & MAP_SHARED) && area->backing.ops->written != NULL)
        area->flags |= AREA_WRITTEN;
    if (*entry == 0)
        return fill_from_object(space, area, entry, address, write);
    if (write && !pte_writable(*entry))
        return write_present(space, area, entry, address);
    tlb_flush_page_here(&space->mmu, address); /* what this CPU had was older */
    return 0;
}

/* How far down the stack that ends at `end` may reach. */
static uaddr_t stack_limit(const struct space *space, uaddr_t end)
{
    uint64_t most = current->process->limits[RLIMIT_STACK].rlim_cur;
    uaddr_t low = most < end ? end - (uaddr_t)most : USER_BASE;

    return low > space->stack_low ? low : space->stack_low;
}

/* The area above `address` grew down to it, or NULL: it is no stack, or may not. */
static struct area *stack_grow(struct space *space, uaddr_t address)
{
    struct area *stack = area_at_or_above(space->areas, address), *below;
    uaddr_t old;
    uint32_t more;

    if (stack == NULL || !(stack->flags & MAP_GROWSDOWN) || address < stack_limit(space, stack->end))
        return NULL;
    below = area_at_or_above(space->areas, address > STACK_GUARD ? address - STACK_GUARD : 0);
    old = stack->start;
    more = (old - address) >> PAGE_SHIFT;
    if (below != stack || !space_may_grow(space, more))
        return NULL;
    area_resize(space->areas, stack, address, stack->end);
    space->areas_pages += more;
    if (stack->flags & AREA_LOCKED)
        area_populate(space, stack, address, old);
    return stack;
}

static bool area_allows(const struct area *area, unsigned access)
{
    if (access & ACCESS_WRITE)
        return area->prot & PROT_WRITE;
    if (access & ACCESS_EXECUTE)
        return area->prot & PROT_EXEC;
    return area->prot != PROT_NONE;
}

static int out_of_memory(uaddr_t address)
{
    log_line("memory: none left for process %d (%s) at %x: killed", current->process->pid, current->process->name,
             (unsigned)address);
    return FAULT(SIGKILL, 0);
}

/* As space_fault(), with the lock held and the page's address. */
static int fault_locked(struct space *space, uaddr_t address, unsigned access)
{
    struct area *area = space_area(space, address);
    int error;

    if (area == NULL && (area = stack_grow(space, address)) == NULL)
        return FAULT(SIGSEGV, SEGV_MAPERR);
    if (!area_allows(area, access))
        return FAULT(SIGSEGV, SEGV_ACCERR);
    error = area_fill(space, area, address, access & ACCESS_WRITE);
    if (error == 0)
        return 0;
    return error == -ENOMEM ? out_of_memory(address) : FAULT(SIGBUS, BUS_ADRERR);
}

int space_fault(struct space *space, uaddr_t address, unsigned access)
{
    int fault;

    if (address >= USER_TOP)
        return FAULT(SIGSEGV, SEGV_MAPERR);
    mutex_lock(&space->lock);
    fault = fault_locked(space, address & PAGE_MASK, access);
    current->faults++;
    mutex_unlock(&space->lock);
    return fault;
}
