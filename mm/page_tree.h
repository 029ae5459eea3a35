/*
 * page_tree.h - a radix tree from the index of a page in an object to the page.  It has no lock; page_store.h adds one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct page;

/* All zero: empty. */
struct page_tree {
    void *root;      /* a page where height is 0, else a node; NULL: all is hole */
    unsigned height; /* levels of nodes */
};

#define PAGE_TREE_MAX (1u << 30) /* above every index */

/* Where the page of `index` stands (a struct page *, NULL for a hole), or NULL: no node reaches it. */
void **page_tree_find(struct page_tree *tree, uint32_t index);
/* As above, but with the nodes that were missing; NULL: no memory. */
void **page_tree_make(struct page_tree *tree, uint32_t index);
/* The lowest index from `index` on with a page (`there`) or without one; PAGE_TREE_MAX: there is none. */
uint32_t page_tree_next(struct page_tree *tree, uint32_t index, bool there);
/* Take out and page_put() all pages of [first, end), with the nodes that then lead nowhere; how many pages.  A node
 * whose slots are not all in the range stays. */
uint32_t page_tree_cut(struct page_tree *tree, uint32_t first, uint32_t end);
