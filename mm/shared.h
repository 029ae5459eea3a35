/*
 * shared.h - shared memory without a name: what MAP_SHARED | MAP_ANONYMOUS maps, and System V segments.
 */
#pragma once

#include <mm/area.h>

/* A new object of `pages` pages, with one reference; false: no memory. */
bool shared_create(uint32_t pages, struct backing *backing);
/* At boot: make `page`, which is never freed, the object's first one; false: no memory. */
bool shared_place(const struct backing *backing, struct page *page);
/* How many of its pages were touched so far. */
uint32_t shared_touched(const struct backing *backing);
