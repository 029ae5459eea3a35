/*
 * attributes.c - changing what stat() shows: mode, owner, times; and a file's length.
 *
 * Each call checks by POSIX's rules who may, under the inode's lock, and marks the change time.
 */
#include <abi/errno.h>
#include <fs/path.h>

/* procfs and the like: nothing of theirs is ever changed by hand. */
static bool read_only(const struct inode *inode)
{
    return inode->device == DEVICE_PROCFS;
}

int inode_chmod(struct inode *inode, uint32_t mode)
{
    const struct credentials *who = credentials_current();
    int error;

    if (read_only(inode))
        return -EROFS; /* POSIX chmod: EROFS */
    mutex_lock(&inode->lock);
    error = inode_owned(inode); /* POSIX chmod: EPERM */
    if (error == 0) {
        mode &= 07777;
        if (who->euid != 0 && !inode_is_dir(inode) && !credentials_in_group(who, inode->gid))
            mode &= ~ABI_S_ISGID;
        inode->mode = (inode->mode & ABI_S_IFMT) | mode;
        inode_touched(inode);
    }
    mutex_unlock(&inode->lock);
    return error;
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

int inode_chown(struct inode *inode, uint32_t uid, uint32_t gid)
{
    int error = 0;

    if (read_only(inode))
        return -EROFS; /* POSIX chown: EROFS */
    mutex_lock(&inode->lock);
    if (!may_chown(inode, uid, gid)) {
        error = -EPERM; /* POSIX chown: EPERM */
    } else {
        if (uid != ~0u)
            inode->uid = uid;
        if (gid != ~0u)
            inode->gid = gid;
        /* POSIX chown: for the superuser too, as it may */
        if (inode_type(inode) == ABI_S_IFREG && inode->mode & 0111)
            inode->mode &= ~(ABI_S_ISUID | ABI_S_ISGID);
        inode_touched(inode);
    }
    mutex_unlock(&inode->lock);
    return error;
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

int inode_utimes(struct inode *inode, const struct abi_timespec times[2])
{
    static const struct abi_timespec both_now[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    bool now;
    int error;

    if (times == NULL)
        times = both_now;
    if (!time_valid(&times[0]) || !time_valid(&times[1]))
        return -EINVAL; /* POSIX utimensat: EINVAL */
    if (times[0].tv_nsec == UTIME_OMIT && times[1].tv_nsec == UTIME_OMIT)
        return 0;
    if (read_only(inode))
        return -EROFS; /* POSIX utimensat: EROFS */
    now = times[0].tv_nsec == UTIME_NOW && times[1].tv_nsec == UTIME_NOW;
    mutex_lock(&inode->lock);
    error = inode_owned(inode); /* POSIX utimensat: EPERM */
    if (error != 0 && now)
        error = inode_access(inode, W_OK, false); /* POSIX utimensat: EACCES */
    if (error == 0) {
        if (inode->ops->refresh != NULL)
            inode->ops->refresh(inode);
        inode_touched(inode);
        set_time(&inode->atime, &times[0], inode->ctime);
        set_time(&inode->mtime, &times[1], inode->ctime);
    }
    mutex_unlock(&inode->lock);
    return error;
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
