/*
 * inode.h - what has a name: files, directories, links, devices, FIFOs.  There is one tree of them, in RAM.
 *
 * A file system is a table of operations for its inodes; ramfs, procfs and pipes have one.  Another file system's root
 * stands in a directory as any child does; its device number, which differs from its parent's, marks it.
 *
 * Locks: inode->lock is a mutex and may be held while user memory is touched.  Several are taken from the root
 * downwards (a directory before what it holds); rename says how it orders two directories (path_rename.c).
 * A page fault never takes one (see mm/page_store.h).  inode_names_lock is a spinlock over all parents and names.
 */
#pragma once

#include <fs/file.h>
#include <lib/string.h>

struct inode;
struct file_lock;

/* A component of a path; no 0 byte ends it. */
struct name {
    const char *text;
    unsigned length;
};

static inline bool name_equal(struct name a, struct name b)
{
    return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
}

/* What reading a directory tells of a name. */
struct directory_entry {
    struct name name;
    abi_ino_t number;
    uint32_t mode; /* its type counts */
    char text[12];
};
#define FIRST_POSITION 2

/* What a new inode shall be. */
struct inode_request {
    uint32_t mode; /* with the type */
    uint32_t uid, gid;
    uint32_t rdev;          /* devices */
    const char *target;     /* symbolic links: the text */
    struct inode *existing; /* link(): only a name is to be made, for this */
};

/*
 * Operations of an inode.  A NULL entry answers the errno in brackets; `locked` names the inodes whose lock the caller
 * holds.  What permissions, types and POSIX forbid has been refused by path_*.c before.
 *
 * lookup (dir locked): the referenced inode of that name, or NULL with *error.
 * entry (dir locked): the entry at *position or behind it, which moves on; 1, 0 (there is none), or -errno.  Positions
 *      begin at FIRST_POSITION.  The name's text may lie in entry->text.
 * create (dir locked): make the inode and its name, which does not exist.  [EROFS]
 * link (dir, target locked): one more name.  [EROFS]
 * unlink (dir, target locked): take the name away; -ENOTEMPTY for a directory that is not empty.  [EROFS]
 * rename (both dirs, moved, over locked): `over`, or NULL, stood at the new name and loses it.  [EROFS]
 * readlink: the text of a symbolic link, cut to `size`, without a 0 byte; its length.  [EINVAL]
 * target: a link that leads to an inode and not to a text answers it, referenced, or NULL with *error.  [none]
 * open: fill in file->ops and file->object; directories are open without.  May sleep (FIFOs).  [ENXIO]
 * truncate (locked): [EINVAL]
 * refresh: bring fields up to date before stat.  [nothing to do]
 * find_name: one of its names into `to` (ABI_NAME_MAX + 1 bytes) and the directory that holds it, referenced; -ENOENT:
 *      it has none.  Does not sleep.  [ENOENT]
 * release: the last reference is gone: free it (but for its parent, which inode_put() drops).
 */
struct inode_ops {
    struct inode *(*lookup)(struct inode *dir, struct name name, int *error);
    int (*entry)(struct inode *dir, abi_off_t *position, struct directory_entry *entry);
    int (*create)(struct inode *dir, struct name name, const struct inode_request *request, struct inode **made);
    struct inode *(*create_unnamed)(const struct inode_request *request);
    int (*link)(struct inode *dir, struct name name, struct inode *target);
    int (*unlink)(struct inode *dir, struct name name, struct inode *target);
    int (*rename)(struct inode *from_dir, struct name from, struct inode *to_dir, struct name to, struct inode *moved,
                  struct inode *over);
    long (*readlink)(struct inode *inode, char *to, size_t size);
    struct inode *(*target)(struct inode *inode, int *error);
    int (*open)(struct inode *inode, struct file *file);
    int (*truncate)(struct inode *inode, abi_off_t size);
    void (*refresh)(struct inode *inode);
    int (*find_name)(struct inode *inode, char *to, struct inode **dir);
    void (*release)(struct inode *inode);
};

/* a: atomic   c: constant   l: lock (one word each: read without it by access checks)   n: inode_names_lock */
struct inode {
    uint32_t references;         /* a  directory entries, open files, lookups under way */
    const struct inode_ops *ops; /* c */
    struct mutex lock;           /* also guards the contents */
    abi_ino_t number;            /* c */
    abi_dev_t device;            /* c */
    uint32_t mode;               /* l  its type is constant */
    uint32_t uid, gid;           /* l */
    uint32_t links;              /* l  0: it has no name any more */
    bool linkable;               /* c  made without a name, it may be given one */
    uint32_t rdev;               /* c */
    abi_off_t size;              /* l */
    uint64_t blocks;             /* l  of 512 bytes */
    int64_t atime, mtime, ctime; /* l  nanoseconds since 1970 */
    struct inode *parent;        /* n  held; directories: "..", others may have it too */
    int32_t uses;                /* a  INODE_WRITE or INODE_RUN for each that does */
    struct file_lock *locks;     /* file_lock.c */
    void *object;                /* l  a pipe, a queue, a socket: what opens of this name share */
};

extern struct spinlock inode_names_lock;
extern struct inode *root_inode;

#define LINK_MAX 32767

/* Devices that no driver has: their st_dev, the third of them numbers pipes. */
#define DEVICE_RAMFS 1
#define DEVICE_PROCFS 2
#define DEVICE_ANONYMOUS 3
#define DEVICE_MQUEUE 4

/* Fill in a zeroed inode with one reference, one link and all times now. */
void inode_init(struct inode *inode, const struct inode_ops *ops, uint32_t mode, abi_dev_t device, abi_ino_t number);
/* A number that no other inode has had. */
abi_ino_t inode_number(void);

static inline void inode_get(struct inode *inode)
{
    __atomic_fetch_add(&inode->references, 1, __ATOMIC_RELAXED);
}

/* One more, unless the last is gone. */
bool inode_try_get(struct inode *inode);

/* May sleep.  NULL: nothing. */
void inode_put(struct inode *inode);

static inline uint32_t inode_type(const struct inode *inode)
{
    return inode->mode & ABI_S_IFMT;
}

static inline bool inode_is_dir(const struct inode *inode)
{
    return inode_type(inode) == ABI_S_IFDIR;
}

/* Does a file system keep its contents?  Of pipes, devices and sockets none does. */
static inline bool inode_is_stored(const struct inode *inode)
{
    return inode_type(inode) == ABI_S_IFREG || inode_is_dir(inode);
}

/* The running process's credentials; those of the superuser in the kernel's own threads. */
const struct credentials *credentials_current(void);
bool credentials_in_group(const struct credentials *who, uint32_t gid);
static inline bool credentials_superuser(void)
{
    return credentials_current()->euid == 0;
}

/* POSIX's file access permissions for the running process (effective ids; `real`: real ids, for access()).
 * `want` is R_OK | W_OK | X_OK.  0 or -EACCES. */
int inode_access(struct inode *inode, unsigned want, bool real);
/* Only the owner and the superuser may: 0 or -EPERM. */
int inode_owned(const struct inode *inode);
void inode_stat(struct inode *inode, struct abi_stat *stat);
/* The inode's path into `to`; its length with the 0 byte, or -ENOENT (it has no name), -ERANGE. */
long inode_path(struct inode *inode, char *to, size_t size);
/* As above for people to read: what has no name is shown as pipe:[number] and the like.  0, or -ENAMETOOLONG with an
 * empty text. */
int inode_describe(struct inode *inode, char *to, size_t size);

/* A file is open for writing, or runs as a program; -ETXTBSY: it is used in the other way. */
#define INODE_WRITE 1
#define INODE_RUN (-1)
int inode_use(struct inode *inode, int use);
static inline void inode_unuse(struct inode *inode, int use)
{
    __atomic_fetch_sub(&inode->uses, use, __ATOMIC_RELAXED);
}

/* Now: nanoseconds since 1970. */
int64_t inode_time(void);
struct abi_timespec timespec_from_ns(int64_t ns);
/* The contents changed (mtime, ctime), were read (atime, where that tells something new), the inode changed (ctime). */
void inode_changed(struct inode *inode);
void inode_was_read(struct inode *inode);
void inode_touched(struct inode *inode);

/* lseek() on what has inode->size bytes. */
abi_off_t inode_seek(struct file *file, abi_off_t offset, int whence);

/* directory.c: the operations of every open directory, besides getdents(). */
extern const struct file_ops directory_file_ops;

/* Opening a device or a FIFO of any file system; drivers/terminal.c opens those of MAJOR_TTY. */
int special_open(struct inode *inode, struct file *file);
int terminal_open(struct inode *inode, struct file *file);
#define RDEV(major, minor) ((major) << 8 | (minor))
#define RDEV_MAJOR(rdev) ((rdev) >> 8)
#define RDEV_MINOR(rdev) ((rdev)&0xff)
#define MAJOR_MEM 1 /* null 3, zero 5, full 7, random 8, urandom 9 */
#define MAJOR_TTY 5 /* tty 0, console 1 */

/* ipc/pipe_open.c: the operations of a FIFO of any file system.  inode->object is what its opens share; NULL: it was
 * not opened so far. */
int fifo_open(struct inode *inode, struct file *file);
void fifo_refresh(struct inode *inode);
void fifo_release(struct inode *inode);
