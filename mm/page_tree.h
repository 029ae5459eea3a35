/*
 * page_tree.h - a radix tree from the index of a page in a file to the page.  It has no lock; file_pages.h adds that.
 */
#pragma once

#include <stdint.h>

struct page;
struct page_node;

/* All zero: empty. */
struct page_tree {
    void *root;      /* a page where height is 0, else a node; NULL: all is hole */
    unsigned height; /* levels of nodes */
};

#define PAGE_TREE_MAX (1u << 30) /* above every index */

/* Where the page of `index` stands (a struct page *, NULL for a hole), or NULL: no node reaches it. */
void **page_tree_find(struct page_tree *tree, uint32_t index);
/* As above, but where a node is missing *spare is put in, and is NULL then; NULL: one was missing and *spare was NULL
 * (give another, and try again). */
void **page_tree_make(struct page_tree *tree, uint32_t index, struct page_node **spare);
/* Take out and page_put() all pages from index `first` on, with the nodes that nothing else needs; how many pages.  It
 * does not touch what leads to lower indices. */
uint32_t page_tree_cut(struct page_tree *tree, uint32_t first);

struct page_node *page_node_alloc(void); /* NULL: no memory */
void page_node_free(struct page_node *node);
