/*
 * map.h - what mm's files share about a space's areas; private to mm.  The space's lock is held.
 */
#pragma once

#include <mm/space.h>

/* A zeroed area that stands nowhere yet, or NULL. */
struct area *area_create(void);
/* Free it; it refers to no object.  NULL: nothing. */
void area_free(struct area *area);
/* Tell its object of what was written, if anything was. */
void area_settle(struct area *area);
/* Drop its object, settled, and free it. */
void area_destroy(struct area *area);

/* May the space have `pages` more pages of addresses?  (RLIMIT_AS of the running process, and RLIMIT_MEMLOCK where they
 * would be locked) */
bool space_may_grow(const struct space *space, uint32_t pages);
/* May [start, end) and `more` pages be locked, besides what is locked elsewhere? */
bool space_may_lock(const struct space *space, uaddr_t start, uaddr_t end, uint32_t more);
/* Are so many pages free, and those of the tables that map them? */
static inline bool pages_suffice(uint32_t pages)
{
    return page_user_suffice(pages + pages / 512 + 2);
}
/* "Overcommitted with sense": a single request for more than all that is free cannot be meant well. */
bool memory_suffices(unsigned prot, unsigned flags, uint32_t pages);
/* Make one area of two alike that meet at `boundary`, if there are such. */
void space_join(struct space *space, uaddr_t boundary);
/* See to it that no area reaches across `start` or `end`.  0, or -ENOMEM: nothing changed. */
int space_split_range(struct space *space, uaddr_t start, uaddr_t end);
/* Enter an area that is like `new`, whose addresses are free: a neighbour that is alike takes them over, or else
 * `spare` becomes the area (NULL: one is allocated).  The space owns `spare` and the object's reference from then
 * on.  0, or -ENOMEM with nothing changed (not with a spare one). */
int space_insert(struct space *space, struct area *new, struct area *spare);
/* Take all areas out of [start, end), which may cut areas, with their pages.  0, or -ENOMEM: nothing changed. */
int space_clear(struct space *space, uaddr_t start, uaddr_t end);
/* Bring the page at `address` (of a page) of `area` in, for this space alone if `write` and the area is private.
 * The area's protection is not asked.  0, -ENOMEM, or what the object says. */
int area_fill(struct space *space, struct area *area, uaddr_t address, bool write);
/* Bring in all pages of [start, end) that may be accessed, for this space alone where they may be written to; as
 * area_fill(). */
int area_populate(struct space *space, struct area *area, uaddr_t start, uaddr_t end);
