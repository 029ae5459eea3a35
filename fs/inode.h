/*
 * inode.h - what has a name: files, directories, links, devices, FIFOs.  There is one tree; RAM holds it.
 *
 * A file system gives a table of operations for its inodes; ramfs and procfs do.
 */
#pragma once

#include <fs/file.h>

struct inode;
struct directory_entry;

/* A NULL entry answers the errno in brackets.  `lock` means inode->lock, a mutex, held by the caller. */
struct inode_ops {
    /* Find a name in a directory (lock): a referenced inode, or NULL with *error. */
    struct inode *(*lookup)(struct inode *dir, const char *name, unsigned length, int *error);
    /* Make a name (lock of dir): mode has the type; rdev for devices.  [EPERM] */
    struct inode *(*create)(struct inode *dir, const char *name, unsigned length, uint32_t mode, uint32_t rdev,
                            const char *target, int *error);
    int (*link)(struct inode *dir, const char *name, unsigned length, struct inode *target);
    int (*unlink)(struct inode *dir, const char *name, unsigned length, struct inode *target, bool directory);
    /* Both directories locked in the order of path.c; `over` is what stood at the new name, or NULL. */
    int (*rename)(struct inode *from_dir, const char *from, unsigned from_length, struct inode *to_dir, const char *to,
                  unsigned to_length, struct inode *moved, struct inode *over);
    /* Symbolic link's text into `to`; length or -errno.  [EINVAL] */
    long (*readlink)(struct inode *inode, char *to, size_t size);
    /* Make an open file for it: fill in file->ops and file->object.  [ENXIO] May sleep (FIFOs). */
    int (*open)(struct inode *inode, struct file *file);
    int (*truncate)(struct inode *inode, abi_off_t size);
    /* Refresh fields before stat (procfs, pipes). */
    void (*refresh)(struct inode *inode);
    /* The last reference and the last name are gone. */
    void (*release)(struct inode *inode);
};

struct inode {
    uint32_t references; /* a  open files, lookups under way, directory entries' holders */
    const struct inode_ops *ops;
    struct mutex lock; /* guards what follows, and the contents */
    abi_ino_t number;
    abi_dev_t device;
    uint32_t mode, uid, gid, links;
    uint32_t rdev;
    abi_off_t size;
    struct abi_timespec atime, mtime, ctime;
    void *data;   /* the file system's */
    void *object; /* a pipe, a queue, a socket: what opens of this name share */
};

void inode_get(struct inode *inode);
void inode_put(struct inode *inode);
/* POSIX's file access permissions for the running process (effective ids; `real`: real ids, for access()).
 * `want` is R_OK | W_OK | X_OK.  0 or -EACCES. */
int inode_access(struct inode *inode, unsigned want, bool real);
void inode_stat(struct inode *inode, struct abi_stat *stat);
/* Now, on CLOCK_REALTIME. */
struct abi_timespec inode_time(void);

/* Devices: a driver registers what opening its number gives. */
int device_register(unsigned major, const char *name, int (*open)(struct inode *inode, struct file *file));
#define RDEV(major, minor) ((major) << 8 | (minor))
#define RDEV_MAJOR(rdev) ((rdev) >> 8)
#define RDEV_MINOR(rdev) ((rdev)&0xff)
#define MAJOR_MEM 1 /* null 3, zero 5, full 7, random 8, urandom 9 */
#define MAJOR_TTY 5 /* tty 0, console 1 */

/* What opening a FIFO does; ipc/pipe.c registers it. */
void fifo_register(int (*open)(struct inode *inode, struct file *file), void (*release)(struct inode *inode));
