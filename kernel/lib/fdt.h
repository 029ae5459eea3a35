/*
 * fdt.h - a reader of flattened device trees (Devicetree Specification v0.3, chapter 5); it changes nothing, allocates
 * nothing and trusts no length in the blob.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fdt {
    const uint8_t *structure, *strings;
    uint32_t structure_size, strings_size, total_size;
};

/* A node is the offset of its FDT_BEGIN_NODE token in the structure block; FDT_NONE stands for none. */
#define FDT_NONE (~0u)

/* Check the header of the blob at `blob` (which is readable for `limit` bytes).  Answers false for a bad one. */
bool fdt_open(struct fdt *fdt, const void *blob, size_t limit);

uint32_t fdt_root(const struct fdt *fdt);
/* The next node in document order whose `compatible` holds `name`, after `after` (FDT_NONE: from the start). */
uint32_t fdt_next_compatible(const struct fdt *fdt, uint32_t after, const char *name);
/* The next node in document order whose device_type is `type`. */
uint32_t fdt_next_type(const struct fdt *fdt, uint32_t after, const char *type);
/* The first node in document order with that name, with or without its unit address, or FDT_NONE. */
uint32_t fdt_named(const struct fdt *fdt, const char *name);
/* A property's bytes and their length, or NULL. */
const void *fdt_property(const struct fdt *fdt, uint32_t node, const char *name, uint32_t *length);
/* Cell `index` of a property, big-endian, or `otherwise` where it is missing. */
uint32_t fdt_cell(const struct fdt *fdt, uint32_t node, const char *name, unsigned index, uint32_t otherwise);
/* Entry `index` of the node's `reg`, by the parent's #address-cells and #size-cells.  False where there is none. */
bool fdt_reg(const struct fdt *fdt, uint32_t node, unsigned index, uint64_t *address, uint64_t *size);
/* A string property that ends in a 0 byte, or NULL. */
const char *fdt_string(const struct fdt *fdt, uint32_t node, const char *name);
