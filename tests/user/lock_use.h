/*
 * lock_use.h - how the kernel's spinlocks were used: /proc/lock_stat, which only a debug kernel has.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct lock_use {
    unsigned rank;
    unsigned long taken, waited;
    unsigned long long total, longest; /* ns */
    char name[32];
};

/* False: this kernel does not count. */
bool lock_use_counted(void);
/* One line of the file; false: there are no more. */
bool lock_use_read(FILE *file, struct lock_use *use);
/* All classes, at most `most`; how many there are. */
int lock_use_all(struct lock_use *uses, int most);
/* The class of that name; all zero: there is none. */
struct lock_use lock_use_of(const char *name);
