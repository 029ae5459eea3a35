/*
 * map.c - mapping, unmapping and protecting ranges of a space.
 *
 * All three first cut the areas at the ends of their range, so that every area lies in it or outside (space_split), and
 * afterwards join what is alike again (space_join).  Only a cut needs memory; it comes before any change that is seen,
 * so a call that fails has changed nothing.
 */
#include <mm/map.h>

#include <abi/errno.h>
#include <core/process.h>
#include <core/thread.h>
#include <mm/entries.h>
#include <mm/kmalloc.h>
#include <mm/shared.h>

#define AREAS_MAX 32768 /* in one space: what they may cost the kernel */

OBJECT_CACHE(area_cache, "area", sizeof(struct area));

struct area *area_create(void)
{
    return cache_alloc(&area_cache);
}

void area_destroy(struct area *area)
{
    if (area->backing.ops != NULL)
        area->backing.ops->put(area->backing.object);
    cache_free(&area_cache, area);
}

bool space_may_grow(const struct space *space, uint32_t pages)
{
    struct process *process = current->process;

    return process == NULL ||
           ((uint64_t)space->areas_pages + pages) << PAGE_SHIFT <= process->limits[RLIMIT_AS].rlim_cur;
}

/* "Overcommitted with sense": a single request for more than all that is free cannot be meant well. */
static bool memory_suffices(unsigned prot, unsigned flags, uint32_t pages)
{
    return !(prot & PROT_WRITE) || !(flags & MAP_PRIVATE) || (flags & MAP_NORESERVE) || pages <= page_free_count();
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
}

/* Make one area of two alike that meet at `boundary`, if there are such. */
static void space_join(struct space *space, uaddr_t boundary)
{
    struct area *right = area_find(space->areas, boundary), *left = area_find(space->areas, boundary - 1);

    if (left == NULL || right == NULL || left == right || !area_joins(left, right))
        return;
    space_take_out(space, right);
    area_resize(space->areas, left, left->start, right->end);
    area_destroy(right);
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

static int space_split_range(struct space *space, uaddr_t start, uaddr_t end)
{
    int error = space_split(space, start);

    if (error == 0 && (error = space_split(space, end)) != 0)
        space_join(space, start);
    return error;
}

void space_insert(struct space *space, struct area *area)
{
    uaddr_t start = area->start, end = area->end;

    space->areas_pages += area_pages(area);
    space_enter(space, area);
    space_join(space, start);
    space_join(space, end);
}

int space_clear(struct space *space, uaddr_t start, uaddr_t end)
{
    struct area *area = area_at_or_above(space->areas, start);
    int error;

    if (area == NULL || area->start >= end)
        return 0;
    error = space_split_range(space, start, end);
    if (error != 0)
        return error;
    entries_drop(space, start, end);
    while ((area = area_at_or_above(space->areas, start)) != NULL && area->start < end) {
        space->areas_pages -= area_pages(area);
        space_take_out(space, area);
        area_destroy(area);
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
    if ((flags & MAP_FIXED) && (address & ~PAGE_MASK))
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
        if (area == NULL || area->start - hint >= size)
            return hint;
    }
    return area_find_gap(space->areas, USER_BASE, USER_MAP_TOP, size);
}

/* The checked call, with the lock held; `area` is filled in but for its place. */
static long map_locked(struct space *space, uaddr_t hint, uint32_t size, unsigned flags, struct area *area)
{
    uaddr_t start = map_place(space, hint, size, flags);
    int error;

    if (start == 0 || space->area_count >= AREAS_MAX || !space_may_grow(space, size >> PAGE_SHIFT))
        return -ENOMEM; /* POSIX mmap: ENOMEM */
    if (flags & MAP_FIXED) {
        error = space_clear(space, start, start + size);
        if (error != 0)
            return error;
    }
    area->start = start;
    area->end = start + size;
    space_insert(space, area);
    return start;
}

long space_map(struct space *space, uaddr_t address, size_t length, unsigned prot, unsigned flags,
               struct backing backing, uint32_t offset)
{
    int error = map_check(address, length, prot, flags);
    uint32_t size = (length + PAGE_SIZE - 1) & PAGE_MASK;
    struct area *area;
    long start;

    if (error != 0)
        return error;
    if (backing.ops != NULL && offset + (size >> PAGE_SHIFT) < offset)
        return -EOVERFLOW; /* POSIX mmap: EOVERFLOW */
    if (!memory_suffices(prot, flags, size >> PAGE_SHIFT))
        return -ENOMEM; /* POSIX mmap: ENOMEM */
    area = area_create();
    if (area == NULL)
        return -ENOMEM;
    if (backing.ops != NULL)
        backing.ops->get(backing.object);
    else if ((flags & MAP_SHARED) && !shared_create(size >> PAGE_SHIFT, &backing))
        goto no_memory;
    area->prot = prot;
    area->flags = flags & (MAP_SHARED | MAP_PRIVATE | MAP_GROWSDOWN | MAP_DENY_WRITE);
    area->backing = backing;
    area->offset = backing.ops != NULL ? offset : 0;
    mutex_lock(&space->lock);
    start = map_locked(space, address, size, flags, area);
    mutex_unlock(&space->lock);
    if (start < 0)
        area_destroy(area);
    return start;
no_memory:
    area_destroy(area);
    return -ENOMEM;
}

int space_unmap(struct space *space, uaddr_t address, size_t length)
{
    uint32_t size = (length + PAGE_SIZE - 1) & PAGE_MASK;
    int error;

    if (length == 0 || (address & ~PAGE_MASK) || address >= USER_TOP || length > USER_TOP - address)
        return -EINVAL; /* POSIX munmap: EINVAL */
    mutex_lock(&space->lock);
    error = space_clear(space, address, address + size);
    mutex_unlock(&space->lock);
    return error;
}

/* Are all of [start, end) mapped, and may they get `prot`? */
static int protect_check(struct space *space, uaddr_t start, uaddr_t end, unsigned prot)
{
    while (start < end) {
        struct area *area = area_find(space->areas, start);
        uaddr_t stop;

        if (area == NULL)
            return -ENOMEM; /* POSIX mprotect: ENOMEM */
        stop = area->end < end ? area->end : end;
        if ((prot & PROT_WRITE) && (area->flags & MAP_DENY_WRITE))
            return -EACCES; /* POSIX mprotect: EACCES */
        if ((prot & ~area->prot & PROT_WRITE) && !memory_suffices(prot, area->flags, (stop - start) >> PAGE_SHIFT))
            return -ENOMEM; /* POSIX mprotect: ENOMEM */
        start = stop;
    }
    return 0;
}

static int protect_locked(struct space *space, uaddr_t start, uaddr_t end, unsigned prot)
{
    int error = protect_check(space, start, end, prot);
    uaddr_t at;

    if (error == 0)
        error = space_split_range(space, start, end);
    if (error != 0)
        return error;
    for (at = start; at < end;) {
        struct area *area = area_find(space->areas, at);

        if (area->prot != prot) {
            area->prot = prot;
            entries_protect(space, area);
        }
        at = area->end;
        space_join(space, area->start);
    }
    space_join(space, end);
    return 0;
}

int space_protect(struct space *space, uaddr_t address, size_t length, unsigned prot)
{
    uint32_t size = (length + PAGE_SIZE - 1) & PAGE_MASK;
    int error;

    if ((address & ~PAGE_MASK) || (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC)))
        return -EINVAL; /* POSIX mprotect: EINVAL */
    if ((prot & PROT_WRITE) && (prot & PROT_EXEC))
        return -ENOTSUP; /* POSIX mprotect: ENOTSUP */
    if (length == 0)
        return 0;
    if (address >= USER_TOP || length > USER_TOP - address)
        return -ENOMEM; /* POSIX mprotect: ENOMEM */
    mutex_lock(&space->lock);
    error = protect_locked(space, address, address + size, prot);
    mutex_unlock(&space->lock);
    return error;
}
