/*
 * procfs.h - inside /proc: its names are rows of one table.
 */
#pragma once

#include <fs/fs.h>
#include <fs/inode.h>

/* Text that grows as it is printed. */
struct proc_text {
    char *bytes;
    size_t length, size;
    bool failed;             /* no memory was left */
    bool locked;             /* with a spinlock held: do not grow, */
    bool cut;                /* but note that there was no room */
    const struct view *view; /* of the process that the text is about */
};

/* A number that the superuser may set by writing to its file. */
struct proc_limit {
    uint32_t *value; /* one word, read by its user without a lock */
    uint32_t lowest, highest;
    void (*changed)(void); /* NULL, or called after a write */
};

struct proc_inode;
struct space;
struct view;

/* One name in /proc, or in each /proc/PID.  A file has `show` or `limit.value`, a link `field` or operations of its
 * own. */
struct proc_row {
    const struct proc_row *directory; /* where it stands; NULL: found by number, or the root */
    struct name name;
    uint32_t mode; /* with the type */
    const struct inode_ops *ops;
    const struct file_ops *file_ops; /* of an open file */
    void (*show)(struct proc_text *text);
    struct proc_limit limit;
    size_t field; /* of struct process: the inode that a link leads to */
};

struct proc_inode {
    struct inode inode;
    const struct proc_row *row;
    int pid;    /* 0: of the machine */
    int number; /* PID/fd/N and PID/task/N, what stands below it included; else -1 */
};

static inline struct proc_inode *proc_inode(struct inode *inode)
{
    return container_of(inode, struct proc_inode, inode);
}

/* The directories that are more than a list of rows. */
extern const struct proc_row *proc_root_row, *proc_process_row, *proc_fd_row, *proc_descriptor_row;
extern const struct proc_row *proc_task_row, *proc_thread_row;

/* procfs.c.  A new row, for boot to fill in, with the operations of its type. */
struct proc_row *proc_add(const struct proc_row *directory, const char *name, uint32_t mode);
struct proc_file {
    const char *name;
    uint32_t mode;
    void (*show)(struct proc_text *text);
};
void proc_add_files(const struct proc_row *directory, const struct proc_file *files, unsigned count);
void proc_release(struct inode *inode);
int proc_find_name(struct inode *inode, char *to, struct inode **dir);

/* procfs_text.c: bytes as they are; proc_print() is in fs.h. */
void proc_write(struct proc_text *text, const char *bytes, size_t n);
extern const struct file_ops proc_text_ops;

/* procfs_machine.c, procfs_process.c, procfs_links.c: add their rows. */
void proc_add_machine(void);
void proc_add_process(void);
void proc_add_links(void);
extern const struct inode_ops proc_link_ops;
/* A link's mode says what the descriptor is open for, as in Linux. */
uint32_t proc_descriptor_mode(int pid, int fd);
/* Call show(text) with a view of the process, and of its thread `tid` (-1: the first).  0, -ESRCH (it is gone) or
 * -ENOMEM. */
int proc_show(struct proc_text *text, void (*show)(struct proc_text *text), int pid, int tid);

/* The references of a live process's own, or NULL: it is gone. */
struct space *proc_space(int pid);
struct file_table *proc_files(int pid);
/* An inode that the process has at that offset of its struct; NULL also where it has none. */
struct inode *proc_file(int pid, size_t field);
/* Its owner, or -1. */
int64_t proc_owner(int pid);
/* May the running process look into its memory and its files? */
bool proc_permitted(int pid);
/* The lowest pid >= `from`, or -1. */
int proc_next_pid(int from);
/* The lowest tid >= `from` of its threads, or -1. */
int proc_next_thread(int pid, int from);
