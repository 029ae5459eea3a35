/*
 * inode.c - what all inodes have in common: references, who may do what, times, stat, and their names for people.
 *
 * An inode lives while somebody refers to it: its directory entry, an open file, a walk that passes by.  So a file that
 * was unlinked lives on until the last descriptor closes, with no code for that case.
 */
#include <fs/inode.h>
#include <mm/page.h>

struct spinlock inode_names_lock = SPINLOCK_INIT("inode names", RANK_OBJECT);

static abi_ino_t last_number;

static const struct credentials kernel_credentials; /* all ids 0 */

void inode_init(struct inode *inode, const struct inode_ops *ops, uint32_t mode, abi_dev_t device, abi_ino_t number)
{
    inode->references = 1;
    inode->ops = ops;
    mutex_init(&inode->lock, "inode");
    inode->mode = mode;
    inode->device = device;
    inode->number = number;
    inode->links = 1;
    inode->atime = inode->mtime = inode->ctime = inode_time();
}

abi_ino_t inode_number(void)
{
    return __atomic_add_fetch(&last_number, 1, __ATOMIC_RELAXED);
}

/* A directory that goes drops its parent, which may be the last reference to a removed directory too: a loop, since
 * such a chain can be longer than the kernel's stack is deep. */
void inode_put(struct inode *inode)
{
    while (inode != NULL && __atomic_sub_fetch(&inode->references, 1, __ATOMIC_ACQ_REL) == 0) {
        struct inode *parent = inode->parent;

        inode->ops->release(inode);
        inode = parent;
    }
}

bool inode_try_get(struct inode *inode)
{
    uint32_t seen = __atomic_load_n(&inode->references, __ATOMIC_RELAXED);

    while (seen != 0)
        if (__atomic_compare_exchange_n(&inode->references, &seen, seen + 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    return false;
}

const struct credentials *credentials_current(void)
{
    struct process *process = current->process;

    return process != NULL ? &process->credentials : &kernel_credentials;
}

bool credentials_in_group(const struct credentials *who, uint32_t gid)
{
    if (who->egid == gid)
        return true;
    for (unsigned i = 0; i < who->group_count; i++)
        if (who->groups[i] == gid)
            return true;
    return false;
}

static bool in_group_for_access(const struct credentials *who, uint32_t gid, bool real)
{
    struct credentials as_real;

    if (!real)
        return credentials_in_group(who, gid);
    as_real = *who;
    as_real.egid = who->gid;
    return credentials_in_group(&as_real, gid);
}

/* XBD 4.5: the one class that applies decides; the superuser needs no more than some x bit to execute. */
int inode_access(struct inode *inode, unsigned want, bool real)
{
    const struct credentials *who = credentials_current();
    uint32_t uid = real ? who->uid : who->euid, mode = inode->mode, granted;

    if (uid == 0)
        granted = inode_is_dir(inode) || (mode & 0111) != 0 ? R_OK | W_OK | X_OK : R_OK | W_OK;
    else if (uid == inode->uid)
        granted = mode >> 6 & 7;
    else if (in_group_for_access(who, inode->gid, real))
        granted = mode >> 3 & 7;
    else
        granted = mode & 7;
    return want & ~granted ? -EACCES : 0;
}

int inode_owned(const struct inode *inode)
{
    uint32_t euid = credentials_current()->euid;

    return euid == 0 || euid == inode->uid ? 0 : -EPERM;
}

int inode_use(struct inode *inode, int use)
{
    int32_t uses = __atomic_load_n(&inode->uses, __ATOMIC_RELAXED);

    do
        if (uses != 0 && (uses > 0) != (use > 0))
            return -ETXTBSY; /* POSIX open, exec: ETXTBSY */
    while (!__atomic_compare_exchange_n(&inode->uses, &uses, uses + use, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    return 0;
}

int64_t inode_time(void)
{
    return clock_realtime();
}

#define NS_PER_SECOND 1000000000

/* Rounded down, so that tv_nsec is never negative. */
struct abi_timespec timespec_from_ns(int64_t ns)
{
    struct abi_timespec time = ns_to_timespec(ns < 0 ? -(uint64_t)ns : (uint64_t)ns);

    if (ns >= 0)
        return time;
    time.tv_sec = -time.tv_sec - (time.tv_nsec != 0);
    time.tv_nsec = time.tv_nsec != 0 ? NS_PER_SECOND - time.tv_nsec : 0;
    return time;
}

void inode_changed(struct inode *inode)
{
    inode->mtime = inode->ctime = inode_time();
}

/* As Linux's relatime: a second read of an unchanged file writes nothing, unless the last was a day ago. */
void inode_was_read(struct inode *inode)
{
    static const int64_t day = 24ll * 60 * 60 * NS_PER_SECOND;
    int64_t now = inode_time();

    if (inode->atime <= inode->mtime || inode->atime <= inode->ctime || now - inode->atime > day)
        inode->atime = now;
}

void inode_touched(struct inode *inode)
{
    inode->ctime = inode_time();
}

void inode_stat(struct inode *inode, struct abi_stat *stat)
{
    mutex_lock(&inode->lock);
    if (inode->ops->refresh != NULL)
        inode->ops->refresh(inode);
    *stat = (struct abi_stat){
        .st_ino = inode->number,
        .st_dev = inode->device,
        .st_mode = inode->mode,
        .st_nlink = inode->links,
        .st_uid = inode->uid,
        .st_gid = inode->gid,
        .st_rdev = inode->rdev,
        .st_size = inode->size,
        .st_atim = timespec_from_ns(inode->atime),
        .st_mtim = timespec_from_ns(inode->mtime),
        .st_ctim = timespec_from_ns(inode->ctime),
        .st_blocks = inode->blocks,
        .st_blksize = PAGE_SIZE,
    };
    mutex_unlock(&inode->lock);
}

/* The path grows from the end of `to` downwards, one name for each directory on the way to the root. */
long inode_path(struct inode *inode, char *to, size_t size)
{
    char name[ABI_NAME_MAX + 1];
    size_t start = size - 1;
    long result = -ERANGE;

    if (size < 2)
        return -ERANGE;
    to[start] = '\0';
    inode_get(inode);
    while (inode != root_inode) {
        struct inode *dir;
        size_t length;

        result = inode->ops->find_name != NULL ? inode->ops->find_name(inode, name, &dir) : -ENOENT;
        if (result != 0)
            goto out;
        inode_put(inode);
        inode = dir;
        length = strlen(name);
        result = -ERANGE;
        if (length + 1 > start)
            goto out;
        start -= length + 1;
        to[start] = '/';
        memcpy(to + start + 1, name, length);
    }
    if (start == size - 1)
        to[--start] = '/';
    result = (long)(size - start);
    memmove(to, to + start, size - start);
out:
    inode_put(inode);
    return result;
}

int inode_describe(struct inode *inode, char *to, size_t size)
{
    const char *kind = "anon_inode";
    long length = inode_path(inode, to, size);

    if (length > 0)
        return 0;
    to[0] = '\0';
    if (length == -ERANGE)
        return -ENAMETOOLONG;
    if (inode_type(inode) == ABI_S_IFIFO)
        kind = "pipe";
    else if (inode_type(inode) == ABI_S_IFSOCK)
        kind = "socket";
    else if (inode->links == 0)
        kind = "deleted";
    snprintf(to, size, "%s:[%llu]", kind, (unsigned long long)inode->number);
    return 0;
}

abi_off_t inode_seek(struct file *file, abi_off_t offset, int whence)
{
    abi_off_t position;

    mutex_lock(&file->inode->lock);
    position = file_seek(file->position, file->inode->size, offset, whence);
    if (position >= 0)
        file->position = position;
    mutex_unlock(&file->inode->lock);
    return position;
}
