/*
 * page_store.h - the pages of an object in memory, with holes: a file's, or those of memory that processes share.
 */
#pragma once

#include <core/lock.h>
#include <mm/page.h>
#include <mm/page_tree.h>

/*
 * The mutex guards all.  It is taken with a space's lock held, by faults, so no user memory is touched under it.  Pages
 * leave by a cut only: who sees to it that nobody else cuts may use a page that it found without a reference (a file's
 * inode has a mutex for that).
 */
struct page_store {
    struct mutex lock;
    struct page_tree tree;
    uint32_t limit; /* faults at or above this index are refused */
    uint32_t count; /* pages in the tree */
};

/* How many pages all stores have. */
uint32_t page_store_total(void);
/* A zeroed store becomes usable. */
void page_store_init(struct page_store *store, uint32_t limit);
/* The page at `index`, or NULL for a hole. */
struct page *page_store_find(struct page_store *store, uint32_t index);
/* As above, but a hole becomes a page of zeros; NULL: no memory. */
struct page *page_store_make(struct page_store *store, uint32_t index);
/* Put a page, whose reference is handed over, where a hole is.  False: no memory. */
bool page_store_put(struct page_store *store, uint32_t index, struct page *page);
/* For a fault: the page at `index` with a reference, made where there is a hole.  NULL with *error -ENOMEM, or -EINVAL
 * at and above the limit. */
struct page *page_store_fault(struct page_store *store, uint32_t index, int *error);
/* The lowest index from `index` on with a page (`there`) or a hole; PAGE_TREE_MAX: there is none. */
uint32_t page_store_next(struct page_store *store, uint32_t index, bool there);
void page_store_set_limit(struct page_store *store, uint32_t limit);
/* Pages of [first, end) become a hole.  Mappings that have them keep them: space_forget(). */
void page_store_cut(struct page_store *store, uint32_t first, uint32_t end);
