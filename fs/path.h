/*
 * path.h - names to inodes: the walk with permissions, links, dot-dot; and what the calls on names do.
 *
 * Paths are kernel strings of less than ABI_PATH_MAX bytes.  `dirfd` is AT_FDCWD or a directory's descriptor.
 */
#pragma once

#include <fs/inode.h>

/* Working directory, umask and the file of the program that runs; shared by the threads of a process. */
struct path_context {
    uint32_t references;   /* a */
    struct spinlock lock;  /* guards cwd's and program's exchange */
    struct inode *cwd;     /* held */
    struct inode *program; /* held and used (INODE_RUN), or NULL */
    uint32_t umask;        /* a */
};

/* For init: the root, 022.  NULL: no memory. */
struct path_context *path_context_create(void);
struct path_context *path_context_copy(struct path_context *from);
void path_context_get(struct path_context *context);
void path_context_put(struct path_context *context);
/* The referenced working directory, and the program's file or NULL, of any process's context. */
struct inode *path_context_cwd(struct path_context *context);
struct inode *path_context_program(struct path_context *context);
/* exec: take over a file with its reference and INODE_RUN; one thread is left. */
void path_set_program(struct inode *program);
/* umask(): answers the old one. */
uint32_t path_umask(uint32_t mask);

#define WALK_FOLLOW 1u   /* follow a symbolic link at the end */
#define WALK_EMPTY 2u    /* an empty path means dirfd itself (AT_EMPTY_PATH) */
#define WALK_REAL_IDS 4u /* search permission by real ids (access) */

/* The referenced inode of the running process's open file, or NULL with *error. */
struct inode *fd_inode(int fd, int *error);
/* Referenced inode, or NULL with *error. */
struct inode *path_walk(int dirfd, const char *path, unsigned flags, int *error);

/* open(): an open file, or NULL with *error.  `flags` are the user's: all bits are checked. */
struct file *path_open(int dirfd, const char *path, uint32_t flags, uint32_t mode, int *error);
int path_mkdir(int dirfd, const char *path, uint32_t mode);
int path_mknod(int dirfd, const char *path, uint32_t mode, uint32_t rdev);
int path_unlink(int dirfd, const char *path, unsigned flags); /* AT_REMOVEDIR */
int path_rename(int from_fd, const char *from, int to_fd, const char *to);
int path_link(int from_fd, const char *from, int to_fd, const char *to, unsigned flags);
int path_symlink(const char *target, int dirfd, const char *path);
long path_readlink(int dirfd, const char *path, char *to, size_t size);
/* chdir and fchdir: 0, -ENOTDIR, -EACCES. */
int inode_chdir(struct inode *inode);
/* The working directory's path; length with the 0 byte or -ENOENT, -ERANGE. */
long path_getcwd(char *to, size_t size);

int inode_chmod(struct inode *inode, uint32_t mode);
int inode_chown(struct inode *inode, uint32_t uid, uint32_t gid);          /* ~0: keep */
int inode_utimes(struct inode *inode, const struct abi_timespec times[2]); /* NULL: now; nanoseconds UTIME_... */
/* As ftruncate(): the caller may write it.  0, -EINVAL, -EISDIR, -EFBIG. */
int inode_truncate(struct inode *inode, abi_off_t size);

/* posix_fallocate: 0, -ENODEV, -ESPIPE, -EFBIG, -ENOSPC. */
int inode_allocate(struct inode *inode, abi_off_t offset, abi_off_t length);

/* Kernel reading of a regular file (exec): bytes read or -errno. */
long inode_read(struct inode *inode, abi_off_t position, void *to, size_t n);
/* The file's pages as a backing for mmap, with no reference: 0, or -ENODEV (not a regular file). */
int inode_backing(struct inode *inode, struct backing *backing);
