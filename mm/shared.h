/*
 * shared.h - shared memory without a name: what MAP_SHARED | MAP_ANONYMOUS maps; private to mm.
 */
#pragma once

#include <mm/area.h>

/* A new object of `pages` pages, with one reference; false: no memory. */
bool shared_create(uint32_t pages, struct backing *backing);
