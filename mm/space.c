/*
 * space.c - address spaces: their making, copying and end, the heap's end, and looking at them from outside.
 *
 * A space is a set of areas (area.c) over page tables that hold what was touched so far (entries.c).  The areas say
 * what may be; a fault makes it so (fault.c).  map.c changes the areas.
 *
 * A copy has the tree of areas as it stands.  Then every page that the parent has touched is mapped in the child too;
 * one of a private mapping becomes read-only in both, so that the first of them to write gets a copy (fault.c).
 *
 * Lock: one mutex for each space.  It is held while pages are allocated, cleared and copied, and while the object
 * behind a mapping is asked for a page; it is not held while the kernel copies to or from user memory, whose faults
 * take it.
 *
 * Every space has the time page, as an area like any other, of a shared object with this one page.  Both are the
 * kernel's for ever.
 */
#include <mm/space.h>

#include <core/process.h>
#include <core/syscalls.h>
#include <core/thread.h>
#include <lib/string.h>
#include <mm/entries.h>
#include <mm/kmalloc.h>
#include <mm/map.h>
#include <mm/shared.h>

OBJECT_CACHE(space_cache, "space", sizeof(struct space));

static struct backing time_backing;

static struct space *space_create_empty(void)
{
    struct space *space = cache_alloc(&space_cache);

    if (space == NULL)
        return NULL;
    mmu_context_init(&space->mmu);
    mutex_init(&space->lock, "memory");
    space->references = 1;
    return space;
}

struct space *space_create(void)
{
    struct space *space = space_create_empty();

    if (space == NULL)
        return NULL;
    if (space_map(space, USER_TIME_PAGE, PAGE_SIZE, PROT_READ, MAP_SHARED | MAP_FIXED | MAP_DENY_WRITE, time_backing,
                  0) < 0) {
        space_put(space);
        return NULL;
    }
    return space;
}

void space_get(struct space *space)
{
    __atomic_fetch_add(&space->references, 1, __ATOMIC_RELAXED);
}

static void space_free_areas(struct space *space, struct area *area)
{
    if (area == NULL)
        return;
    space_free_areas(space, area->left);
    space_free_areas(space, area->right);
    entries_release(space, area->start, area->end);
    area_destroy(area);
}

/* No flush: no CPU runs on the space any more, and its ASID is used again only after all TLBs were emptied. */
void space_put(struct space *space)
{
    struct page *table, *next;

    if (__atomic_sub_fetch(&space->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    space_free_areas(space, space->areas);
    for (table = space->tables; table != NULL; table = next) {
        next = table->next;
        page_put(table);
    }
    cache_free(&space_cache, space);
}

/* A copy of the tree below `from`; *failed: no memory, and the copy is a part of it. */
static struct area *areas_copy(const struct area *from, bool *failed)
{
    struct area *copy;

    if (from == NULL || *failed)
        return NULL;
    copy = area_create();
    *failed = copy == NULL;
    if (copy == NULL)
        return NULL;
    *copy = *from;
    copy->flags &= ~AREA_LOCKED; /* POSIX mlock: a child inherits no locks */
    if (copy->backing.ops != NULL)
        copy->backing.ops->get(copy->backing.object);
    copy->left = areas_copy(from->left, failed);
    copy->right = areas_copy(from->right, failed);
    return copy;
}

static int pages_copy(struct space *to, struct space *from, const struct area *area)
{
    int error = 0;

    if (area->left != NULL)
        error = pages_copy(to, from, area->left);
    if (error == 0)
        error = entries_copy(to, from, area);
    if (error == 0 && area->right != NULL)
        error = pages_copy(to, from, area->right);
    return error;
}

/* With the lock of `from` held.  0 or -ENOMEM: the part that was made is in `to`. */
static int space_copy(struct space *to, struct space *from)
{
    bool failed = false;
    int error = 0;

    to->areas = areas_copy(from->areas, &failed);
    if (failed)
        return -ENOMEM;
    to->area_count = from->area_count;
    to->areas_pages = from->areas_pages;
    to->break_start = from->break_start;
    to->break_end = from->break_end;
    to->stack_low = from->stack_low;
    to->arguments_start = from->arguments_start;
    to->arguments_end = from->arguments_end;
    if (from->areas != NULL)
        error = pages_copy(to, from, from->areas);
    tlb_flush_context(&from->mmu);
    return error;
}

struct space *space_fork(struct space *from)
{
    struct space *to = space_create_empty();
    int error;

    if (to == NULL)
        return NULL;
    mutex_lock(&from->lock);
    error = space_copy(to, from);
    mutex_unlock(&from->lock);
    if (error == 0)
        return to;
    space_put(to);
    return NULL;
}

void space_use(struct space *space)
{
    uint32_t saved = irq_save();

    current->mmu = space == NULL ? NULL : &space->mmu;
    mmu_switch(current->mmu);
    irq_restore(saved);
}

/* Put more pages below the break.  False: not allowed, not free, no memory. */
static bool break_grow(struct space *space, uaddr_t from, uaddr_t to)
{
    uint32_t pages = (to - from) >> PAGE_SHIFT;
    struct area *above = area_at_or_above(space->areas, from);
    struct area new = {.start = from, .end = to, .prot = PROT_READ | PROT_WRITE, .flags = MAP_PRIVATE};

    if ((above != NULL && above->start < to) || !pages_suffice(pages) || !space_may_grow(space, pages))
        return false;
    return space_insert(space, &new, NULL) == 0;
}

static bool break_move(struct space *space, uaddr_t end)
{
    uaddr_t from = PAGE_UP(space->break_end), to;

    if (end < space->break_start || end > USER_MAP_TOP ||
        end - space->break_start > current->process->limits[RLIMIT_DATA].rlim_cur)
        return false;
    to = PAGE_UP(end);
    if (to > from)
        return break_grow(space, from, to);
    return to == from || space_clear(space, to, from) == 0;
}

/* The new break, or the old one: the C library sees by it whether the call succeeded. */
long sys_brk(uaddr_t end)
{
    struct space *space = current->process->space;
    uaddr_t answer;

    mutex_lock(&space->lock);
    if (break_move(space, end))
        space->break_end = end;
    answer = space->break_end;
    mutex_unlock(&space->lock);
    return (long)answer;
}

/* The page at `address`, brought in, for this space alone if it is to be written; NULL with *error. */
static struct page *space_page(struct space *space, uaddr_t address, bool write, int *error)
{
    struct area *area = space_area(space, address);

    *error = -EFAULT;
    if (area == NULL || (write && (area->flags & MAP_SHARED)))
        return NULL;
    *error = area_fill(space, area, address & PAGE_MASK, write);
    return *error == 0 ? entry_page(*pgtable_find(&space->mmu, address)) : NULL;
}

int space_access(struct space *space, uaddr_t address, void *buffer, size_t n, bool write)
{
    uint8_t *kernel = buffer;
    int error = 0;

    mutex_lock(&space->lock);
    while (n > 0 && error == 0) {
        size_t within = address & ~PAGE_MASK, part = n < PAGE_SIZE - within ? n : PAGE_SIZE - within;
        struct page *page = space_page(space, address, write, &error);
        uint8_t *memory;

        if (page == NULL)
            break;
        memory = page_address(page);
        memcpy(write ? memory + within : kernel, write ? kernel : memory + within, part);
        if (write && (space_area(space, address)->prot & PROT_EXEC))
            cache_sync_page(memory);
        address += part;
        kernel += part;
        n -= part;
    }
    mutex_unlock(&space->lock);
    return error == 0 || error == -ENOMEM ? error : -EFAULT;
}

static const char *area_label(const struct space *space, const struct area *area)
{
    if (area->start == USER_TIME_PAGE)
        return "[time]";
    if (area->flags & MAP_GROWSDOWN)
        return "[stack]";
    if (area->backing.ops == NULL && area->start < space->break_end && area->end > space->break_start)
        return "[heap]";
    return NULL;
}

void space_visit(struct space *space, void (*visit)(const struct area *area, const char *label, void *context),
                 void *context)
{
    struct area *area;

    mutex_lock(&space->lock);
    for (area = area_at_or_above(space->areas, 0); area != NULL; area = area_at_or_above(space->areas, area->end))
        visit(area, area_label(space, area), context);
    mutex_unlock(&space->lock);
}

void memory_start(void)
{
    page_start();
    if (!shared_create(1, &time_backing) || !shared_place(&time_backing, page_of(time_page)))
        panic("memory: no room for the time page");
}
