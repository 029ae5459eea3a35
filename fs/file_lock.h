/*
 * file_lock.h - locks on files: parts of them, by processes or open files (fcntl), and whole ones (flock).
 */
#pragma once

#include <fs/inode.h>

/* fcntl() F_GETLK, F_SETLK, F_SETLKW and their F_OFD_ twins; `lock` is the user's, and answers F_GETLK.  0 or -errno;
 * F_SETLKW sleeps, and answers -ERESTART where a signal came. */
int file_lock_control(struct file *file, int command, struct abi_flock *lock);

/* What `table` (a process, one of whose descriptors of the file was closed) or `file` (which has ended) had locked of
 * the inode is free; the other of the two is NULL. */
void file_lock_drop(struct inode *inode, struct file_table *table, struct file *file);

void file_lock_start(void); /* /proc/locks; after procfs_start() */
