/*
 * space.h - a process's address space: areas of addresses, each with a protection and a source of its pages.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <core/lock.h>
#include <mm/area.h>
#include <mm/page.h>
#include <mm/stack.h>

struct space {
    struct mmu_context mmu; /* first: thread->mmu points here */
    uint32_t references;    /* a */
    struct mutex lock;      /* guards all below, and the tables */
    struct area *areas;     /* a tree by address (mm/area.h) */
    struct area *last_found;
    uint32_t area_count;
    uaddr_t break_start, break_end;         /* the heap; its last page may be used in part */
    uaddr_t stack_low;                      /* areas that grow down stop here, whatever RLIMIT_STACK allows */
    uaddr_t arguments_start, arguments_end; /* the argument strings on the stack, by exec; for /proc/PID/cmdline */
    uint32_t pages_mapped;                  /* resident: entries that hold a page (for ps) */
    uint32_t pages_peak;                    /* as many as that were before some were released */
    uint32_t areas_pages;                   /* pages of address space in use, against RLIMIT_AS */
    bool lock_future;                       /* lock what is mapped from now on */
    struct page *tables;                    /* page tables, chained; given back with the space only */
};

/* An empty space with the time page mapped, or NULL. */
struct space *space_create(void);
void space_get(struct space *space);
/* The last reference unmaps and frees all. */
void space_put(struct space *space);
/* A copy for fork: private pages copied on write, shared ones shared.  NULL: no memory, nothing changed. */
struct space *space_fork(struct space *from);
/* The most pages that were ever resident.  Without the lock. */
static inline uint32_t space_peak(const struct space *space)
{
    return space->pages_mapped > space->pages_peak ? space->pages_mapped : space->pages_peak;
}
/* Make `space` (NULL: none) the running thread's; switches at once. */
void space_use(struct space *space);

/* mmap: `address` is a hint, or with MAP_FIXED the place (page-aligned; what is there is replaced).  `prot` PROT_...,
 * `flags` MAP_..., `offset` in pages.  Takes its own reference of the backing object; for a shared mapping without one
 * it makes one.  Answers the address (below 2 GiB, so >= 0) or -ENOMEM, -EINVAL, -EOVERFLOW, -ENOTSUP (writable and
 * executable).  A failed call has changed nothing. */
long space_map(struct space *space, uaddr_t address, size_t length, unsigned prot, unsigned flags,
               struct backing backing, uint32_t offset);
/* munmap: whole pages; 0, -EINVAL, -ENOMEM (no memory to split an area; nothing changed). */
int space_unmap(struct space *space, uaddr_t address, size_t length);
/* shmdt: take out the mapping, from its start on, of an object with these operations that was mapped at `address`; 0 or
 * -EINVAL: there is none. */
int space_unmap_object(struct space *space, uaddr_t address, const struct backing_ops *ops);
/* The object has lost its pages [first, end): forget what is mapped of them.  A touch asks the object again.
 * `shared_only`: private mappings keep what they have, and what was written there. */
void space_forget(struct space *space, const void *object, uint32_t first, uint32_t end, bool shared_only);

/* The area that `address` lies in, or NULL.  The lock is held; or the running thread is the only one that could change
 * the space: it is alone in its process, and no other process uses the space. */
static inline struct area *space_area(struct space *space, uaddr_t address)
{
    struct area *area = space->last_found;

    if (area == NULL || address < area->start || address >= area->end) {
        area = area_find(space->areas, address);
        if (area != NULL)
            space->last_found = area;
    }
    return area;
}

/* What a fault wants. */
#define ACCESS_READ 1u
#define ACCESS_WRITE 2u
#define ACCESS_EXECUTE 4u

/*
 * Make the page at `address` accessible.  0: done, try the access again; else the si_code with its signal:
 * FAULT(signal, code).  SIGSEGV: no area or not allowed; SIGBUS: past the object's end; SIGKILL: no memory (logged).
 * May sleep.  Called on the space of the running thread.
 */
#define FAULT(signal, code) ((signal) << 8 | (code))
#define FAULT_SIGNAL(fault) ((fault) >> 8)
#define FAULT_CODE(fault) ((fault)&0xff)
int space_fault(struct space *space, uaddr_t address, unsigned access);

/* Copy n bytes between the kernel's `buffer` and a space that is not the running one, whatever the protection there;
 * write (exec): to private areas only.  0, -ENOMEM or -EFAULT. */
int space_access(struct space *space, uaddr_t address, void *buffer, size_t n, bool write);

/* For /proc/PID/maps: visit every area in order; label: "[heap]", "[stack]", "[time]" or NULL.  The lock is held. */
void space_visit(struct space *space, void (*visit)(const struct area *area, const char *label, void *context),
                 void *context);

/* At boot: pages first, then all that needs them. */
void memory_start(void);
