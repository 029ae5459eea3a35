/*
 * path_ops.c - making and removing names: mkdir, mknod, symlink, link, unlink, rmdir; readlink, chdir, getcwd.
 *
 * All follow one pattern: walk to the directory of the last component, lock it, look, check everything, change.  What
 * POSIX demands is checked here, for all file systems; they find only requests that they can carry out.
 */
#include <core/syscalls.h>
#include <fs/path_walk.h>
#include <mm/kmalloc.h>

#define CWD_MAX 65536u /* the longest path that getcwd() makes: a working directory may be deeper than ABI_PATH_MAX */

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

/* Make it; the inode is the caller's, referenced. */
static int path_make_inode(int dirfd, const char *path, struct inode_request *request, struct inode **made_inode)
{
    struct walk walk;
    bool made = false;
    int error = walk_to_name(&walk, dirfd, path);

    if (error == 0)
        error = walk_make(&walk, request, true, made_inode, &made);
    walk_end(&walk);
    return error;
}

static int path_make(int dirfd, const char *path, struct inode_request *request)
{
    struct inode *made;
    int error = path_make_inode(dirfd, path, request, &made);

    if (error == 0)
        inode_put(made);
    return error;
}

int path_make_socket(const char *path, uint32_t mode, struct inode **made)
{
    struct inode_request request = {.mode = ABI_S_IFSOCK | mode};

    return path_make_inode(AT_FDCWD, path, &request, made);
}

int path_mkdir(int dirfd, const char *path, uint32_t mode)
{
    struct inode_request request = {.mode = ABI_S_IFDIR | (mode & 01777)};

    return path_make(dirfd, path, &request);
}

long sys_mkdirat(int dirfd, uaddr_t address, uint32_t mode)
{
    char path[ABI_PATH_MAX];
    int error = path_copy(path, address);

    return error != 0 ? error : path_mkdir(dirfd, path, mode);
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

long sys_mknodat(int dirfd, uaddr_t address, uint32_t mode, uint32_t rdev)
{
    char path[ABI_PATH_MAX];
    int error = path_copy(path, address);

    return error != 0 ? error : path_mknod(dirfd, path, mode, rdev);
}

int path_symlink(const char *target, int dirfd, const char *path)
{
    struct inode_request request = {.mode = ABI_S_IFLNK | 0777, .target = target};

    if (*target == '\0')
        return -ENOENT; /* Linux symlink: ENOENT */
    return path_make(dirfd, path, &request);
}

long sys_symlinkat(uaddr_t target, int dirfd, uaddr_t address)
{
    char text[ABI_PATH_MAX], path[ABI_PATH_MAX];
    int error = path_copy_two(text, target, path, address);

    return error != 0 ? error : path_symlink(text, dirfd, path);
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

long sys_linkat(int from_fd, uaddr_t from, int to_fd, uaddr_t to, int flags)
{
    char from_path[ABI_PATH_MAX], to_path[ABI_PATH_MAX];
    int error;

    if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
        return -EINVAL; /* POSIX linkat: EINVAL */
    error = path_copy_two(from_path, from, to_path, to);
    return error != 0 ? error : path_link(from_fd, from_path, to_fd, to_path, (unsigned)flags);
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

long sys_unlinkat(int dirfd, uaddr_t address, int flags)
{
    char path[ABI_PATH_MAX];
    int error;

    if (flags & ~AT_REMOVEDIR)
        return -EINVAL; /* POSIX unlinkat: EINVAL */
    error = path_copy(path, address);
    return error != 0 ? error : path_unlink(dirfd, path, (unsigned)flags);
}

long sys_readlinkat(int dirfd, uaddr_t address, uaddr_t buffer, uint32_t size)
{
    char text[ABI_PATH_MAX];
    int error;
    struct inode *inode = inode_at(dirfd, address, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW, AT_SYMLINK_NOFOLLOW, &error);
    long length = -EINVAL; /* POSIX readlink: EINVAL; Linux readlink: EINVAL, no room */

    if (inode == NULL)
        return error;
    if (size != 0 && inode_type(inode) == ABI_S_IFLNK && inode->ops->readlink != NULL)
        length = inode->ops->readlink(inode, text, size < sizeof(text) ? size : sizeof(text));
    inode_put(inode);
    return length > 0 && copy_to_user(buffer, text, (size_t)length) != 0 ? -EFAULT : length;
}

long sys_chdir(int dirfd, uaddr_t path, int flags)
{
    int error;
    struct inode *inode = inode_at(dirfd, path, flags, 0, &error);

    if (inode == NULL)
        return error;
    error = inode_is_dir(inode) ? inode_access(inode, X_OK, false) : -ENOTDIR; /* POSIX chdir: EACCES, ENOTDIR */
    if (error == 0)
        inode = path_exchange(current->process, &current->process->cwd, inode);
    inode_put(inode);
    return error;
}

long sys_getcwd(uaddr_t buffer, uint32_t size)
{
    size_t room = size < CWD_MAX ? size : CWD_MAX;
    struct inode *cwd;
    char *path;
    long length;

    if (size == 0)
        return -EINVAL; /* POSIX getcwd: EINVAL */
    path = kmalloc(room);
    if (path == NULL)
        return -ENOMEM; /* POSIX getcwd: ENOMEM */
    cwd = path_cwd();
    length = inode_path(cwd, path, room); /* POSIX getcwd: ERANGE, ENOENT */
    inode_put(cwd);
    if (length == -ERANGE && room < size)
        length = -ENAMETOOLONG; /* Linux getcwd: ENAMETOOLONG */
    if (length > 0 && copy_to_user(buffer, path, (size_t)length) != 0)
        length = -EFAULT;
    kfree(path);
    return length;
}
