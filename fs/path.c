/*
 * path.c - the walk along a path, and what a process has of it: working directory, program, umask.
 *
 * A walk stands in a directory and has a rest of the path before it.  Each step takes one component: it needs search
 * permission, locks the directory for the look-up alone, and holds a reference of where it stands.  A symbolic link
 * puts its text in front of the rest, in a buffer of the walk's own, so links cost no recursion.  Slashes behind the
 * last component mean "/.": it must be a directory, and a link there is followed.
 *
 * There is no mount table: the root of another file system stands in its directory like any child (inode.h).
 */
#include <core/syscalls.h>
#include <fs/path_walk.h>
#include <mm/kmalloc.h>

struct inode *path_exchange(struct process *process, struct inode **field, struct inode *inode)
{
    struct inode *old;

    spin_lock(&process->signal_lock);
    old = *field;
    *field = inode;
    spin_unlock(&process->signal_lock);
    return old;
}

struct inode *path_cwd(void)
{
    struct process *process = current->process;
    struct inode *inode;

    spin_lock(&process->signal_lock);
    inode = process->cwd;
    inode_get(inode);
    spin_unlock(&process->signal_lock);
    return inode;
}

void path_begin(struct process *process)
{
    inode_get(root_inode);
    process->cwd = root_inode;
    process->umask = 022;
}

void path_inherit(struct process *child, const struct process *parent)
{
    child->cwd = path_cwd();
    child->umask = parent->umask;
    child->program = parent->program;
    if (child->program != NULL) {
        inode_get(child->program);
        inode_use(child->program, INODE_RUN);
    }
}

void path_set_program(struct process *process, struct inode *program)
{
    struct inode *old = path_exchange(process, &process->program, program);

    if (old != NULL)
        inode_unuse(old, INODE_RUN);
    inode_put(old);
}

void path_forget(struct process *process)
{
    path_set_program(process, NULL);
    inode_put(path_exchange(process, &process->cwd, NULL));
}

long sys_umask(uint32_t mask)
{
    return (long)__atomic_exchange_n(&current->process->umask, mask & 0777, __ATOMIC_RELAXED);
}

struct inode *fd_inode(int fd, int *error)
{
    struct file *file = fd_get(fd);
    struct inode *inode;

    *error = -EBADF; /* POSIX openat, fstat, fchmod, fchown, fchdir: EBADF */
    if (file == NULL)
        return NULL;
    *error = -EINVAL;
    inode = file->inode;
    if (inode != NULL)
        inode_get(inode);
    fd_put(file);
    return inode;
}

/* Where a relative path begins: referenced, or NULL with *error. */
static struct inode *start_inode(int dirfd, int *error)
{
    struct process *process = current->process;

    if (process == NULL) {
        inode_get(root_inode);
        return root_inode;
    }
    if (dirfd == AT_FDCWD)
        return path_cwd();
    return fd_inode(dirfd, error);
}

int walk_start(struct walk *walk, int dirfd, const char *path, unsigned flags)
{
    int error = 0;

    *walk = (struct walk){.rest = path, .flags = flags};
    if (*path == '\0' && !(flags & WALK_EMPTY))
        return -ENOENT; /* POSIX XBD 4.13: ENOENT for an empty path */
    if (*path != '/') {
        walk->dir = start_inode(dirfd, &error);
        return walk->dir != NULL ? 0 : error;
    }
    inode_get(root_inode);
    walk->dir = root_inode;
    return 0;
}

void walk_end(struct walk *walk)
{
    inode_put(walk->dir);
    kfree(walk->text);
}

/* Stand at `next`, whose reference is taken over. */
static void walk_go(struct walk *walk, struct inode *next)
{
    inode_put(walk->dir);
    walk->dir = next;
}

/* Split the next component off the rest. */
static int walk_next(struct walk *walk)
{
    const char *s = walk->rest, *start;

    while (*s == '/')
        s++;
    start = s;
    while (*s != '\0' && *s != '/')
        s++;
    walk->last = (struct name){start, (unsigned)(s - start)};
    walk->slash = *s == '/';
    while (*s == '/')
        s++;
    walk->rest = s;
    return walk->last.length > ABI_NAME_MAX ? -ENAMETOOLONG : 0; /* POSIX XBD 4.13: ENAMETOOLONG */
}

static bool name_is_dot(struct name name)
{
    return name.length == 1 && name.text[0] == '.';
}

static bool name_is_dot_dot(struct name name)
{
    return name.length == 2 && name.text[0] == '.' && name.text[1] == '.';
}

bool walk_name_ordinary(const struct walk *walk)
{
    return walk->last.length != 0 && !name_is_dot(walk->last) && !name_is_dot_dot(walk->last);
}

static struct inode *parent_of(struct inode *dir)
{
    struct inode *parent;

    spin_lock(&inode_names_lock);
    parent = dir->parent;
    inode_get(parent);
    spin_unlock(&inode_names_lock);
    return parent;
}

int walk_search(const struct walk *walk)
{
    if (!inode_is_dir(walk->dir))
        return -ENOTDIR; /* POSIX XBD 4.13: ENOTDIR */
    return inode_access(walk->dir, X_OK, walk->flags & WALK_REAL_IDS);
}

/* No component is left where the path was "/", was empty (WALK_EMPTY), or ended in a link that leads to an inode. */
int walk_find(struct walk *walk, struct inode **found)
{
    struct inode *dir = walk->dir;
    int error = walk->last.length == 0 ? 0 : walk_search(walk);

    if (error != 0)
        return error;
    if (walk->last.length == 0 || name_is_dot(walk->last)) {
        inode_get(dir);
        *found = dir;
    } else if (name_is_dot_dot(walk->last)) {
        *found = parent_of(dir);
    } else {
        mutex_lock(&dir->lock);
        *found = dir->ops->lookup(dir, walk->last, &error);
        mutex_unlock(&dir->lock);
    }
    return *found != NULL ? 0 : error;
}

/* Put the text of `link` before the rest of the path. */
static int walk_splice(struct walk *walk, struct inode *link)
{
    char *text = kmalloc(ABI_PATH_MAX);
    size_t rest = strlen(walk->rest);
    long length;
    int error = -ENAMETOOLONG; /* POSIX XBD 4.13: ENAMETOOLONG */

    if (text == NULL)
        return -ENOMEM;
    length = link->ops->readlink != NULL ? link->ops->readlink(link, text, ABI_PATH_MAX) : -EINVAL;
    if (length < 0)
        error = (int)length;
    if (length < 0 || (size_t)length + 1 + rest >= ABI_PATH_MAX) {
        kfree(text);
        return error;
    }
    if (walk->slash)
        text[length++] = '/';
    memcpy(text + length, walk->rest, rest + 1);
    kfree(walk->text);
    walk->text = text;
    walk->rest = text;
    if (*text == '/') {
        inode_get(root_inode);
        walk_go(walk, root_inode);
    }
    return 0;
}

/* Go straight to the inode that `link` leads to. */
static int walk_jump(struct walk *walk, struct inode *link)
{
    int error = 0;
    struct inode *target = link->ops->target(link, &error);

    if (target == NULL)
        return error;
    walk_go(walk, target);
    return walk->slash && !inode_is_dir(target) ? -ENOTDIR : 0;
}

int walk_follow(struct walk *walk, struct inode *link)
{
    int error;

    if (++walk->links > ABI_SYMLOOP_MAX)
        error = -ELOOP; /* POSIX XBD 4.13: ELOOP */
    else if (link->ops->target != NULL)
        error = walk_jump(walk, link);
    else
        error = walk_splice(walk, link);
    inode_put(link);
    return error;
}

int walk_parent(struct walk *walk)
{
    for (;;) {
        struct inode *next;
        int error = walk_next(walk);

        if (error != 0 || *walk->rest == '\0')
            return error;
        error = walk_find(walk, &next);
        if (error == 0 && inode_type(next) == ABI_S_IFLNK)
            error = walk_follow(walk, next);
        else if (error == 0)
            walk_go(walk, next);
        if (error != 0)
            return error;
    }
}

int walk_to_name(struct walk *walk, int dirfd, const char *path)
{
    int error = walk_start(walk, dirfd, path, 0);

    return error != 0 ? error : walk_parent(walk);
}

/* The inode at the end of the path. */
static int walk_to_end(struct walk *walk, struct inode **found)
{
    for (;;) {
        int error = walk_parent(walk);

        if (error == 0)
            error = walk_find(walk, found);
        if (error != 0)
            return error;
        if (inode_type(*found) != ABI_S_IFLNK || !(walk->flags & WALK_FOLLOW || walk->slash))
            break;
        error = walk_follow(walk, *found);
        if (error != 0)
            return error;
    }
    if (!walk->slash || inode_is_dir(*found))
        return 0;
    inode_put(*found);
    return -ENOTDIR; /* POSIX XBD 4.13: ENOTDIR */
}

struct inode *path_walk(int dirfd, const char *path, unsigned flags, int *error)
{
    struct inode *found = NULL;
    struct walk walk;

    *error = walk_start(&walk, dirfd, path, flags);
    if (*error == 0)
        *error = walk_to_end(&walk, &found);
    walk_end(&walk);
    return *error == 0 ? found : NULL;
}
