/*
 * file.h - open files and descriptor tables.
 *
 * Everything that can be read, written, waited for or passed on is a struct file behind one table of operations.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/fcntl.h>
#include <abi/poll.h>
#include <abi/stat.h>
#include <abi/types.h>
#include <core/lock.h>
#include <core/wait.h>
#include <mm/user.h>

struct file;
struct inode;
struct backing;

/*
 * Operations of an open file.  A NULL entry answers the errno in brackets.  All may sleep and are called without locks.
 *
 * read, write: move up to uio->left bytes, starting at *position, which moves on (position is NULL where the file cannot
 *      seek).  Answer bytes moved, 0 (end of file), or -errno; after some bytes were moved an error is kept for later.
 *      -ERESTART: interrupted before anything was moved. [EINVAL]
 * seek: answer the new position. [ESPIPE]
 * ioctl: [ENOTTY]
 * poll: what is ready (POLL... bits); `entry` not NULL: first queue it where a change will be told (wait_enqueue). [always
 *      ready to read and write]
 * map: fill in a backing for mmap; `prot` and `shared` are checked against the file's access before. [ENODEV]
 * entries: getdents. [ENOTDIR]
 * truncate: [EINVAL]
 * release: the last reference is gone.  [nothing]
 */
struct file_ops {
    long (*read)(struct file *file, struct uio *uio, abi_off_t *position);
    long (*write)(struct file *file, struct uio *uio, abi_off_t *position);
    abi_off_t (*seek)(struct file *file, abi_off_t offset, int whence);
    long (*ioctl)(struct file *file, unsigned request, uint32_t argument);
    unsigned (*poll)(struct file *file, struct wait_entry *entry);
    int (*map)(struct file *file, struct backing *backing);
    long (*entries)(struct file *file, uaddr_t buffer, size_t size);
    int (*truncate)(struct file *file, abi_off_t size);
    int (*sync)(struct file *file);
    void (*release)(struct file *file);
};

/* o: guarded by the object's own lock   a: atomic   c: constant */
struct file {
    uint32_t references;        /* a */
    uint32_t flags;             /* O_...; F_SETFL changes some, atomically */
    const struct file_ops *ops; /* c */
    struct inode *inode;        /* c  held; NULL: none */
    void *object;               /* c  what ops work on: a pipe, a terminal ... */
    abi_off_t position;         /* guarded by the inode's lock */
};

static inline bool file_readable(const struct file *file)
{
    return (file->flags & O_ACCMODE) != O_WRONLY;
}

static inline bool file_writable(const struct file *file)
{
    return (file->flags & O_ACCMODE) != O_RDONLY;
}

/* A new open file with one reference, or NULL (no memory).  Takes over the caller's reference of `inode`. */
struct file *file_create(const struct file_ops *ops, uint32_t flags, struct inode *inode, void *object);
void file_get(struct file *file);
void file_put(struct file *file);

/* A process's descriptors.  Threads of one process share the table; vfork and threads: by reference; fork: a copy. */
struct file_table {
    uint32_t references;     /* a */
    struct spinlock lock;    /* guards all below; RANK_FILES */
    struct file **files;     /* `size` entries */
    uint32_t *close_on_exec; /* a bit each */
    uint32_t *used;          /* a bit each: taken or reserved */
    unsigned size;
};

struct file_table *file_table_create(void);
struct file_table *file_table_copy(struct file_table *from);
void file_table_put(struct file_table *table);
/* exec: close what is marked. */
void file_table_close_on_exec(struct file_table *table);

/*
 * The open file at `fd` of the running process, or NULL (EBADF).  A process with one thread takes no reference: nobody
 * else can close it meanwhile.  Give it back with fd_put(), which knows.
 */
struct file *fd_get(int fd);
void fd_put(struct file *file);

/* Reserve the lowest free descriptor >= `from` (-EMFILE, -ENOMEM, -EINVAL), then fd_install() or fd_cancel() it. */
int fd_reserve(int from);
void fd_install(int fd, struct file *file, bool close_on_exec); /* takes over the reference */
void fd_cancel(int fd);
/* Reserve and install. On an error the caller keeps its reference. */
int fd_add(struct file *file, uint32_t flags); /* O_CLOEXEC counts */
int fd_close(int fd);
int fd_dup(int fd, int from, bool close_on_exec); /* F_DUPFD */
int fd_dup_to(int fd, int to, uint32_t flags);    /* dup3, without the equality check of dup2 */
