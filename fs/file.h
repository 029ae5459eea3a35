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
#include <core/process.h>
#include <core/thread.h>
#include <core/wait.h>
#include <mm/user.h>

struct file;
struct inode;
struct backing;
struct poll_watch;

/*
 * Operations of an open file.  A NULL entry answers what stands in brackets.  All may sleep and are called without
 * locks; who calls has checked that the file is open for reading or for writing.
 *
 * read, write: move up to uio->left bytes.  A file that can seek starts at *position and moves it on, with the inode
 *      locked; others leave it alone.  Answer bytes moved, 0 (end of file), or -errno; an error after some bytes were
 *      moved is not told.  -ERESTART: interrupted before anything was moved.  [EINVAL]
 * seek: answer the new position.  pread and pwrite work on files that have it.  [ESPIPE]
 * ioctl: [ENOTTY]
 * poll: what is ready (POLL... bits); `watch` not NULL: first queue its entry where a change will be told
 *      (wait_enqueue); a file that changes in two places has another one behind it.  The caller is armed then
 *      (wait_begin), so it must not sleep: no mutex.  [always ready to read and write]
 * map: fill in a backing for mmap, with no reference; access was checked before.  [ENODEV]
 * closed: the running process has closed a descriptor of the file, which may have others.  [nothing]
 * put: give a reference back by file_drop(), and see to what follows from there being fewer.  [file_drop]
 * release: the last reference is gone.  [nothing]
 */
struct file_ops {
    long (*read)(struct file *file, struct uio *uio, abi_off_t *position);
    long (*write)(struct file *file, struct uio *uio, abi_off_t *position);
    abi_off_t (*seek)(struct file *file, abi_off_t offset, int whence);
    long (*ioctl)(struct file *file, unsigned request, uint32_t argument);
    unsigned (*poll)(struct file *file, struct poll_watch *watch);
    int (*map)(struct file *file, struct backing *backing);
    void (*closed)(struct file *file);
    void (*put)(struct file *file);
    void (*release)(struct file *file);
};

/* Where poll() stands in a queue of a file, on its own stack or heap. */
struct poll_watch {
    struct wait_entry entry;
    struct inode *held; /* by poll() as long as it stands there: the queue is part of what this keeps; or NULL */
    unsigned events;    /* that are asked for */
    bool woken;         /* the queue's lock */
};
#define POLL_WATCHES 2 /* for each file */

/* i: the inode's lock   a: atomic   c: constant */
struct file {
    uint32_t references;        /* a */
    uint32_t flags;             /* a  O_...; F_SETFL changes some; O_ACCMODE: neither to read nor to write (O_EXEC) */
    const struct file_ops *ops; /* c */
    struct inode *inode;        /* c  held; NULL: none */
    void *object;               /* c  what ops work on: a pipe, a terminal ... */
    abi_off_t position;         /* i */
};

static inline bool file_readable(const struct file *file)
{
    return !(file->flags & O_WRONLY);
}

static inline bool file_writable(const struct file *file)
{
    return (file->flags + 1) & O_RDWR;
}

/* A new open file with one reference, or NULL (no memory).  Takes over the caller's reference of `inode`, if it
 * succeeds.  `ops` may be filled in later; without them the last file_put() releases the inode alone. */
struct file *file_create(const struct file_ops *ops, uint32_t flags, struct inode *inode, void *object);
void file_get(struct file *file);
/* May sleep: the last reference closes the file. */
void file_put(struct file *file);
void file_drop(struct file *file); /* for `put` */

/* read() of a file that is `length` bytes of text, at *position. */
long file_read_text(const char *text, size_t length, struct uio *uio, abi_off_t *position);

/* What lseek() does for a file of `size` bytes, at `position`: the new position, or -EINVAL, -EOVERFLOW. */
abi_off_t file_seek(abi_off_t position, abi_off_t size, abi_off_t offset, int whence);

/*
 * A process's descriptors: an array that doubles.  The threads of a process share the table; fork and vfork copy it.
 *
 * While one thread alone works on a table it looks descriptors up without lock and reference: nobody can close them
 * meanwhile.  A table that is `shared` stays so until exec.
 */
#define FD_WORD_BITS 32u
#define FD_FIRST 32u

struct file_table {
    uint32_t references;     /* a */
    bool shared;             /* changed by its only thread */
    struct spinlock lock;    /* RANK_FILES; guards all below */
    unsigned size;           /* entries of files[]; a multiple of FD_WORD_BITS */
    struct file **files;     /* NULL: free, or reserved and not yet installed */
    uint32_t *close_on_exec; /* a bit each */
    uint32_t *used;          /* a bit each: taken or reserved */

    struct list lock_waits; /* threads that wait for record locks (file_lock.c) */

    struct file *first_files[FD_FIRST]; /* what the three point to until the table grows */
    uint32_t first_close_on_exec, first_used;
};

/* An empty table, or NULL. */
struct file_table *file_table_create(void);
/* fork: a table with the same open files, or NULL. */
struct file_table *file_table_copy(struct file_table *from);
void file_table_get(struct file_table *table);
/* May sleep.  The last reference takes what is still open along: of a table that no process had. */
void file_table_put(struct file_table *table);
/* A second thread is about to start: from now on lookups take references.  The caller is the table's only thread. */
void file_table_share(struct file_table *table);
/* The running process, of which one thread is left, closes all its descriptors or, for exec, those that are marked. */
void file_table_close(struct file_table *table, bool on_exec);
/* The referenced open file at `fd` of any table, or NULL. */
struct file *file_table_find(struct file_table *table, int fd);
/* The lowest descriptor >= `from` that is open, or -1. */
int file_table_next(struct file_table *table, int from);
/* Is there a descriptor of that inode with one of the accesses (R_OK, W_OK)? */
bool file_table_has(struct file_table *table, const struct inode *inode, unsigned access);

/*
 * The open file at `fd` of the running process, or NULL (EBADF); give it back with fd_put().  Nothing between the two
 * may start a thread or exec.  Who looks up much, or has few instructions to spare, names the process's table itself.
 */
static inline struct file *fd_get_in(struct file_table *table, int fd)
{
    if (__builtin_expect(table->shared, false))
        return file_table_find(table, fd);
    return (unsigned)fd < table->size ? table->files[fd] : NULL;
}

static inline void fd_put_in(const struct file_table *table, struct file *file)
{
    if (__builtin_expect(table->shared, false))
        file_put(file);
}

static inline struct file *fd_get(int fd)
{
    return fd_get_in(current->process->files, fd);
}

static inline void fd_put(struct file *file)
{
    fd_put_in(current->process->files, file);
}

/* Does `fd` still lead to the file that it led to?  Other threads of the process may have closed it meanwhile.  May
 * sleep. */
bool fd_leads_to(struct file_table *table, int fd, const struct file *file);

/* Reserve the lowest free descriptor >= `from` (-EMFILE, -ENOMEM, -EINVAL), then fd_install() or fd_cancel() it. */
int fd_reserve(int from);
void fd_install(int fd, struct file *file, bool close_on_exec); /* takes over the reference */
void fd_cancel(int fd);
/* Reserve and install.  On an error the caller keeps its reference. */
int fd_add(struct file *file, uint32_t flags);    /* O_CLOEXEC counts */
int fd_dup(int fd, int from, bool close_on_exec); /* F_DUPFD */
/* F_GETFD (set < 0) and F_SETFD: FD_CLOEXEC or 0; -EBADF. */
int fd_flags(int fd, int set);
