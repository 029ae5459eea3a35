/*
 * leak.h - is anything left behind? Free pages and live kernel objects, before and after.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define LEAK_TYPES 64

struct leak_count {
    char name[32];
    long live;
};

/* What the kernel holds at one moment. Pages that an object cache keeps for later are counted as free. */
struct leak_snapshot {
    long free_kb;
    size_t types;
    struct leak_count type[LEAK_TYPES];
};

/* Reads /proc/objects and /proc/meminfo, without a change to what they count; false when they cannot be read. */
bool leak_take(struct leak_snapshot *snapshot);

/*
 * Waits until all that came since `before` is gone again, and at most a minute: what a process leaves to init, and
 * what another CPU is about to free, takes a moment.  Answers NULL, or the difference in words (a static string).
 */
const char *leak_since(const struct leak_snapshot *before);
