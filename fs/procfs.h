/*
 * procfs.h - inside /proc: its files are rows of tables.
 */
#pragma once

#include <fs/fs.h>
#include <fs/inode.h>

/* Text that grows as it is printed. */
struct proc_text {
    char *bytes;
    size_t length, size;
    bool failed; /* no memory was left */
};

/* A number that the superuser may set by writing to its file. */
struct proc_limit {
    uint32_t *value; /* one word, read by its user without a lock */
    uint32_t lowest, highest;
};

/* One name in /proc or in /proc/PID.  One of `show`, `show_process` and `limit.value` is set for a file; directories
 * and links have operations of their own. */
struct proc_row {
    const char *name;
    uint32_t mode;
    const struct proc_row *directory; /* the added one where it stands; NULL: /proc or /proc/PID itself */
    void (*show)(struct proc_text *text);
    struct proc_limit limit;
    /* 0, or -ESRCH: the process is gone. */
    int (*show_process)(struct proc_text *text, int pid);
    const struct inode_ops *ops; /* NULL: a file */
};

struct proc_inode {
    struct inode inode;
    const struct proc_row *row;
    int pid; /* 0: of the machine */
    int fd;  /* /proc/PID/fd/N, else -1 */
};

static inline struct proc_inode *proc_inode(struct inode *inode)
{
    return container_of(inode, struct proc_inode, inode);
}

/* procfs.c.  A new inode, referenced, or NULL with *error; `parent` is the directory. */
struct inode *proc_inode_create(struct inode *parent, const struct proc_row *row, int pid, int fd, int *error);
void proc_release(struct inode *inode);
abi_off_t proc_seek(struct file *file, abi_off_t offset, int whence);
/* A decimal number without sign or leading zeros, at most `max`; -1: the name is none. */
int proc_number(struct name name, int max);

/* procfs_text.c: bytes as they are; proc_print() is in fs.h. */
void proc_write(struct proc_text *text, const char *bytes, size_t n);
extern const struct file_ops proc_text_ops;

/* procfs_added.c: row number i of those that upper folders have added, or NULL. */
const struct proc_row *proc_added_row(unsigned i);
/* procfs.c: a directory of rows. */
extern const struct inode_ops proc_directory_ops;

/* procfs_machine.c */
extern const struct proc_row proc_machine_rows[];
extern const unsigned proc_machine_row_count;
/* procfs_process.c */
extern const struct proc_row proc_process_rows[];
extern const unsigned proc_process_row_count;
/* procfs_links.c */
extern const struct inode_ops proc_self_ops, proc_cwd_ops, proc_exe_ops, proc_fd_directory_ops;

/* The references of a live process's own, or NULL: it is gone. */
struct space;
struct space *proc_space(int pid);
struct file_table *proc_files(int pid);
struct inode *proc_cwd(int pid);
struct inode *proc_program(int pid);
/* Its owner, or -1. */
int64_t proc_owner(int pid);
/* The lowest pid >= `from`, or 0. */
int proc_next_pid(int from);
