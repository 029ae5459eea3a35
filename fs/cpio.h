/*
 * cpio.h - reading cpio archives of the "newc" format.  It allocates nothing and trusts no field; it runs on the host
 * too.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cpio {
    const uint8_t *start;
    size_t size, at; /* `at`: where the next entry begins */
    bool ended;      /* the last entry was a trailer */
};

/* A header's fields in its order. */
struct cpio_fields {
    uint32_t number, mode, uid, gid, links, mtime, size;
    uint32_t device_major, device_minor; /* of the file system that the file was on */
    uint32_t rdev_major, rdev_minor;
    uint32_t name_size, sum;
};

struct cpio_entry {
    size_t offset; /* where it stands in the archive, for messages */
    struct cpio_fields fields;
    const char *name; /* a 0 byte ends it */
    const uint8_t *data;
};

/* The next entry; 1: found, 0: the end, -1: the archive is corrupt, *problem says how.  Trailers are passed over, and
 * so are zeros behind them. */
int cpio_next(struct cpio *cpio, struct cpio_entry *entry, const char **problem);
