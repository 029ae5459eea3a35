/*
 * shared.c - shared memory without a name.
 *
 * A mapping that is shared with the children of a fork needs a place where its pages are found by whoever touches one
 * first.  This object is that place: a store that is filled on demand.  Its pages go with it, when the last area that
 * refers to it is unmapped.
 */
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <mm/page_store.h>
#include <mm/shared.h>

/* Their numbers begin where neither inodes nor System V identifiers come, so that each says which object is meant. */
#define FIRST_NUMBER 0x80000000u

static uint32_t last_number; /* a */

struct shared {
    uint32_t references; /* a */
    uint32_t number;     /* c */
    struct page_store pages;
};

OBJECT_CACHE(shared_cache, "shared", sizeof(struct shared));

static struct page *shared_page(void *object, uint32_t offset, bool write, int *error)
{
    /* It has no holes: a page that is read is kept. */
    return page_store_fault(&((struct shared *)object)->pages, offset, error);
}

static void shared_get(void *object)
{
    struct shared *shared = object;

    __atomic_fetch_add(&shared->references, 1, __ATOMIC_RELAXED);
}

static void shared_put(void *object)
{
    struct shared *shared = object;

    if (__atomic_sub_fetch(&shared->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    page_store_cut(&shared->pages, 0, PAGE_TREE_MAX);
    cache_free(&shared_cache, shared);
}

static void shared_name(void *object, char *to, size_t size)
{
    strlcpy(to, "[shared]", size);
}

static uint64_t shared_number(void *object)
{
    return ((const struct shared *)object)->number;
}

static const struct backing_ops shared_ops = {
    .page = shared_page,
    .get = shared_get,
    .put = shared_put,
    .name = shared_name,
    .number = shared_number,
};

bool shared_create(uint32_t pages, struct backing *backing)
{
    struct shared *shared = cache_alloc(&shared_cache);

    if (shared == NULL)
        return false;
    shared->references = 1;
    shared->number = FIRST_NUMBER | __atomic_add_fetch(&last_number, 1, __ATOMIC_RELAXED);
    page_store_init(&shared->pages, pages);
    *backing = (struct backing){.ops = &shared_ops, .object = shared};
    return true;
}

bool shared_place(const struct backing *backing, struct page *page)
{
    return page_store_put(&((struct shared *)backing->object)->pages, 0, page);
}

uint32_t shared_touched(const struct backing *backing)
{
    return ((const struct shared *)backing->object)->pages.count;
}
