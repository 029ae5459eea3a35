/*
 * file_pages.c - the pages of a file: a radix tree and who may touch it when.
 *
 * Reads and writes of the file hold the inode's mutex and copy from and to user memory under it.  That copy may fault
 * on a mapping of the same file, so a fault must not want that mutex: the tree has a spinlock of its own, held only
 * for a search or the adding of one page.  A cut needs the mutex; it lowers the limit first, after which no fault
 * reaches what lies behind, and then takes that apart at leisure with no spinlock held.
 *
 * The tree holds one reference of each page, a mapping its own.
 *
 * Left out on purpose: a cut does not take pages out of the mappings that have them; those keep the old page.
 */
#include <abi/errno.h>
#include <fs/file_pages.h>
#include <lib/string.h>

static uint32_t total; /* atomic */

uint32_t file_pages_total(void)
{
    return __atomic_load_n(&total, __ATOMIC_RELAXED);
}

void file_pages_init(struct file_pages *pages)
{
    spin_init(&pages->lock, "file pages", RANK_OBJECT);
}

struct page *file_pages_find(struct file_pages *pages, uint32_t index)
{
    void **slot;
    struct page *page;

    spin_lock(&pages->lock);
    slot = page_tree_find(&pages->tree, index);
    page = slot != NULL ? *slot : NULL;
    spin_unlock(&pages->lock);
    return page;
}

/* What an attempt to find or make a page has at hand, and what it lacked. */
struct attempt {
    struct page_node *node; /* used where the tree lacks one */
    struct page *page;      /* put where a hole is */
    bool wants_node;
};

/* The page at `index`, or NULL: try again with what was missing.  Locked. */
static struct page *page_try(struct file_pages *pages, uint32_t index, struct attempt *attempt)
{
    void **slot = page_tree_make(&pages->tree, index, &attempt->node);

    attempt->wants_node = slot == NULL;
    if (slot == NULL)
        return NULL;
    if (*slot == NULL && attempt->page != NULL) {
        *slot = attempt->page;
        attempt->page = NULL;
        pages->count++;
        __atomic_fetch_add(&total, 1, __ATOMIC_RELAXED);
    }
    return *slot;
}

/* Allocate what the attempt lacked, without the lock.  False: no memory. */
static bool attempt_supply(struct attempt *attempt)
{
    if (attempt->wants_node)
        attempt->node = page_node_alloc();
    else
        attempt->page = page_alloc(0, PAGE_ZERO);
    return attempt->wants_node ? attempt->node != NULL : attempt->page != NULL;
}

/* The page at `index`, made where there is a hole; with `fault` below the limit alone, and with a reference. */
static struct page *pages_get(struct file_pages *pages, uint32_t index, struct attempt *attempt, bool fault, int *error)
{
    struct page *page;

    do {
        spin_lock(&pages->lock);
        *error = fault && index >= pages->limit ? -EINVAL : -ENOMEM;
        page = *error == -ENOMEM ? page_try(pages, index, attempt) : NULL;
        if (page != NULL && fault)
            page_get(page);
        spin_unlock(&pages->lock);
    } while (page == NULL && *error == -ENOMEM && attempt_supply(attempt));
    page_node_free(attempt->node);
    return page;
}

/* The same with nothing at hand. */
static struct page *pages_get_or_make(struct file_pages *pages, uint32_t index, bool fault, int *error)
{
    struct attempt attempt = {0};
    struct page *page = pages_get(pages, index, &attempt, fault, error);

    if (attempt.page != NULL)
        page_put(attempt.page); /* somebody else was faster */
    return page;
}

struct page *file_pages_make(struct file_pages *pages, uint32_t index)
{
    int error;

    return pages_get_or_make(pages, index, false, &error);
}

bool file_pages_add(struct file_pages *pages, uint32_t index, struct page *page)
{
    struct attempt attempt = {.page = page};
    int error;

    return pages_get(pages, index, &attempt, false, &error) == page;
}

struct page *file_pages_fault(struct file_pages *pages, uint32_t index, int *error)
{
    return pages_get_or_make(pages, index, true, error);
}

static void clear_behind(struct file_pages *pages, uint64_t size)
{
    uint32_t used = (uint32_t)size & (PAGE_SIZE - 1);
    struct page *page = used != 0 ? file_pages_find(pages, (uint32_t)(size >> PAGE_SHIFT)) : NULL;

    if (page != NULL)
        memset((char *)page_address(page) + used, 0, PAGE_SIZE - used);
}

static uint32_t pages_for(uint64_t size)
{
    return (uint32_t)((size + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

void file_pages_set_limit(struct file_pages *pages, uint64_t size)
{
    spin_lock(&pages->lock);
    pages->limit = pages_for(size);
    spin_unlock(&pages->lock);
}

void file_pages_resize(struct file_pages *pages, uint64_t size)
{
    uint32_t cut;

    file_pages_set_limit(pages, size);
    cut = page_tree_cut(&pages->tree, pages_for(size));
    __atomic_fetch_sub(&total, cut, __ATOMIC_RELAXED);
    spin_lock(&pages->lock);
    pages->count -= cut;
    if (pages->tree.root == NULL)
        pages->tree.height = 0;
    spin_unlock(&pages->lock);
    clear_behind(pages, size);
}
