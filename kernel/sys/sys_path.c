/*
 * sys_path.c - decoders of the system calls on names.
 *
 * Paths are copied to the kernel first, so that nobody changes them while they are walked.
 */
#include <abi/errno.h>
#include <abi/signal.h>
#include <fs/fs.h>
#include <fs/path.h>
#include <ipc/signal.h>
#include <mm/kmalloc.h>
#include <mm/page.h>
#include <core/syscalls.h>

#define CWD_MAX 65536u /* the longest path that getcwd() makes: a working directory may be deeper than ABI_PATH_MAX */

/* 0, -EFAULT or -ENAMETOOLONG. */
static int copy_path(char path[ABI_PATH_MAX], uaddr_t from)
{
    long length = copy_string_from_user(path, from, ABI_PATH_MAX);

    return length < 0 ? (int)length : 0;
}

/*
 * The referenced inode that a call of the *at kind means, or NULL with *error: what stands at the path; with
 * AT_EMPTY_PATH and no path at all, the open file `dirfd`.  `known` are the flags that the call has.
 */
static struct inode *inode_at(int dirfd, uaddr_t address, int flags, int known, int *error)
{
    unsigned walk = (flags & AT_SYMLINK_NOFOLLOW ? 0 : WALK_FOLLOW) | (flags & AT_EMPTY_PATH ? WALK_EMPTY : 0);
    char path[ABI_PATH_MAX];

    *error = flags & ~(known | AT_EMPTY_PATH) ? -EINVAL : 0; /* POSIX fstatat, fchmodat, fchownat, utimensat: EINVAL */
    if (*error == 0 && address == 0 && flags & AT_EMPTY_PATH)
        return fd_inode(dirfd, error);
    if (*error == 0)
        *error = copy_path(path, address);
    if (known & AT_EACCESS && !(flags & AT_EACCESS))
        walk |= WALK_REAL_IDS;
    return *error == 0 ? path_walk(dirfd, path, walk, error) : NULL;
}

long sys_fstatat(int dirfd, uaddr_t path, uaddr_t address, int flags)
{
    struct abi_stat stat;
    int error;
    struct inode *inode = inode_at(dirfd, path, flags, AT_SYMLINK_NOFOLLOW, &error);

    if (inode == NULL)
        return error;
    inode_stat(inode, &stat);
    inode_put(inode);
    return copy_to_user(address, &stat, sizeof(stat));
}

long sys_faccessat(int dirfd, uaddr_t path, int mode, int flags)
{
    int error;
    struct inode *inode = inode_at(dirfd, path, flags, AT_EACCESS | AT_SYMLINK_NOFOLLOW, &error);

    if (inode == NULL)
        return error;
    if (mode & ~(R_OK | W_OK | X_OK))
        error = -EINVAL; /* POSIX faccessat: EINVAL */
    else
        error = inode_access(inode, (unsigned)mode, !(flags & AT_EACCESS));
    if (error == 0 && mode & W_OK && inode->device == DEVICE_PROCFS)
        error = -EROFS; /* POSIX access: EROFS */
    inode_put(inode);
    return error;
}

long sys_fchmodat(int dirfd, uaddr_t path, uint32_t mode, int flags)
{
    int error;
    struct inode *inode = inode_at(dirfd, path, flags, AT_SYMLINK_NOFOLLOW, &error);

    if (inode == NULL)
        return error;
    if (inode_type(inode) == ABI_S_IFLNK)
        error = -EOPNOTSUPP; /* POSIX fchmodat: EOPNOTSUPP */
    else
        error = inode_chmod(inode, mode);
    inode_put(inode);
    return error;
}

long sys_fchownat(int dirfd, uaddr_t path, uint32_t uid, uint32_t gid, int flags)
{
    int error;
    struct inode *inode = inode_at(dirfd, path, flags, AT_SYMLINK_NOFOLLOW, &error);

    if (inode == NULL)
        return error;
    error = inode_chown(inode, uid, gid);
    inode_put(inode);
    return error;
}

long sys_utimensat(int dirfd, uaddr_t path, uaddr_t address, int flags)
{
    struct abi_timespec times[2];
    struct inode *inode;
    int error;

    if (address != 0 && copy_from_user(times, address, sizeof(times)) != 0)
        return -EFAULT;
    inode = inode_at(dirfd, path, flags, AT_SYMLINK_NOFOLLOW, &error);
    if (inode == NULL)
        return error;
    error = inode_utimes(inode, address != 0 ? times : NULL);
    inode_put(inode);
    return error;
}

long sys_chdir(int dirfd, uaddr_t path, int flags)
{
    int error;
    struct inode *inode = inode_at(dirfd, path, flags, 0, &error);

    if (inode == NULL)
        return error;
    error = inode_chdir(inode);
    inode_put(inode);
    return error;
}

/* All memory is the RAM file system's, and what is free may become files; /proc has none. */
long sys_statvfs(int dirfd, uaddr_t path, uaddr_t address, int flags)
{
    struct abi_statvfs result = {.f_bsize = PAGE_SIZE, .f_frsize = PAGE_SIZE, .f_namemax = ABI_NAME_MAX};
    int error;
    struct inode *inode = inode_at(dirfd, path, flags, 0, &error);

    if (inode == NULL)
        return error;
    result.f_fsid = inode->device;
    if (inode->device == DEVICE_PROCFS) {
        result.f_flag = ABI_ST_RDONLY;
    } else {
        result.f_blocks = page_total_count();
        result.f_bfree = page_free_count();
        result.f_bavail = page_user_free_count();
        result.f_ffree = ramfs_inodes_in(result.f_bfree);
        result.f_favail = ramfs_inodes_in(result.f_bavail);
        result.f_files = result.f_ffree + ramfs_inode_count();
    }
    inode_put(inode);
    return copy_to_user(address, &result, sizeof(result));
}

/* POSIX truncate: EFBIG; past RLIMIT_FSIZE there is SIGXFSZ, too. */
long sys_truncate(uaddr_t path, uint32_t unused, abi_off_t size)
{
    int error;
    struct inode *inode = inode_at(AT_FDCWD, path, 0, 0, &error);

    (void)unused;
    if (inode == NULL)
        return error;
    error = inode_access(inode, W_OK, false); /* POSIX truncate: EACCES */
    if (error == 0)
        error = inode_truncate(inode, size);
    inode_put(inode);
    if (error == -EFBIG && current->process->limits[RLIMIT_FSIZE].rlim_cur != RLIM_INFINITY)
        signal_send_thread(current, SIGXFSZ, NULL);
    return error;
}

/* Two paths, of calls that take them. */
static int copy_paths(char a[ABI_PATH_MAX], uaddr_t from_a, char b[ABI_PATH_MAX], uaddr_t from_b)
{
    int error = copy_path(a, from_a);

    return error != 0 ? error : copy_path(b, from_b);
}

long sys_mkdirat(int dirfd, uaddr_t address, uint32_t mode)
{
    char path[ABI_PATH_MAX];
    int error = copy_path(path, address);

    return error != 0 ? error : path_mkdir(dirfd, path, mode);
}

long sys_mknodat(int dirfd, uaddr_t address, uint32_t mode, uint32_t rdev)
{
    char path[ABI_PATH_MAX];
    int error = copy_path(path, address);

    return error != 0 ? error : path_mknod(dirfd, path, mode, rdev);
}

long sys_unlinkat(int dirfd, uaddr_t address, int flags)
{
    char path[ABI_PATH_MAX];
    int error;

    if (flags & ~AT_REMOVEDIR)
        return -EINVAL; /* POSIX unlinkat: EINVAL */
    error = copy_path(path, address);
    return error != 0 ? error : path_unlink(dirfd, path, (unsigned)flags);
}

long sys_renameat(int from_fd, uaddr_t from, int to_fd, uaddr_t to)
{
    char from_path[ABI_PATH_MAX], to_path[ABI_PATH_MAX];
    int error = copy_paths(from_path, from, to_path, to);

    return error != 0 ? error : path_rename(from_fd, from_path, to_fd, to_path);
}

long sys_linkat(int from_fd, uaddr_t from, int to_fd, uaddr_t to, int flags)
{
    char from_path[ABI_PATH_MAX], to_path[ABI_PATH_MAX];
    int error;

    if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
        return -EINVAL; /* POSIX linkat: EINVAL */
    error = copy_paths(from_path, from, to_path, to);
    return error != 0 ? error : path_link(from_fd, from_path, to_fd, to_path, (unsigned)flags);
}

long sys_symlinkat(uaddr_t target, int dirfd, uaddr_t address)
{
    char text[ABI_PATH_MAX], path[ABI_PATH_MAX];
    int error = copy_paths(text, target, path, address);

    return error != 0 ? error : path_symlink(text, dirfd, path);
}

long sys_readlinkat(int dirfd, uaddr_t address, uaddr_t buffer, uint32_t size)
{
    char path[ABI_PATH_MAX], text[ABI_PATH_MAX];
    long length = copy_path(path, address);

    if (size == 0)
        return -EINVAL; /* Linux readlink: EINVAL */
    if (length == 0)
        length = path_readlink(dirfd, path, text, size < sizeof(text) ? size : sizeof(text));
    if (length > 0 && copy_to_user(buffer, text, (size_t)length) != 0)
        return -EFAULT;
    return length;
}

long sys_getcwd(uaddr_t buffer, uint32_t size)
{
    size_t room = size < CWD_MAX ? size : CWD_MAX;
    char *path;
    long length;

    if (size == 0)
        return -EINVAL; /* POSIX getcwd: EINVAL */
    path = kmalloc(room);
    if (path == NULL)
        return -ENOMEM; /* POSIX getcwd: ENOMEM */
    length = path_getcwd(path, room);
    if (length == -ERANGE && room < size)
        length = -ENAMETOOLONG; /* Linux getcwd: ENAMETOOLONG */
    if (length > 0 && copy_to_user(buffer, path, (size_t)length) != 0)
        length = -EFAULT;
    kfree(path);
    return length;
}
