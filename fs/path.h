/*
 * path.h - names to inodes: the walk with permissions, links, dot-dot; and what the calls on names do.
 *
 * Paths are kernel strings of less than ABI_PATH_MAX bytes.  `dirfd` is AT_FDCWD or a directory's descriptor.
 */
#pragma once

#include <fs/inode.h>

/*
 * A process has a working directory, the file of the program that it runs (used: INODE_RUN) and an umask.
 *
 * init begins with the root and 022; a child with what its parent has, the running process; the end of a process gives
 * back what it has.
 */
void path_begin(struct process *process);
void path_inherit(struct process *child, const struct process *parent);
void path_forget(struct process *process);
/* The referenced working directory of the running process. */
struct inode *path_cwd(void);
/* exec: take over a file with its reference and INODE_RUN, or NULL. */
void path_set_program(struct process *process, struct inode *program);
/* Put `inode` into a field of the process that s guards, with its reference; answers what was there. */
struct inode *path_exchange(struct process *process, struct inode **field, struct inode *inode);

#define WALK_FOLLOW 1u   /* follow a symbolic link at the end */
#define WALK_EMPTY 2u    /* an empty path means dirfd itself (AT_EMPTY_PATH) */
#define WALK_REAL_IDS 4u /* search permission by real ids (access) */

/* The referenced inode of the running process's open file, or NULL with *error. */
struct inode *fd_inode(int fd, int *error);
/* Referenced inode, or NULL with *error. */
struct inode *path_walk(int dirfd, const char *path, unsigned flags, int *error);

/* A user's path into the kernel, so that nobody changes it while it is walked: 0, -EFAULT or -ENAMETOOLONG. */
int path_copy(char path[ABI_PATH_MAX], uaddr_t from);
int path_copy_two(char a[ABI_PATH_MAX], uaddr_t from_a, char b[ABI_PATH_MAX], uaddr_t from_b);
/* The referenced inode that a call of the *at kind means, or NULL with *error: what stands at the user's path; with
 * AT_EMPTY_PATH and no path at all, the open file `dirfd`.  `known` are the flags that the call has. */
struct inode *inode_at(int dirfd, uaddr_t path, int flags, int known, int *error);

/* open(): an open file, or NULL with *error.  `flags` are the user's: all bits are checked. */
struct file *path_open(int dirfd, const char *path, uint32_t flags, uint32_t mode, int *error);
int path_mkdir(int dirfd, const char *path, uint32_t mode);
int path_mknod(int dirfd, const char *path, uint32_t mode, uint32_t rdev);
/* bind(): the inode of a new socket's name, referenced. */
int path_make_socket(const char *path, uint32_t mode, struct inode **made);
int path_unlink(int dirfd, const char *path, unsigned flags); /* AT_REMOVEDIR */
int path_link(int from_fd, const char *from, int to_fd, const char *to, unsigned flags);
int path_symlink(const char *target, int dirfd, const char *path);

/* As ftruncate(): the caller may write it.  0, -EINVAL, -EISDIR, -EFBIG. */
int inode_truncate(struct inode *inode, abi_off_t size);

/* fallocate() with a mode of FALLOC_FL_... and a range that is one: 0, -ENODEV, -ESPIPE, -EFBIG, -ENOSPC. */
int inode_allocate(struct inode *inode, int mode, abi_off_t offset, abi_off_t length);

/* Kernel reading of a regular file (exec): bytes read or -errno. */
long inode_read(struct inode *inode, abi_off_t position, void *to, size_t n);
/* The file's pages as a backing for mmap, with no reference: 0, or -ENODEV (not a regular file). */
int inode_backing(struct inode *inode, struct backing *backing);
