/*
 * path_ops.c - making and removing names: mkdir, mknod, symlink, link, unlink, rmdir; readlink, chdir, getcwd.
 *
 * All follow one pattern: walk to the directory of the last component, lock it, look, check everything, change.  What
 * POSIX demands is checked here, for all file systems; they find only requests that they can carry out.
 */
#include <abi/errno.h>
#include <fs/path_walk.h>

/* Owner, group and mode of what is to be made in `dir`: POSIX open, mkdir, mknod. */
static void request_inherit(struct inode_request *request, const struct inode *dir)
{
    const struct credentials *who = credentials_current();

    request->uid = who->euid;
    request->gid = who->egid;
    if (current->process != NULL && (request->mode & ABI_S_IFMT) != ABI_S_IFLNK)
        request->mode &= ~current->process->umask;
    if (!(dir->mode & ABI_S_ISGID))
        return;
    request->gid = dir->gid;
    if ((request->mode & ABI_S_IFMT) == ABI_S_IFDIR)
        request->mode |= ABI_S_ISGID;
}

/* May a name be made in `dir`, which is locked? */
static int may_create(const struct walk *walk, uint32_t mode)
{
    struct inode *dir = walk->dir;

    if (dir->links == 0)
        return -ENOENT; /* it was removed */
    if ((mode & ABI_S_IFMT) != ABI_S_IFDIR && walk->slash)
        return -ENOENT; /* POSIX open: ENOENT */
    if (dir->ops->create == NULL)
        return -EROFS; /* POSIX open, mkdir: EROFS */
    if ((mode & ABI_S_IFMT) == ABI_S_IFDIR && dir->links >= LINK_MAX)
        return -EMLINK; /* POSIX mkdir: EMLINK */
    return inode_access(dir, W_OK, false);
}

/* One more name in `dir`, which is locked; *named is the file, referenced. */
static int make_link(struct inode *dir, struct name name, struct inode *file, struct inode **named)
{
    int error;

    if (dir->device != file->device)
        return -EXDEV; /* POSIX link: EXDEV */
    mutex_lock(&file->lock);
    if (file->links == 0 && !file->linkable)
        error = -ENOENT;
    else if (file->links >= LINK_MAX)
        error = -EMLINK; /* POSIX link: EMLINK */
    else
        error = dir->ops->link != NULL ? dir->ops->link(dir, name, file) : -EROFS;
    mutex_unlock(&file->lock);
    if (error == 0)
        inode_get(file);
    *named = file;
    return error;
}

/* What `request` wants, in `dir`, which is locked. */
static int make_requested(struct inode *dir, struct name name, struct inode_request *request, struct inode **made)
{
    if (request->existing != NULL)
        return make_link(dir, name, request->existing, made);
    request_inherit(request, dir);
    return dir->ops->create(dir, name, request, made);
}

int walk_make(struct walk *walk, struct inode_request *request, bool exclusive, struct inode **found, bool *made)
{
    struct inode *dir = walk->dir;
    int error = 0;

    if (!walk_name_ordinary(walk))
        return exclusive ? -EEXIST : walk_find(walk, found);
    error = walk_search(walk);
    if (error != 0)
        return error;
    mutex_lock(&dir->lock);
    *found = dir->ops->lookup(dir, walk->last, &error);
    if (*found != NULL) {
        error = exclusive ? -EEXIST : 0; /* POSIX open, mkdir, mknod, symlink: EEXIST */
    } else if (error == -ENOENT && (error = may_create(walk, request->mode)) == 0) {
        error = make_requested(dir, walk->last, request, found);
        *made = error == 0;
    }
    mutex_unlock(&dir->lock);
    if (error == -EEXIST)
        inode_put(*found);
    return error;
}

int path_make_unnamed(int dirfd, const char *path, uint32_t mode, struct inode **made)
{
    struct inode_request request = {.mode = ABI_S_IFREG | mode};
    int error;
    struct inode *dir = path_walk(dirfd, path, WALK_FOLLOW, &error);

    if (dir == NULL)
        return error;
    if (!inode_is_dir(dir))
        error = -ENOTDIR;
    else if (dir->ops->create_unnamed == NULL)
        error = -EOPNOTSUPP; /* Linux open: EOPNOTSUPP */
    else
        error = inode_access(dir, W_OK | X_OK, false); /* POSIX open: EACCES */
    if (error == 0) {
        request_inherit(&request, dir);
        *made = dir->ops->create_unnamed(&request);
        error = *made != NULL ? 0 : -ENOSPC; /* POSIX open: ENOSPC */
    }
    inode_put(dir);
    return error;
}

static int path_make(int dirfd, const char *path, struct inode_request *request)
{
    struct inode *made_inode;
    struct walk walk;
    bool made = false;
    int error = walk_to_name(&walk, dirfd, path);

    if (error == 0)
        error = walk_make(&walk, request, true, &made_inode, &made);
    if (error == 0)
        inode_put(made_inode);
    walk_end(&walk);
    return error;
}

int path_mkdir(int dirfd, const char *path, uint32_t mode)
{
    struct inode_request request = {.mode = ABI_S_IFDIR | (mode & 01777)};

    return path_make(dirfd, path, &request);
}

int path_mknod(int dirfd, const char *path, uint32_t mode, uint32_t rdev)
{
    struct inode_request request = {.mode = mode & (ABI_S_IFMT | 07777), .rdev = rdev};

    switch (mode & ABI_S_IFMT) {
    case 0:
        request.mode |= ABI_S_IFREG;
        break;
    case ABI_S_IFREG:
    case ABI_S_IFIFO:
    case ABI_S_IFSOCK:
        break;
    case ABI_S_IFCHR:
    case ABI_S_IFBLK:
        if (!credentials_superuser())
            return -EPERM; /* POSIX mknod: EPERM */
        break;
    default:
        return -EINVAL; /* POSIX mknod: EINVAL */
    }
    return path_make(dirfd, path, &request);
}

int path_symlink(const char *target, int dirfd, const char *path)
{
    struct inode_request request = {.mode = ABI_S_IFLNK | 0777, .target = target};

    if (*target == '\0')
        return -ENOENT; /* Linux symlink: ENOENT */
    return path_make(dirfd, path, &request);
}

int path_link(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
    unsigned how = (flags & AT_SYMLINK_FOLLOW ? WALK_FOLLOW : 0) | (flags & AT_EMPTY_PATH ? WALK_EMPTY : 0);
    struct inode_request request = {.mode = ABI_S_IFREG};
    int error;
    struct inode *target = path_walk(from_fd, from, how, &error);

    if (target == NULL)
        return error;
    request.existing = target;
    if (inode_is_dir(target))
        error = -EPERM; /* POSIX link: EPERM */
    else if (flags & AT_EMPTY_PATH && inode_owned(target) != 0)
        error = -ENOENT; /* Linux linkat: ENOENT; an open file alone is no right to give it a name */
    else
        error = path_make(to_fd, to, &request);
    inode_put(target);
    return error;
}

int walk_may_remove(struct inode *dir, struct inode *target)
{
    uint32_t euid = credentials_current()->euid;
    int error = inode_access(dir, W_OK, false);

    if (error != 0)
        return error;
    if (dir->mode & ABI_S_ISVTX && euid != 0 && euid != dir->uid && euid != target->uid)
        return -EPERM; /* POSIX unlink, rmdir, rename: EPERM in a sticky directory */
    if (dir->device != target->device)
        return -EBUSY; /* POSIX rmdir, rename: EBUSY */
    return dir->ops->unlink != NULL ? 0 : -EROFS;
}

/* Remove the walk's last name, which is `target`; the directory is locked. */
static int unlink_locked(struct walk *walk, struct inode *target, bool directory)
{
    struct inode *dir = walk->dir;
    int error = walk_may_remove(dir, target);

    if (error != 0)
        return error;
    if (!inode_is_dir(target) && (directory || walk->slash))
        return -ENOTDIR; /* POSIX rmdir, unlink: ENOTDIR */
    if (inode_is_dir(target) && !directory)
        return -EPERM; /* POSIX unlink: EPERM */
    mutex_lock(&target->lock);
    error = dir->ops->unlink(dir, walk->last, target);
    mutex_unlock(&target->lock);
    return error;
}

/* unlink() and rmdir() of "/", "." and "..". */
static int unlink_special(const struct walk *walk, bool directory)
{
    if (!directory)
        return -EPERM; /* POSIX unlink: EPERM */
    if (walk->last.length == 0)
        return -EBUSY;                                    /* POSIX rmdir: EBUSY */
    return walk->last.length == 1 ? -EINVAL : -ENOTEMPTY; /* POSIX rmdir: EINVAL */
}

int path_unlink(int dirfd, const char *path, unsigned flags)
{
    bool directory = flags & AT_REMOVEDIR;
    struct inode *target = NULL;
    struct walk walk;
    int error = walk_to_name(&walk, dirfd, path);

    if (error == 0 && !walk_name_ordinary(&walk))
        error = unlink_special(&walk, directory);
    else if (error == 0)
        error = walk_search(&walk);
    if (error == 0) {
        mutex_lock(&walk.dir->lock);
        target = walk.dir->ops->lookup(walk.dir, walk.last, &error);
        if (target != NULL)
            error = unlink_locked(&walk, target, directory);
        mutex_unlock(&walk.dir->lock);
    }
    inode_put(target);
    walk_end(&walk);
    return error;
}

long path_readlink(int dirfd, const char *path, char *to, size_t size)
{
    int error;
    struct inode *inode = path_walk(dirfd, path, WALK_EMPTY, &error);
    long result;

    if (inode == NULL)
        return error;
    if (inode_type(inode) == ABI_S_IFLNK && inode->ops->readlink != NULL)
        result = inode->ops->readlink(inode, to, size);
    else
        result = -EINVAL; /* POSIX readlink: EINVAL */
    inode_put(inode);
    return result;
}

int inode_chdir(struct inode *inode)
{
    int error;

    if (!inode_is_dir(inode))
        return -ENOTDIR; /* POSIX chdir: ENOTDIR */
    error = inode_access(inode, X_OK, false);
    if (error != 0)
        return error; /* POSIX chdir: EACCES */
    inode_get(inode);
    inode_put(path_exchange(current->process, &current->process->cwd, inode));
    return 0;
}

long path_getcwd(char *to, size_t size)
{
    struct inode *cwd = path_cwd();
    long result = inode_path(cwd, to, size);

    inode_put(cwd);
    return result;
}
