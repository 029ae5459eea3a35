/*
 * pin.c - user pages that somebody else writes to (pin.h).
 *
 * A page's `pins` tell fork alone that somebody will write to it behind the page table's back.  A thread that is alone
 * in its space needs none, since nobody can fork while it sleeps, nor does it look at the mapping again.
 */
#include <mm/pin.h>

#include <core/process.h>
#include <core/thread.h>
#include <mm/entries.h>
#include <mm/map.h>

/* The page at `address`, brought in and this space's own to write, or NULL. */
static struct page *writable_page(struct space *space, uaddr_t address)
{
    struct area *area = space_area(space, address);

    if (area == NULL || !(area->prot & PROT_WRITE) || area_fill(space, area, address, true) != 0)
        return NULL;
    return entry_page(*pgtable_find(&space->mmu, address));
}

/* The space's lock is held. */
static void pin_pages(struct pin *pin, struct space *space, unsigned count)
{
    uaddr_t address = pin->address & PAGE_MASK;
    const pte_t *entry = NULL;

    for (; pin->count < count; pin->count++, address += PAGE_SIZE) {
        struct page *page;

        if (entry == NULL || (uintptr_t)++entry % PAGE_SIZE == 0)
            entry = pgtable_find(&space->mmu, address);
        page = entry != NULL && (*entry & (PTE_VALID | PTE_READ_ONLY)) == PTE_VALID ? entry_page(*entry)
                                                                                    : writable_page(space, address);
        if (page == NULL)
            break;
        page_get(page);
        if (!pin->alone)
            __atomic_fetch_add(&page->pins, 1, __ATOMIC_RELAXED);
        pin->pages[pin->count] = page;
    }
}

void pin_user(struct pin *pin, uaddr_t address, uint32_t n)
{
    struct process *process = current->process;
    uint32_t offset = address % PAGE_SIZE, most = PIN_PAGES * PAGE_SIZE - offset;

    pin->address = address;
    pin->length = n < most ? n : most;
    pin->alone = process->thread_count == 1;
    pin->count = 0;
    mutex_lock(&process->space->lock);
    pin_pages(pin, process->space, (offset + pin->length + PAGE_SIZE - 1) / PAGE_SIZE);
    mutex_unlock(&process->space->lock);
    most = pin->count * PAGE_SIZE;
    if (most < offset + pin->length)
        pin->length = most > offset ? most - offset : 0;
}

long pin_copy_in(const struct pin *pin, struct uio *uio)
{
    uint32_t n = uio->left < pin->length ? uio->left : pin->length, left = n, offset = pin->address % PAGE_SIZE;

    for (unsigned i = 0; left > 0; i++, offset = 0) {
        uint32_t part = left < PAGE_SIZE - offset ? left : PAGE_SIZE - offset;

        if (uio_copy_in(uio, (uint8_t *)page_address(pin->pages[i]) + offset, part) != 0)
            break;
        left -= part;
    }
    return left != n ? (long)(n - left) : -EFAULT;
}

/* Is page number i of the pin still what is mapped at its address? */
static bool still_mapped(const struct pin *pin, unsigned i)
{
    struct space *space = current->process->space;
    const pte_t *entry;
    bool mapped;

    mutex_lock(&space->lock);
    entry = pgtable_find(&space->mmu, pin->address + i * PAGE_SIZE);
    mapped = entry != NULL && *entry != 0 && entry_page(*entry) == pin->pages[i];
    mutex_unlock(&space->lock);
    return mapped;
}

/* Where a page of the buffer is another by now, the bytes follow. */
static int bytes_follow(const struct pin *pin, uint32_t n)
{
    uint32_t done = 0, offset = pin->address % PAGE_SIZE;

    for (unsigned i = 0; done < n; i++, offset = 0) {
        uint32_t part = n - done < PAGE_SIZE - offset ? n - done : PAGE_SIZE - offset;

        if (!still_mapped(pin, i) &&
            copy_to_user(pin->address + done, (uint8_t *)page_address(pin->pages[i]) + offset, part) != 0)
            return -EFAULT;
        done += part;
    }
    return 0;
}

int pin_finish(struct pin *pin, uint32_t n)
{
    int error = pin->alone ? 0 : bytes_follow(pin, n);

    for (unsigned i = 0; i < pin->count; i++) {
        if (!pin->alone)
            __atomic_fetch_sub(&pin->pages[i]->pins, 1, __ATOMIC_RELAXED);
        page_put(pin->pages[i]);
    }
    return error;
}
