/*
 * shared.c - shared memory without a name.
 *
 * A mapping that is shared with the children of a fork needs a place where its pages are found by whoever touches one
 * first.  This object is that place: a table of tables of pages, filled on demand.  Its pages go with it, when the last
 * area that refers to it is unmapped.
 *
 * Its mutex guards the tables; it is taken with a space's lock held.
 */
#include <mm/shared.h>

#include <abi/errno.h>
#include <core/lock.h>
#include <lib/string.h>
#include <mm/kmalloc.h>
#include <mm/page.h>

#define PER_TABLE (PAGE_SIZE / sizeof(struct page *))

/* Their numbers begin where neither inodes nor System V identifiers come, so that each says which object is meant. */
#define FIRST_NUMBER 0x80000000u

static uint32_t last_number; /* a */

struct shared {
    uint32_t references; /* a */
    uint32_t number;
    uint32_t pages;
    uint32_t touched;
    struct mutex lock;
    struct page **tables[]; /* NULL: none of its pages was touched */
};

static uint32_t table_count(uint32_t pages)
{
    return (pages + PER_TABLE - 1) / PER_TABLE;
}

/* Where the page at `offset` is kept, or NULL: no memory. */
static struct page **shared_slot(struct shared *shared, uint32_t offset)
{
    struct page ***table = &shared->tables[offset / PER_TABLE];

    if (*table == NULL)
        *table = kmalloc(PAGE_SIZE);
    return *table == NULL ? NULL : *table + offset % PER_TABLE;
}

static struct page *shared_page(void *object, uint32_t offset, bool write, int *error)
{
    struct shared *shared = object;
    struct page **slot, *page = NULL;

    (void)write; /* it has no holes: a page that is read is kept */
    *error = offset < shared->pages ? -ENOMEM : -EINVAL;
    if (offset >= shared->pages)
        return NULL;
    mutex_lock(&shared->lock);
    slot = shared_slot(shared, offset);
    if (slot != NULL) {
        if (*slot == NULL && (*slot = page_alloc(0, PAGE_ZERO)) != NULL)
            shared->touched++;
        page = *slot;
        if (page != NULL)
            page_get(page);
    }
    mutex_unlock(&shared->lock);
    return page;
}

static void shared_get(void *object)
{
    struct shared *shared = object;

    __atomic_fetch_add(&shared->references, 1, __ATOMIC_RELAXED);
}

static void shared_free_table(struct page **table)
{
    if (table == NULL)
        return;
    for (unsigned i = 0; i < PER_TABLE; i++)
        if (table[i] != NULL)
            page_put(table[i]);
    kfree(table);
}

static void shared_put(void *object)
{
    struct shared *shared = object;

    if (__atomic_sub_fetch(&shared->references, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    for (uint32_t i = 0; i < table_count(shared->pages); i++)
        shared_free_table(shared->tables[i]);
    kfree(shared);
}

static void shared_name(void *object, char *to, size_t size)
{
    (void)object;
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
    struct shared *shared = kmalloc(sizeof(*shared) + table_count(pages) * sizeof(shared->tables[0]));

    if (shared == NULL)
        return false;
    shared->references = 1;
    shared->number = FIRST_NUMBER | __atomic_add_fetch(&last_number, 1, __ATOMIC_RELAXED);
    shared->pages = pages;
    mutex_init(&shared->lock, "shared");
    *backing = (struct backing){.ops = &shared_ops, .object = shared};
    return true;
}

bool shared_place(const struct backing *backing, struct page *page)
{
    struct page **slot = shared_slot(backing->object, 0);

    if (slot != NULL)
        *slot = page;
    return slot != NULL;
}

uint32_t shared_touched(const struct backing *backing)
{
    return ((const struct shared *)backing->object)->touched;
}
