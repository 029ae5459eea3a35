/*
 * file_pages.h - the pages of a file in memory, with holes, for readers, writers and page faults at once.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <core/lock.h>
#include <fs/page_tree.h>
#include <mm/page.h>

/*
 * The spinlock guards all.  Whoever holds the inode's mutex too (m) may be sure that no page leaves; faults take the
 * spinlock alone, and only ever add pages below `limit`.
 */
struct file_pages {
    struct spinlock lock;
    struct page_tree tree;
    uint32_t limit;  /* faults at or above this index are refused; changed with m held */
    uint32_t count;  /* pages in the tree */
    uint32_t mapped; /* a  areas that map the file */
};

#define FILE_PAGES_MAX (1u << 28) /* 1 TiB */

/* How many pages all files have. */
uint32_t file_pages_total(void);
void file_pages_init(struct file_pages *pages);
/* The page at `index`, or NULL for a hole.  m. */
struct page *file_pages_find(struct file_pages *pages, uint32_t index);
/* As above, but a hole becomes a page of zeros; NULL: no memory.  m. */
struct page *file_pages_make(struct file_pages *pages, uint32_t index);
/* Put a page, whose reference is handed over, where a hole is.  False: no memory.  m. */
bool file_pages_add(struct file_pages *pages, uint32_t index, struct page *page);
/* For a fault: the page at `index` with a reference, made where there is a hole.  NULL with *error -ENOMEM, or -EINVAL
 * at and above the limit. */
struct page *file_pages_fault(struct file_pages *pages, uint32_t index, int *error);
/* The file grows to `size` bytes: faults may reach so far.  m. */
void file_pages_set_limit(struct file_pages *pages, uint64_t size);
/* The file is to be `size` bytes long: set the limit, drop pages that lie behind, clear the rest of the last.  m, or
 * nobody else knows the file any more. */
void file_pages_resize(struct file_pages *pages, uint64_t size);
