/*
 * page_store.c - the pages of an object in memory: a radix tree and its mutex.
 *
 * The store holds one reference of each page, a mapping its own.
 */
#include <abi/errno.h>
#include <mm/page_store.h>

static uint32_t total; /* a */

uint32_t page_store_total(void)
{
    return __atomic_load_n(&total, __ATOMIC_RELAXED);
}

static void count_add(struct page_store *store, uint32_t more)
{
    store->count += more;
    __atomic_fetch_add(&total, more, __ATOMIC_RELAXED);
}

void page_store_init(struct page_store *store, uint32_t limit)
{
    mutex_init(&store->lock, "page store");
    store->limit = limit;
}

struct page *page_store_find(struct page_store *store, uint32_t index)
{
    void **slot;
    struct page *page;

    mutex_lock(&store->lock);
    slot = page_tree_find(&store->tree, index);
    page = slot != NULL ? *slot : NULL;
    mutex_unlock(&store->lock);
    return page;
}

/* The page at `index`, where a hole becomes `new`, or a page of zeros where that is NULL.  Locked. */
static struct page *page_at(struct page_store *store, uint32_t index, struct page *new)
{
    void **slot = page_tree_make(&store->tree, index);

    if (slot == NULL)
        return NULL;
    if (*slot == NULL) {
        *slot = new != NULL ? new : page_alloc(0, PAGE_ZERO);
        count_add(store, *slot != NULL);
    }
    return *slot;
}

struct page *page_store_make(struct page_store *store, uint32_t index)
{
    struct page *page;

    mutex_lock(&store->lock);
    page = page_at(store, index, NULL);
    mutex_unlock(&store->lock);
    return page;
}

bool page_store_put(struct page_store *store, uint32_t index, struct page *page)
{
    bool done;

    mutex_lock(&store->lock);
    done = page_at(store, index, page) == page;
    mutex_unlock(&store->lock);
    return done;
}

struct page *page_store_fault(struct page_store *store, uint32_t index, int *error)
{
    struct page *page = NULL;

    mutex_lock(&store->lock);
    *error = -EINVAL;
    if (index < store->limit) {
        *error = -ENOMEM;
        page = page_at(store, index, NULL);
    }
    if (page != NULL)
        page_get(page);
    mutex_unlock(&store->lock);
    return page;
}

uint32_t page_store_next(struct page_store *store, uint32_t index, bool there)
{
    mutex_lock(&store->lock);
    index = page_tree_next(&store->tree, index, there);
    mutex_unlock(&store->lock);
    return index;
}

void page_store_set_limit(struct page_store *store, uint32_t limit)
{
    mutex_lock(&store->lock);
    store->limit = limit;
    mutex_unlock(&store->lock);
}

void page_store_cut(struct page_store *store, uint32_t first, uint32_t end)
{
    mutex_lock(&store->lock);
    count_add(store, -page_tree_cut(&store->tree, first, end));
    mutex_unlock(&store->lock);
}
