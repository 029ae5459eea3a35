/*
 * file_pages.c - the radix tree of a file's pages.
 *
 * A node has 64 slots; the tree is as high as the largest index needs, so a file of one page has no node at all and one
 * of up to 256 KiB has one.  A hole costs nothing.  The tree holds one reference of each page; a mapping holds its own.
 *
 * Locks.  Reads and writes of the file hold the inode's mutex and copy from and to user memory under it.  That copy may
 * fault on a mapping of the same file, so a fault must not want that mutex: the tree has a spinlock of its own, held
 * only for a search or the adding of one page.  A cut needs the mutex; it lowers the limit first, after which no fault
 * reaches what lies behind, and then takes that apart at leisure with no spinlock held.
 *
 * Left out on purpose: a cut does not take pages out of the mappings that have them; those keep the old page.
 */
#include <abi/errno.h>
#include <fs/file_pages.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

#define NODE_BITS 6u
#define NODE_SLOTS (1u << NODE_BITS)

struct page_node {
    void *slots[NODE_SLOTS]; /* nodes; pages at the lowest level */
};

OBJECT_CACHE(node_cache, "page_node", sizeof(struct page_node));

static uint32_t total; /* atomic */

uint32_t file_pages_total(void)
{
    return __atomic_load_n(&total, __ATOMIC_RELAXED);
}

void file_pages_init(struct file_pages *pages)
{
    spin_init(&pages->lock, "file pages", RANK_OBJECT);
}

/* The slot in a node of level `level` (1: its slots hold pages) on the way to `index`. */
static void **node_slot(struct page_node *node, unsigned level, uint32_t index)
{
    return &node->slots[index >> NODE_BITS * (level - 1) & (NODE_SLOTS - 1)];
}

/* Where the page of `index` stands, or NULL: no node reaches it.  Locked. */
static void **slot_find(struct file_pages *pages, uint32_t index)
{
    void **slot = &pages->root;

    if (index >> NODE_BITS * pages->height != 0)
        return NULL;
    for (unsigned level = pages->height; level > 0; level--) {
        if (*slot == NULL)
            return NULL;
        slot = node_slot(*slot, level, index);
    }
    return slot;
}

/* As above, but *spare is put in where a node is missing, and is NULL then; NULL: one was missing and *spare was NULL.
 * Locked. */
static void **slot_make(struct file_pages *pages, uint32_t index, struct page_node **spare)
{
    void **slot = &pages->root;

    while (index >> NODE_BITS * pages->height != 0) {
        if (pages->root != NULL) {
            if (*spare == NULL)
                return NULL;
            (*spare)->slots[0] = pages->root;
            pages->root = *spare;
            *spare = NULL;
        }
        pages->height++;
    }
    for (unsigned level = pages->height; level > 0; level--) {
        if (*slot == NULL) {
            *slot = *spare;
            *spare = NULL;
        }
        if (*slot == NULL)
            return NULL;
        slot = node_slot(*slot, level, index);
    }
    return slot;
}

struct page *file_pages_find(struct file_pages *pages, uint32_t index)
{
    void **slot;
    struct page *page;

    spin_lock(&pages->lock);
    slot = slot_find(pages, index);
    page = slot != NULL ? *slot : NULL;
    spin_unlock(&pages->lock);
    return page;
}

/* One attempt of pages_get(): the page at `index`; NULL: *spare or *page was missing. Locked. */
static struct page *pages_try(struct file_pages *pages, uint32_t index, struct page_node **spare, struct page **page)
{
    void **slot = slot_make(pages, index, spare);

    if (slot == NULL)
        return NULL;
    if (*slot == NULL && *page != NULL) {
        *slot = *page;
        *page = NULL;
        pages->count++;
        __atomic_fetch_add(&total, 1, __ATOMIC_RELAXED);
    }
    return *slot;
}

/*
 * The page at `index`; where there is a hole, *page (NULL: a new one of zeros) is put in and *page set to NULL.  What a
 * try finds missing is allocated without the lock for the next.  `fault`: mind the limit and take a reference.
 */
static struct page *pages_get(struct file_pages *pages, uint32_t index, struct page **page, bool fault, int *error)
{
    struct page_node *spare = NULL;
    struct page *found;

    for (;;) {
        bool want_node;

        spin_lock(&pages->lock);
        *error = fault && index >= pages->limit ? -EINVAL : -ENOMEM;
        found = *error == -ENOMEM ? pages_try(pages, index, &spare, page) : NULL;
        want_node = found == NULL && slot_find(pages, index) == NULL;
        if (found != NULL && fault)
            page_get(found);
        spin_unlock(&pages->lock);
        if (found != NULL || *error != -ENOMEM)
            break;
        if (want_node && (spare = cache_alloc(&node_cache)) == NULL)
            break;
        if (!want_node && (*page = page_alloc(0, PAGE_ZERO)) == NULL)
            break;
    }
    cache_free(&node_cache, spare);
    return found;
}

struct page *file_pages_make(struct file_pages *pages, uint32_t index)
{
    struct page *page = file_pages_find(pages, index), *fresh = NULL;
    int error;

    if (page != NULL)
        return page;
    page = pages_get(pages, index, &fresh, false, &error);
    if (fresh != NULL)
        page_put(fresh);
    return page;
}

bool file_pages_add(struct file_pages *pages, uint32_t index, struct page *page)
{
    int error;

    return pages_get(pages, index, &page, false, &error) != NULL;
}

struct page *file_pages_fault(struct file_pages *pages, uint32_t index, int *error)
{
    struct page *fresh = NULL, *page = pages_get(pages, index, &fresh, true, error);

    if (fresh != NULL)
        page_put(fresh);
    return page;
}

/* Free what the subtree at *slot, of `height` levels, holds from its own index `first` on; answers how many pages. */
static uint32_t subtree_cut(void **slot, unsigned height, uint32_t first)
{
    struct page_node *node = *slot;
    unsigned shift;
    uint32_t cut = 0;

    if (node == NULL)
        return 0;
    if (height == 0) {
        page_put(*slot);
        *slot = NULL;
        return 1;
    }
    shift = NODE_BITS * (height - 1);
    cut += subtree_cut(&node->slots[first >> shift], height - 1, first & ((1u << shift) - 1));
    for (unsigned i = (first >> shift) + 1; i < NODE_SLOTS; i++)
        cut += subtree_cut(&node->slots[i], height - 1, 0);
    if (first == 0) {
        *slot = NULL;
        cache_free(&node_cache, node);
    }
    return cut;
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
    uint32_t limit = pages_for(size), cut = 0;

    file_pages_set_limit(pages, size);
    if (limit >> NODE_BITS * pages->height == 0)
        cut = subtree_cut(&pages->root, pages->height, limit);
    spin_lock(&pages->lock);
    pages->count -= cut;
    __atomic_fetch_sub(&total, cut, __ATOMIC_RELAXED);
    if (pages->root == NULL)
        pages->height = 0;
    spin_unlock(&pages->lock);
    clear_behind(pages, size);
}
