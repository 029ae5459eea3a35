/*
 * boot_info.h - what the device tree said: memory, CPUs, boot arguments.  Filled once at boot, then constant.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <lib/fdt.h>

struct memory_range {
    uint64_t start, end; /* physical */
};

struct boot_info {
    struct fdt fdt;
    struct memory_range ram[4]; /* in address order */
    unsigned ram_count;
    struct memory_range initrd; /* empty: none */
    struct memory_range tree;   /* the device tree blob itself */
    struct memory_range kernel; /* the image with its bss */
    const char *arguments;      /* /chosen/bootargs, "" where there is none */
};

extern struct boot_info boot_info;

/* Fill it in from the blob at `tree` (in the linear map, readable for `limit` bytes).  Called once, with the linear map
 * on.  False: no device tree, or it names no memory. */
bool boot_info_read(const void *tree, uint32_t limit);

/* Look up "name" or "name=value".  Copies the value, cut to `size` ("" for a bare word).  False: it is not given. */
bool boot_argument(const char *name, char *value, unsigned size);
