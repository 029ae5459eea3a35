/*
 * attributes.c - what stat() shows, and changing it: mode, owner, times; and a file's length.
 *
 * A call finds its inode by a path or a descriptor, checks by POSIX's rules who may, under the inode's lock, changes it
 * and marks the change time.
 */
#include <core/syscalls.h>
#include <fs/fs.h>
#include <fs/path.h>
#include <mm/page.h>

int path_copy(char path[ABI_PATH_MAX], uaddr_t from)
{
    long length = copy_string_from_user(path, from, ABI_PATH_MAX);

    return length < 0 ? (int)length : 0;
}

int path_copy_two(char a[ABI_PATH_MAX], uaddr_t from_a, char b[ABI_PATH_MAX], uaddr_t from_b)
{
    int error = path_copy(a, from_a);

    return error != 0 ? error : path_copy(b, from_b);
}

struct inode *inode_at(int dirfd, uaddr_t address, int flags, int known, int *error)
{
    unsigned walk = (flags & AT_SYMLINK_NOFOLLOW ? 0 : WALK_FOLLOW) | (flags & AT_EMPTY_PATH ? WALK_EMPTY : 0);
    char path[ABI_PATH_MAX];

    *error = flags & ~(known | AT_EMPTY_PATH) ? -EINVAL : 0; /* POSIX fstatat, fchmodat, fchownat, utimensat: EINVAL */
    if (*error == 0 && address == 0 && flags & AT_EMPTY_PATH)
        return fd_inode(dirfd, error);
    if (*error == 0)
        *error = path_copy(path, address);
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

/* The inode whose attributes a call is to change, locked; NULL with *error. */
static struct inode *change_begin(int dirfd, uaddr_t path, int flags, int *error)
{
    struct inode *inode = inode_at(dirfd, path, flags, AT_SYMLINK_NOFOLLOW, error);

    if (inode == NULL)
        return NULL;
    if (inode->device == DEVICE_PROCFS) {
        inode_put(inode);
        *error = -EROFS; /* POSIX chmod, chown, utimensat: EROFS; nothing of its is ever changed by hand */
        return NULL;
    }
    mutex_lock(&inode->lock);
    return inode;
}

static int change_end(struct inode *inode, int error)
{
    mutex_unlock(&inode->lock);
    inode_put(inode);
    return error;
}

long sys_fchmodat(int dirfd, uaddr_t path, uint32_t mode, int flags)
{
    const struct credentials *who = credentials_current();
    int error;
    struct inode *inode = change_begin(dirfd, path, flags, &error);

    if (inode == NULL)
        return error;
    if (inode_type(inode) == ABI_S_IFLNK)
        return change_end(inode, -EOPNOTSUPP); /* POSIX fchmodat: EOPNOTSUPP */
    error = inode_owned(inode);                /* POSIX chmod: EPERM */
    if (error == 0) {
        mode &= 07777;
        if (who->euid != 0 && !inode_is_dir(inode) && !credentials_in_group(who, inode->gid))
            mode &= ~ABI_S_ISGID;
        inode->mode = (inode->mode & ABI_S_IFMT) | mode;
        inode_touched(inode);
    }
    return change_end(inode, error);
}

/* The owner may give the file to another of its own groups; the superuser may do all. */
static bool may_chown(const struct inode *inode, uint32_t uid, uint32_t gid)
{
    const struct credentials *who = credentials_current();

    if (who->euid == 0)
        return true;
    if (who->euid != inode->uid || (uid != ~0u && uid != inode->uid))
        return false;
    return gid == ~0u || gid == inode->gid || credentials_in_group(who, gid);
}

long sys_fchownat(int dirfd, uaddr_t path, uint32_t uid, uint32_t gid, int flags)
{
    int error;
    struct inode *inode = change_begin(dirfd, path, flags, &error);

    if (inode == NULL)
        return error;
    if (!may_chown(inode, uid, gid))
        return change_end(inode, -EPERM); /* POSIX chown: EPERM */
    if (uid != ~0u)
        inode->uid = uid;
    if (gid != ~0u)
        inode->gid = gid;
    /* POSIX chown: for the superuser too, as it may */
    if (inode_type(inode) == ABI_S_IFREG && inode->mode & 0111)
        inode->mode &= ~(ABI_S_ISUID | ABI_S_ISGID);
    inode_touched(inode);
    return change_end(inode, 0);
}

static bool time_valid(const struct abi_timespec *time)
{
    return time->tv_nsec == UTIME_NOW || time->tv_nsec == UTIME_OMIT ||
           (time->tv_nsec >= 0 && time->tv_nsec < 1000000000);
}

/* Inodes count nanoseconds in 64 bits; a time outside that is cut to the nearest. */
static int64_t ns_from_timespec(const struct abi_timespec *time)
{
    static const int64_t second = 1000000000;

    if (time->tv_sec >= INT64_MAX / second)
        return INT64_MAX;
    if (time->tv_sec <= INT64_MIN / second)
        return INT64_MIN;
    return time->tv_sec * second + time->tv_nsec;
}

static void set_time(int64_t *to, const struct abi_timespec *time, int64_t now)
{
    if (time->tv_nsec == UTIME_NOW)
        *to = now;
    else if (time->tv_nsec != UTIME_OMIT)
        *to = ns_from_timespec(time);
}

/* May the running process set the times of `inode`, which is locked?  `now`: both to the present. */
static int may_set_times(struct inode *inode, bool now)
{
    int error = inode_owned(inode); /* POSIX utimensat: EPERM */

    return error != 0 && now ? inode_access(inode, W_OK, false) : error; /* POSIX utimensat: EACCES */
}

long sys_utimensat(int dirfd, uaddr_t path, uaddr_t address, int flags)
{
    struct abi_timespec times[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    struct inode *inode;
    int error;

    if (address != 0 && copy_from_user(times, address, sizeof(times)) != 0)
        return -EFAULT;
    if (!time_valid(&times[0]) || !time_valid(&times[1]))
        return -EINVAL; /* POSIX utimensat: EINVAL */
    inode = change_begin(dirfd, path, flags, &error);
    if (inode == NULL)
        return error;
    if (times[0].tv_nsec == UTIME_OMIT && times[1].tv_nsec == UTIME_OMIT)
        return change_end(inode, 0);
    error = may_set_times(inode, times[0].tv_nsec == UTIME_NOW && times[1].tv_nsec == UTIME_NOW);
    if (error == 0) {
        if (inode->ops->refresh != NULL)
            inode->ops->refresh(inode);
        inode_touched(inode);
        set_time(&inode->atime, &times[0], inode->ctime);
        set_time(&inode->mtime, &times[1], inode->ctime);
    }
    return change_end(inode, error);
}

int inode_truncate(struct inode *inode, abi_off_t size)
{
    int error;

    if (inode_is_dir(inode))
        return -EISDIR; /* POSIX truncate: EISDIR */
    if (size < 0 || inode_type(inode) != ABI_S_IFREG || inode->ops->truncate == NULL)
        return -EINVAL; /* POSIX truncate: EINVAL */
    error = inode_use(inode, INODE_WRITE);
    if (error != 0)
        return error; /* Linux truncate: ETXTBSY */
    mutex_lock(&inode->lock);
    error = inode->ops->truncate(inode, size);
    mutex_unlock(&inode->lock);
    inode_unuse(inode, INODE_WRITE);
    return error;
}
