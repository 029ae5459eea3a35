/*
 * range.c - calls about ranges of what is mapped: mprotect, mlock, msync, madvise, mincore.
 *
 * Each goes over the areas of its range twice: first to see that all of it may be done, or to fetch what needs memory,
 * then to do it.  So a call that fails has changed nothing that a program can see.
 *
 * Pages leave memory on demand only.  So a locked area (AREA_LOCKED) is one whose pages were all brought in, and that
 * counts against RLIMIT_MEMLOCK; fork copies no locks, and exec begins without any.
 *
 * A file mapped by MAP_SHARED is told of the first write to each page (fault.c), and once more at the msync() or the
 * unmapping that follows, for the writes that came in between; msync() makes the next write fault again.
 *
 * Left out: swapping, hence advice other than MADV_DONTNEED is only checked.
 */
#include <core/process.h>
#include <core/syscalls.h>
#include <core/thread.h>
#include <mm/entries.h>
#include <mm/map.h>
#include <mm/user.h>

/* The range of a call: whole pages.  0, -EINVAL or -ENOMEM. */
static int range_of(uaddr_t start, size_t length, uaddr_t *end)
{
    if (start & ~PAGE_MASK)
        return -EINVAL; /* POSIX mprotect, msync: EINVAL */
    if (length != 0 && (start >= USER_TOP || length > USER_TOP - start))
        return -ENOMEM; /* POSIX mprotect, msync, mlock: ENOMEM */
    *end = start + PAGE_UP(length);
    return 0;
}

/* What to do with the part [start, end) of an area: 0, or an error that ends the visits.  NULL: nothing. */
#define VISITOR(name) int (*name)(struct space *, struct area *, uaddr_t, uaddr_t, unsigned)
#define VISIT(name) int name(struct space *space, struct area *area, uaddr_t start, uaddr_t end, unsigned argument)

/* Visit the areas of [start, end) in order, passing over holes.  0; -ENOMEM: there was a hole; or a visit's error. */
static int range_visit(struct space *space, uaddr_t start, uaddr_t end, VISITOR(visit), unsigned argument)
{
    struct area *area;
    bool hole = false;

    while (start < end && (area = area_at_or_above(space->areas, start)) != NULL && area->start < end) {
        uaddr_t from = area->start > start ? area->start : start;
        uaddr_t to = area->end < end ? area->end : end;
        int error = visit != NULL ? visit(space, area, from, to, argument) : 0;

        if (error != 0)
            return error;
        hole |= from != start;
        start = to;
    }
    return hole || start < end ? -ENOMEM : 0;
}

/* Check all of [start, end), cut it out of its areas, and change it. */
static int range_change(struct space *space, uaddr_t start, uaddr_t end, VISITOR(check), VISITOR(change),
                        unsigned argument)
{
    int error = range_visit(space, start, end, check, argument);

    if (error == 0)
        error = space_split_range(space, start, end);
    if (error == 0) {
        range_visit(space, start, end, change, argument);
        space_join(space, end);
    }
    return error;
}

static VISIT(protect_check)
{
    if ((argument & PROT_WRITE) && (area->flags & MAP_DENY_WRITE))
        return -EACCES; /* POSIX mprotect: EACCES */
    if ((argument & ~area->prot & PROT_WRITE) && !memory_suffices(argument, area->flags, (end - start) >> PAGE_SHIFT))
        return -ENOMEM; /* POSIX mprotect: ENOMEM */
    return 0;
}

static VISIT(protect)
{
    if (area->prot != argument) {
        area->prot = argument;
        entries_protect(space, area, true);
    }
    space_join(space, start);
    return 0;
}

/* 0, -ENOMEM (a hole in the range, or no memory), -EINVAL, -EACCES (MAP_DENY_WRITE), -ENOTSUP. */
long sys_mprotect(uaddr_t address, uint32_t length, int wanted)
{
    struct space *space = current->process->space;
    unsigned prot = (unsigned)wanted;
    uaddr_t end;
    int error = range_of(address, length, &end);

    if (error != 0 || (prot & ~(PROT_READ | PROT_WRITE | PROT_EXEC)))
        return error != 0 ? error : -EINVAL; /* POSIX mprotect: EINVAL */
    if ((prot & PROT_WRITE) && (prot & PROT_EXEC))
        return -ENOTSUP; /* POSIX mprotect: ENOTSUP */
    mutex_lock(&space->lock);
    error = range_change(space, address, end, protect_check, protect, prot);
    mutex_unlock(&space->lock);
    return error;
}

int area_populate(struct space *space, struct area *area, uaddr_t start, uaddr_t end)
{
    bool write = (area->flags & MAP_PRIVATE) && (area->prot & PROT_WRITE);
    int error = 0;

    for (; start < end && error == 0 && area->prot != PROT_NONE; start += PAGE_SIZE)
        error = area_fill(space, area, start, write);
    return error;
}

bool space_may_lock(const struct space *space, uaddr_t start, uaddr_t end, uint32_t more)
{
    uint64_t pages = more + ((end - start) >> PAGE_SHIFT);
    struct area *area = area_at_or_above(space->areas, 0);

    if (current->process->credentials.euid == 0)
        return true;
    for (; area != NULL; area = area_at_or_above(space->areas, area->end))
        if ((area->flags & AREA_LOCKED) && (area->end <= start || area->start >= end))
            pages += area_pages(area);
    return pages << PAGE_SHIFT <= current->process->limits[RLIMIT_MEMLOCK].rlim_cur;
}

/* POSIX mlock, mlockall: EPERM.  May the caller lock anything at all? */
static bool may_lock_any(void)
{
    return current->process->credentials.euid == 0 || current->process->limits[RLIMIT_MEMLOCK].rlim_cur != 0;
}

static VISIT(lock_check)
{
    int error = argument != 0 ? area_populate(space, area, start, end) : 0;

    if (error == -ENOMEM)
        return -EAGAIN;                                                            /* POSIX mlock: EAGAIN */
    return error != 0 || (argument != 0 && area->prot == PROT_NONE) ? -ENOMEM : 0; /* POSIX mlock: ENOMEM */
}

static VISIT(lock)
{
    area->flags = (area->flags & ~AREA_LOCKED) | argument;
    space_join(space, start);
    return 0;
}

/* 0, -ENOMEM (a hole in the range, what cannot be accessed, or past RLIMIT_MEMLOCK), -EAGAIN (no memory), -EPERM. */
static int lock_range(uaddr_t address, uint32_t length, bool locked)
{
    struct space *space = current->process->space;
    uaddr_t start = address & PAGE_MASK, end;
    int error = range_of(start, length + (address - start), &end);

    if (error != 0 || length == 0)
        return error;
    if (locked && !may_lock_any())
        return -EPERM; /* POSIX mlock: EPERM */
    mutex_lock(&space->lock);
    if (locked && !space_may_lock(space, start, end, 0))
        error = -ENOMEM; /* POSIX mlock: ENOMEM */
    else
        error = range_change(space, start, end, lock_check, lock, locked ? AREA_LOCKED : 0);
    mutex_unlock(&space->lock);
    return error;
}

long sys_mlock(uaddr_t address, uint32_t length)
{
    return lock_range(address, length, true);
}

long sys_munlock(uaddr_t address, uint32_t length)
{
    return lock_range(address, length, false);
}

/* What cannot be brought in, a guard page or what lies behind a file's end, is locked as it is. */
static VISIT(populate)
{
    return area_populate(space, area, start, end) == -ENOMEM ? -EAGAIN : 0; /* POSIX mlockall: EAGAIN */
}

/* With the lock held.  All of a space has holes: only -EAGAIN is an error of a visit. */
static int lock_all(struct space *space, unsigned flags)
{
    if ((flags & MCL_CURRENT) && !space_may_lock(space, 0, 0, space->areas_pages))
        return -ENOMEM; /* POSIX mlockall: ENOMEM */
    if ((flags & MCL_CURRENT) && range_visit(space, 0, USER_TOP, populate, 0) == -EAGAIN)
        return -EAGAIN;
    if (flags != MCL_FUTURE)
        range_visit(space, 0, USER_TOP, lock, flags & MCL_CURRENT ? AREA_LOCKED : 0);
    space->lock_future = flags & MCL_FUTURE;
    return 0;
}

/* The same errors, but -ENOMEM is the limit's alone. */
long sys_mlockall(int flags)
{
    struct space *space = current->process->space;
    int error;

    if (flags == 0 || flags & ~(MCL_CURRENT | MCL_FUTURE))
        return -EINVAL; /* POSIX mlockall: EINVAL */
    if (!may_lock_any())
        return -EPERM; /* POSIX mlockall: EPERM */
    mutex_lock(&space->lock);
    error = lock_all(space, (unsigned)flags);
    mutex_unlock(&space->lock);
    return error;
}

long sys_munlockall(void)
{
    struct space *space = current->process->space;

    mutex_lock(&space->lock);
    lock_all(space, 0);
    mutex_unlock(&space->lock);
    return 0;
}

static VISIT(locked_check)
{
    return (area->flags & AREA_LOCKED) != 0 ? -(int)argument : 0;
}

static VISIT(settle)
{
    if (area->flags & AREA_WRITTEN) {
        area_settle(area);
        entries_protect(space, area, false);
    }
    return 0;
}

/* Visit all of a range with the lock held, with `check` (NULL: for its holes alone); then `act` on it.  0, -EINVAL,
 * -ENOMEM, or what the check answers. */
static int range_call(uaddr_t address, uint32_t length, VISITOR(check), unsigned argument, VISITOR(act))
{
    struct space *space = current->process->space;
    uaddr_t end;
    int error = range_of(address, length, &end);

    if (error != 0)
        return error;
    mutex_lock(&space->lock);
    error = range_visit(space, address, end, check, argument);
    if (error == 0 && act != NULL)
        range_visit(space, address, end, act, 0);
    mutex_unlock(&space->lock);
    return error;
}

/* All objects live in memory, where every mapping of them is the same pages: nothing else is to be brought in line.
 * -EBUSY: locked, and to be invalidated. */
long sys_msync(uaddr_t address, uint32_t length, int flags)
{
    if (flags & ~(MS_ASYNC | MS_SYNC | MS_INVALIDATE) || (flags & (MS_ASYNC | MS_SYNC)) == (MS_ASYNC | MS_SYNC))
        return -EINVAL; /* POSIX msync: EINVAL */
    return range_call(address, length, flags & MS_INVALIDATE ? locked_check : NULL, EBUSY,
                      settle); /* POSIX msync: EBUSY */
}

static VISIT(drop)
{
    entries_drop(space, start, end);
    return 0;
}

long sys_madvise(uaddr_t address, uint32_t length, int advice)
{
    bool drops = advice == MADV_DONTNEED;

    if (advice < MADV_NORMAL || advice > MADV_DONTNEED)
        return -EINVAL; /* POSIX posix_madvise: EINVAL */
    return range_call(address, length, drops ? locked_check : NULL, EINVAL, drops ? drop : NULL);
}

/* resident[i] says whether page number i from `address` on is there; 0 or -ENOMEM (a hole). */
static int find_resident(struct space *space, uaddr_t address, uint32_t pages, uint8_t *resident)
{
    int error;

    mutex_lock(&space->lock);
    error = range_visit(space, address, address + (pages << PAGE_SHIFT), NULL, 0);
    for (uint32_t i = 0; error == 0 && i < pages; i++) {
        const pte_t *entry = pgtable_find(&space->mmu, address + (i << PAGE_SHIFT));

        resident[i] = entry != NULL && *entry != 0;
    }
    mutex_unlock(&space->lock);
    return error;
}

long sys_mincore(uaddr_t address, uint32_t length, uaddr_t resident)
{
    uint32_t pages = (length >> PAGE_SHIFT) + ((length & ~PAGE_MASK) != 0), count;
    uint8_t part[128];
    int error = 0;

    if (address & ~PAGE_MASK)
        return -EINVAL;
    if (!user_range_ok(address, length))
        return -ENOMEM;
    for (; pages > 0 && error == 0; pages -= count, address += count << PAGE_SHIFT, resident += count) {
        count = pages < sizeof(part) ? pages : sizeof(part);
        error = find_resident(current->process->space, address, count, part);
        if (error == 0)
            error = copy_to_user(resident, part, count);
    }
    return error;
}
