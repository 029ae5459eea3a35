/*
 * path_open.c - open(): from a path and flags to an open file.
 *
 * Finding the name and making it where it is missing are one step under the directory's lock, so that O_EXCL means what
 * it says.  Types and permissions are checked next, then the inode opens itself (a FIFO may wait there), and only when
 * nothing can fail any more is the file cut.
 *
 * O_SEARCH of a file is O_EXEC: it can be executed, not read.
 *
 * O_TMPFILE, as Linux has it, makes a file without a name: it is gone when its last descriptor is, however its process
 * ends, unless linkat() has given it a name by then.
 */
#include <fs/path_walk.h>

#define KNOWN_FLAGS                                                                                                \
    (O_ACCMODE | O_APPEND | O_CREAT | O_TRUNC | O_EXCL | O_SYNC | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW | \
     O_DIRECTORY | O_SEARCH | O_TMPFILE)

/* What an open file remembers. */
#define KEPT_FLAGS (O_ACCMODE | O_APPEND | O_SYNC | O_NONBLOCK | O_NOCTTY | O_SEARCH)

static bool wants_write(uint32_t flags)
{
    return (flags & O_ACCMODE) != O_RDONLY;
}

/* The inode at the walk's last component, by open()'s rules for creation and links; may be a link that was not
 * followed. */
static int open_look(struct walk *walk, uint32_t flags, uint32_t mode, struct inode **found, bool *made)
{
    struct inode_request request = {.mode = ABI_S_IFREG | mode};
    int error;

    if (flags & O_CREAT && !walk->slash)
        return walk_make(walk, &request, flags & O_EXCL, found, made);
    error = walk_find(walk, found);
    return error == -ENOENT && flags & O_CREAT ? -EISDIR : error; /* Linux open: EISDIR, a slash behind a new name */
}

static int open_find(struct walk *walk, uint32_t flags, uint32_t mode, struct inode **found, bool *made)
{
    for (;;) {
        int error = walk_parent(walk);

        if (error == 0)
            error = open_look(walk, flags, mode, found, made);
        if (error != 0)
            return error;
        if (inode_type(*found) != ABI_S_IFLNK)
            break;
        if (flags & O_NOFOLLOW && !walk->slash) {
            inode_put(*found);
            return -ELOOP; /* POSIX open: ELOOP */
        }
        error = walk_follow(walk, *found);
        if (error != 0)
            return error;
    }
    if (!walk->slash || inode_is_dir(*found))
        return 0;
    inode_put(*found);
    return -ENOTDIR; /* POSIX open: ENOTDIR */
}

/* May the running process open what it found with these flags? */
static int open_check(struct inode *inode, uint32_t flags, bool made)
{
    unsigned want = 0;

    if (inode_is_dir(inode) && (wants_write(flags) || flags & (O_CREAT | O_TRUNC)))
        return -EISDIR; /* POSIX open: EISDIR */
    if (!inode_is_dir(inode) && flags & O_DIRECTORY)
        return -ENOTDIR; /* POSIX open: ENOTDIR */
    if (!inode_is_stored(inode) && flags & O_SEARCH)
        return -EACCES; /* POSIX open: EACCES, only a file can be executed */
    if (made)
        return 0;
    if (flags & O_SEARCH)
        want |= X_OK;
    else if ((flags & O_ACCMODE) != O_WRONLY)
        want |= R_OK;
    if (wants_write(flags) || flags & O_TRUNC)
        want |= W_OK;
    return inode_access(inode, want, false); /* POSIX open: EACCES */
}

/* Takes over the reference of `inode`. */
static struct file *open_inode(struct inode *inode, uint32_t flags, bool made, int *error)
{
    struct file *file = NULL;

    *error = open_check(inode, flags, made);
    if (flags & O_SEARCH && !inode_is_dir(inode))
        flags |= O_ACCMODE;
    if (*error == 0 && (file = file_create(NULL, flags & KEPT_FLAGS, inode, NULL)) == NULL)
        *error = -ENOMEM;
    if (file == NULL) {
        inode_put(inode);
        return NULL;
    }
    if (inode_is_dir(inode))
        file->ops = &directory_file_ops;
    else
        *error = inode->ops->open != NULL ? inode->ops->open(inode, file) : -ENXIO; /* POSIX open: ENXIO */
    if (*error == 0 && flags & O_TRUNC && !made && inode_type(inode) == ABI_S_IFREG)
        *error = inode_truncate(inode, 0);
    if (*error == 0)
        return file;
    file_put(file);
    return NULL;
}

static struct file *open_unnamed(int dirfd, const char *path, uint32_t flags, uint32_t mode, int *error)
{
    struct inode *inode = NULL;

    *error = -EINVAL; /* Linux open: EINVAL */
    if (!wants_write(flags) || flags & (O_CREAT | O_SEARCH))
        return NULL;
    *error = path_make_unnamed(dirfd, path, mode & 07777, &inode);
    if (*error == 0 && flags & O_EXCL)
        inode->linkable = false; /* Linux open: with O_EXCL it stays without a name */
    return *error == 0 ? open_inode(inode, flags & ~O_DIRECTORY, true, error) : NULL;
}

struct file *path_open(int dirfd, const char *path, uint32_t flags, uint32_t mode, int *error)
{
    struct inode *inode = NULL;
    struct walk walk;
    bool made = false;

    *error = -EINVAL; /* POSIX open: EINVAL */
    if (flags & ~KNOWN_FLAGS || (flags & O_ACCMODE) == O_ACCMODE)
        return NULL;
    if (flags & O_TMPFILE)
        return open_unnamed(dirfd, path, flags, mode, error);
    if ((flags & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY))
        return NULL; /* as Linux */
    *error = walk_start(&walk, dirfd, path, 0);
    if (*error == 0)
        *error = open_find(&walk, flags, mode & 07777, &inode, &made);
    walk_end(&walk);
    return *error == 0 ? open_inode(inode, flags, made, error) : NULL;
}
