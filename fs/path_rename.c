/*
 * path_rename.c - rename(), the one call that changes two directories at once.
 *
 * Locks.  Renames go one at a time (rename_lock), so the shape of the tree stands still meanwhile: nothing else moves a
 * directory.  Then both directories are locked, an ancestor before its descendant, else
 * by address; then what moves and what is replaced, by address.  All other calls lock downwards along one path, so no
 * circle can form.
 */
#include <core/syscalls.h>
#include <fs/path_walk.h>

static struct mutex rename_lock = MUTEX_INIT(rename_lock, "rename");

struct rename {
    struct walk from, to;
    struct inode *moved, *over; /* over: NULL, or what stands at the new name */
};

/* Is `above` the directory `below`, or one above it?  rename_lock held. */
static bool is_above(const struct inode *above, const struct inode *below)
{
    while (below != above && below != below->parent && below->parent != NULL)
        below = below->parent;
    return below == above;
}

static void lock_two(struct inode *a, struct inode *b, bool a_first)
{
    mutex_lock(a_first ? &a->lock : &b->lock);
    if (a != b)
        mutex_lock(a_first ? &b->lock : &a->lock);
}

static void unlock_two(struct inode *a, struct inode *b)
{
    mutex_unlock(&a->lock);
    if (a != b)
        mutex_unlock(&b->lock);
}

static void lock_dirs(struct inode *from, struct inode *to)
{
    bool from_first = is_above(from, to) || (!is_above(to, from) && from < to);

    lock_two(from, to, from_first);
}

/* The types of both, and trailing slashes, fit together. */
static int check_types(const struct rename *rename)
{
    bool moves_dir = inode_is_dir(rename->moved);

    if (!moves_dir && (rename->from.slash || rename->to.slash))
        return -ENOTDIR; /* POSIX rename: ENOTDIR */
    if (rename->over == NULL)
        return 0;
    if (moves_dir && !inode_is_dir(rename->over))
        return -ENOTDIR; /* POSIX rename: ENOTDIR */
    if (!moves_dir && inode_is_dir(rename->over))
        return -EISDIR; /* POSIX rename: EISDIR */
    return 0;
}

/* No directory may come to lie in itself. */
static int check_tree(const struct rename *rename)
{
    if (inode_is_dir(rename->moved) && is_above(rename->moved, rename->to.dir))
        return -EINVAL; /* POSIX rename: EINVAL */
    if (rename->over != NULL && inode_is_dir(rename->over) && is_above(rename->over, rename->from.dir))
        return -ENOTEMPTY; /* POSIX rename: ENOTEMPTY */
    return 0;
}

static int check_permissions(const struct rename *rename)
{
    struct inode *from = rename->from.dir, *to = rename->to.dir;
    int error = walk_may_remove(from, rename->moved);

    if (error == 0)
        error = rename->over != NULL ? walk_may_remove(to, rename->over) : inode_access(to, W_OK, false);
    if (error != 0)
        return error;
    if (to->links == 0)
        return -ENOENT; /* it was removed */
    if (!inode_is_dir(rename->moved) || from == to)
        return 0;
    if (rename->over == NULL && to->links >= LINK_MAX)
        return -EMLINK;                              /* POSIX rename: EMLINK */
    return inode_access(rename->moved, W_OK, false); /* its ".." changes; POSIX rename: EACCES */
}

/* Both directories are locked; looks the names up and leaves the references in *rename. */
static int rename_locked(struct rename *rename)
{
    struct inode *from = rename->from.dir, *to = rename->to.dir;
    int error = 0;

    rename->moved = from->ops->lookup(from, rename->from.last, &error);
    if (rename->moved == NULL)
        return error; /* POSIX rename: ENOENT */
    rename->over = to->ops->lookup(to, rename->to.last, &error);
    if (rename->over == NULL && error != -ENOENT)
        return error;
    error = check_tree(rename);
    if (error == 0)
        error = check_permissions(rename);
    if (error == 0)
        error = check_types(rename);
    if (error != 0 || rename->moved == rename->over)
        return error; /* two names of one file: nothing happens, says POSIX */
    if (rename->over != NULL)
        lock_two(rename->moved, rename->over, rename->moved < rename->over);
    else
        mutex_lock(&rename->moved->lock);
    error = from->ops->rename != NULL
                ? from->ops->rename(from, rename->from.last, to, rename->to.last, rename->moved, rename->over)
                : -EROFS; /* POSIX rename: EROFS */
    unlock_two(rename->moved, rename->over != NULL ? rename->over : rename->moved);
    return error;
}

/* Both walks stand in their directories. */
static int rename_found(struct rename *rename)
{
    struct inode *from = rename->from.dir, *to = rename->to.dir;
    int error = walk_search(&rename->from);

    if (error == 0)
        error = walk_search(&rename->to);
    if (error != 0)
        return error;
    if (!walk_name_ordinary(&rename->from) || !walk_name_ordinary(&rename->to))
        return rename->from.last.length == 0 || rename->to.last.length == 0 ? -EBUSY : -EINVAL; /* POSIX rename */
    if (from->device != to->device)
        return -EXDEV; /* POSIX rename: EXDEV */
    mutex_lock(&rename_lock);
    lock_dirs(from, to);
    error = rename_locked(rename);
    unlock_two(from, to);
    mutex_unlock(&rename_lock);
    inode_put(rename->moved);
    inode_put(rename->over);
    return error;
}

long sys_renameat(int from_fd, uaddr_t from, int to_fd, uaddr_t to)
{
    char from_path[ABI_PATH_MAX], to_path[ABI_PATH_MAX];
    struct rename rename = {0};
    int error = path_copy_two(from_path, from, to_path, to);

    if (error == 0)
        error = walk_to_name(&rename.from, from_fd, from_path);
    if (error == 0)
        error = walk_to_name(&rename.to, to_fd, to_path);
    if (error == 0)
        error = rename_found(&rename);
    walk_end(&rename.to);
    walk_end(&rename.from);
    return error;
}
