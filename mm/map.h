/*
 * map.h - what mm's files share about a space's areas; private to mm.  The space's lock is held.
 */
#pragma once

#include <mm/space.h>

/* A space without areas, or NULL. */
struct space *space_create_empty(void);

/* The area that `address` lies in, or NULL. */
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

/* A zeroed area that stands nowhere yet, or NULL. */
struct area *area_create(void);
/* Drop its object and free it. */
void area_destroy(struct area *area);

/* May the space have `pages` more pages of addresses?  (RLIMIT_AS of the running process) */
bool space_may_grow(const struct space *space, uint32_t pages);
/* Enter an area, whose addresses are free, joining it to its neighbours where they are alike.  The area is the space's
 * from then on (and may be gone). */
void space_insert(struct space *space, struct area *area);
/* Take all areas out of [start, end), which may cut areas, with their pages.  0, or -ENOMEM: nothing changed. */
int space_clear(struct space *space, uaddr_t start, uaddr_t end);
/* Bring the page at `address` (of a page) of `area` in, for this space alone if `write` and the area is private.
 * The area's protection is not asked.  0, -ENOMEM, or what the object says. */
int area_fill(struct space *space, const struct area *area, uaddr_t address, bool write);
