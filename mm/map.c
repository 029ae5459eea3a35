/*
 * map.c - mapping and unmapping ranges of a space.
 *
 * Areas that are alike and meet are one area (space_join): a mapping beside its like makes that one longer.  To
 * change a part of an area splits it (space_split).  Only a split, or an area that is like none beside it, needs
 * memory; that comes before any change that is seen, so a call that fails has changed nothing.
 */
#include <mm/map.h>

#include <core/process.h>
#include <core/syscalls.h>
#include <core/thread.h>
#include <mm/entries.h>
#include <mm/kmalloc.h>
#include <mm/shared.h>

#define AREAS_MAX 32768 /* in one space: what they may cost the kernel */
#define AREA_FLAGS (MAP_SHARED | MAP_PRIVATE | MAP_GROWSDOWN | MAP_DENY_WRITE)

OBJECT_CACHE(area_cache, "area", sizeof(struct area));

struct area *area_create(void)
{
    return cache_alloc(&area_cache);
}

void area_free(struct area *area)
{
    cache_free(&area_cache, area);
}

void area_settle(struct area *area)
{
    if (area->flags & AREA_WRITTEN)
        area->backing.ops->written(area->backing.object);
    area->flags &= ~AREA_WRITTEN;
}

void area_destroy(struct area *area)
{
    area_settle(area);
    if (area->backing.ops != NULL)
        area->backing.ops->put(area->backing.object);
    area_free(area);
}

bool space_may_grow(const struct space *space, uint32_t pages)
{
    struct process *process = current->process;

    if (process == NULL)
        return true;
    return ((uint64_t)space->areas_pages + pages) << PAGE_SHIFT <= process->limits[RLIMIT_AS].rlim_cur &&
           (!space->lock_future || space_may_lock(space, 0, 0, pages));
}

bool memory_suffices(unsigned prot, unsigned flags, uint32_t pages)
{
    return !(prot & PROT_WRITE) || !(flags & MAP_PRIVATE) || (flags & MAP_NORESERVE) || pages_suffice(pages);
}

static void space_enter(struct space *space, struct area *area)
{
    area_insert(&space->areas, area);
    space->area_count++;
}

static void space_take_out(struct space *space, struct area *area)
{
    area_remove(&space->areas, area);
    space->area_count--;
    space->last_found = NULL;
    area_destroy(area);
}

void space_join(struct space *space, uaddr_t boundary)
{
    struct area *right = area_find(space->areas, boundary), *left = area_find(space->areas, boundary - 1);
    uaddr_t end;

    if (left == NULL || right == NULL || left == right || !area_joins(left, right))
        return;
    end = right->end;
    space_take_out(space, right);
    area_resize(space->areas, left, left->start, end);
}

/* See to it that no area reaches across `boundary`.  0 or -ENOMEM. */
static int space_split(struct space *space, uaddr_t boundary)
{
    struct area *left = area_find(space->areas, boundary), *right, tail;

    if (left == NULL || left->start == boundary)
        return 0;
    right = space->area_count < AREAS_MAX ? area_create() : NULL;
    if (right == NULL)
        return -ENOMEM;
    tail = *left;
    tail.start = boundary;
    if (left->backing.ops != NULL) {
        left->backing.ops->get(left->backing.object);
        tail.offset = area_offset(left, boundary);
    }
    area_resize(space->areas, left, left->start, boundary);
    *right = tail;
    space_enter(space, right);
    return 0;
}

int space_split_range(struct space *space, uaddr_t start, uaddr_t end)
{
    int error = space_split(space, start);

    if (error == 0 && (error = space_split(space, end)) != 0)
        space_join(space, start);
    return error;
}

/* Let a neighbour that is like `new` take its addresses over.  False: there is none. */
static bool space_widen(struct space *space, const struct area *new)
{
    struct area *left = area_find(space->areas, new->start - 1), *right;

    if (left != NULL && area_joins(left, new)) {
        area_resize(space->areas, left, left->start, new->end);
        space_join(space, new->end);
        return true;
    }
    right = area_find(space->areas, new->end);
    if (right == NULL || !area_joins(new, right))
        return false;
    area_resize(space->areas, right, new->start, right->end);
    return true;
}

int space_insert(struct space *space, struct area *new, struct area *spare)
{
    new->flags |= space->lock_future ? AREA_LOCKED : 0;
    if (space_widen(space, new)) {
        if (new->backing.ops != NULL)
            new->backing.ops->put(new->backing.object);
        area_free(spare);
    } else {
        if (spare == NULL && space->area_count < AREAS_MAX)
            spare = area_create();
        if (spare == NULL)
            return -ENOMEM;
        *spare = *new;
        space_enter(space, spare);
    }
    space->areas_pages += area_pages(new);
    if (space->lock_future) /* as far as there is memory: a touch of the rest will find out */
        area_populate(space, area_find(space->areas, new->start), new->start, new->end);
    return 0;
}

/* Take [start, end) out of an area that it overlaps, at one end of it or whole. */
static void space_cut(struct space *space, struct area *area, uaddr_t start, uaddr_t end)
{
    uint32_t before = area_pages(area);

    if (area->start < start) {
        area_resize(space->areas, area, area->start, start);
    } else if (area->end > end) {
        area_resize(space->areas, area, end, area->end);
    } else {
        space->areas_pages -= before;
        space_take_out(space, area);
        return;
    }
    space->areas_pages -= before - area_pages(area);
}

int space_clear(struct space *space, uaddr_t start, uaddr_t end)
{
    struct area *area = area_at_or_above(space->areas, start);

    if (area == NULL || area->start >= end)
        return 0;
    if (area->start < start && area->end > end && space_split(space, end) != 0)
        return -ENOMEM;
    entries_drop(space, start, end);
    while (area != NULL && area->start < end) {
        space_cut(space, area, start, end);
        area = area_at_or_above(space->areas, start);
    }
    return 0;
}

/* Whole pages from a page boundary on, between page 0 and USER_TOP. */
static bool range_ok(uaddr_t start, size_t size)
{
    return start >= USER_BASE && start < USER_TOP && size <= USER_TOP - start;
}

/* POSIX mmap: what the arguments may not be. */
static int map_check(uaddr_t address, size_t length, unsigned prot, unsigned flags)
{
    unsigned sharing = flags & (MAP_SHARED | MAP_PRIVATE);

    if (length == 0 || (sharing != MAP_SHARED && sharing != MAP_PRIVATE))
        return -EINVAL; /* POSIX mmap: EINVAL */
    if (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC))
        return -EINVAL;
    if ((prot & PROT_WRITE) && (prot & PROT_EXEC))
        return -ENOTSUP; /* POSIX mmap: ENOTSUP */
    if ((flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) && (address & ~PAGE_MASK))
        return -EINVAL; /* POSIX mmap: EINVAL */
    if (length > USER_TOP - PAGE_SIZE)
        return -ENOMEM; /* POSIX mmap: ENOMEM */
    return 0;
}

/* Where a mapping of `size` bytes goes; 0: nowhere. */
static uaddr_t map_place(struct space *space, uaddr_t hint, uint32_t size, unsigned flags)
{
    struct area *area;

    if (flags & MAP_FIXED)
        return range_ok(hint, size) ? hint : 0;
    hint &= PAGE_MASK;
    if (range_ok(hint, size)) {
        area = area_at_or_above(space->areas, hint);
        if (area == NULL || (area->start > hint && area->start - hint >= size))
            return hint;
    }
    return area_find_gap(space->areas, USER_BASE, USER_MAP_TOP, size);
}

/* The checked call, with the lock held; `new` is filled in but for its place. */
static long map_locked(struct space *space, uaddr_t hint, uint32_t size, unsigned flags, struct area *new)
{
    struct area *spare = NULL;

    new->start = map_place(space, hint, size, flags);
    new->end = new->start + size;
    if ((flags & MAP_FIXED_NOREPLACE) && new->start != hint)
        return range_ok(hint, size) ? -EEXIST : -ENOMEM;
    if (new->start == 0 || !space_may_grow(space, size >> PAGE_SHIFT))
        return -ENOMEM; /* POSIX mmap: ENOMEM */
    if (flags & MAP_FIXED) {
        if (space->area_count >= AREAS_MAX || (spare = area_create()) == NULL)
            return -ENOMEM; /* before what is there goes */
        if (space_clear(space, new->start, new->end) != 0) {
            area_free(spare);
            return -ENOMEM;
        }
    }
    return space_insert(space, new, spare) == 0 ? (long)new->start : -ENOMEM;
}

long space_map(struct space *space, uaddr_t address, size_t length, unsigned prot, unsigned flags,
               struct backing backing, uint32_t offset)
{
    int error = map_check(address, length, prot, flags);
    uint32_t size = PAGE_UP(length);
    struct area new = {.prot = prot, .flags = flags & AREA_FLAGS, .backing = backing};
    long start;

    if (error != 0)
        return error;
    if (backing.ops != NULL)
        new.offset = offset;
    if (new.offset + (size >> PAGE_SHIFT) < new.offset)
        return -EOVERFLOW; /* POSIX mmap: EOVERFLOW */
    if (!memory_suffices(prot, flags, size >> PAGE_SHIFT))
        return -ENOMEM; /* POSIX mmap: ENOMEM */
    if (backing.ops != NULL)
        backing.ops->get(backing.object);
    else if ((flags & MAP_SHARED) && !shared_create(size >> PAGE_SHIFT, &new.backing))
        return -ENOMEM;
    mutex_lock(&space->lock);
    start = map_locked(space, address, size, flags, &new);
    mutex_unlock(&space->lock);
    if (start < 0 && new.backing.ops != NULL)
        new.backing.ops->put(new.backing.object);
    return start;
}

int space_unmap(struct space *space, uaddr_t address, size_t length)
{
    uint32_t size = PAGE_UP(length);
    int error;

    if (length == 0 || (address & ~PAGE_MASK) || address >= USER_TOP || length > USER_TOP - address)
        return -EINVAL; /* POSIX munmap: EINVAL */
    mutex_lock(&space->lock);
    error = space_clear(space, address, address + size);
    mutex_unlock(&space->lock);
    return error;
}

long sys_munmap(uaddr_t address, uint32_t length)
{
    return space_unmap(current->process->space, address, length);
}

int space_unmap_object(struct space *space, uaddr_t address, const struct backing_ops *ops)
{
    const struct area *area;
    void *object = NULL;
    uaddr_t end = address;

    mutex_lock(&space->lock);
    while ((area = area_find(space->areas, end)) != NULL && area->start == end && area->backing.ops == ops &&
           area->offset == (end - address) >> PAGE_SHIFT && (object == NULL || area->backing.object == object)) {
        object = area->backing.object;
        end = area->end;
    }
    if (object != NULL)
        space_clear(space, address, end); /* whole areas: no memory is needed */
    mutex_unlock(&space->lock);
    return object != NULL ? 0 : -EINVAL;
}

void space_forget(struct space *space, const void *object, uint32_t first, uint32_t end, bool shared_only)
{
    const struct area *area;

    mutex_lock(&space->lock);
    for (area = area_at_or_above(space->areas, 0); area != NULL; area = area_at_or_above(space->areas, area->end)) {
        uint32_t from = area->offset < first ? first - area->offset : 0;
        uint32_t to = end - area->offset < area_pages(area) ? end - area->offset : area_pages(area);

        if (area->backing.ops == NULL || area->backing.object != object || (shared_only && area->flags & MAP_PRIVATE))
            continue;
        if (area->offset < end && from < to)
            entries_drop(space, area->start + (from << PAGE_SHIFT), area->start + (to << PAGE_SHIFT));
    }
    mutex_unlock(&space->lock);
}
