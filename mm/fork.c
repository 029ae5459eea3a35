/*
 * fork.c - the copy of a space.
 *
 * The tree of areas is copied as it stands.  Then every page that the parent has touched is mapped in the child
 * too; one of a private mapping becomes read-only in both, so that the first of them to write gets a copy (fault.c).
 */
#include <abi/errno.h>
#include <mm/entries.h>
#include <mm/map.h>

/* A copy of the tree below `from`; *failed: no memory, and the copy is a part of it. */
static struct area *areas_copy(const struct area *from, bool *failed)
{
    struct area *copy;

    if (from == NULL || *failed)
        return NULL;
    copy = area_create();
    *failed = copy == NULL;
    if (copy == NULL)
        return NULL;
    *copy = *from;
    copy->flags &= ~AREA_LOCKED; /* POSIX mlock: a child inherits no locks */
    if (copy->backing.ops != NULL)
        copy->backing.ops->get(copy->backing.object);
    copy->left = areas_copy(from->left, failed);
    copy->right = areas_copy(from->right, failed);
    return copy;
}

static int pages_copy(struct space *to, struct space *from, const struct area *area)
{
    int error = 0;

    if (area->left != NULL)
        error = pages_copy(to, from, area->left);
    if (error == 0)
        error = entries_copy(to, from, area);
    if (error == 0 && area->right != NULL)
        error = pages_copy(to, from, area->right);
    return error;
}

/* With the lock of `from` held.  0 or -ENOMEM: the part that was made is in `to`. */
static int space_copy(struct space *to, struct space *from)
{
    bool failed = false;
    int error = 0;

    to->areas = areas_copy(from->areas, &failed);
    if (failed)
        return -ENOMEM;
    to->area_count = from->area_count;
    to->areas_pages = from->areas_pages;
    to->break_start = from->break_start;
    to->break_end = from->break_end;
    to->stack_low = from->stack_low;
    to->arguments_start = from->arguments_start;
    to->arguments_end = from->arguments_end;
    if (from->areas != NULL)
        error = pages_copy(to, from, from->areas);
    tlb_flush_context(&from->mmu);
    return error;
}

struct space *space_fork(struct space *from)
{
    struct space *to = space_create_empty();
    int error;

    if (to == NULL)
        return NULL;
    mutex_lock(&from->lock);
    error = space_copy(to, from);
    mutex_unlock(&from->lock);
    if (error == 0)
        return to;
    space_put(to);
    return NULL;
}
