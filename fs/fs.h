/*
 * fs.h - what boot and upper folders call of the file systems.
 */
#pragma once

#include <fs/inode.h>

/* At boot, in this order: the root directory; its /dev; its /proc; then what the archive holds. */
void ramfs_start(void);
void devices_start(void);
void procfs_start(void);
/* How many inodes the RAM file system has, and how many more would fit into so many pages. */
uint32_t ramfs_inode_count(void);
uint64_t ramfs_inodes_in(uint64_t pages);
/* Unpack newc cpio archives (several may follow one another) into the root; on a corrupt one logs where and what and
 * answers false, keeping what came before. */
bool initramfs_unpack(const void *archive, size_t size);

/* /proc/PATH made by upper folders at boot, with the directories that its slashes name: `show` writes text with
 * proc_print(); it may sleep.  With a spinlock held nothing can be printed but by proc_print_locked(). */
struct proc_text;
void procfs_add(const char *path, void (*show)(struct proc_text *text));
/* The same for a number that the superuser may set: a word that its user reads without a lock. */
void procfs_add_limit(const char *path, uint32_t *value, uint32_t lowest, uint32_t highest);
/* The same from 0 on, and `changed` is called when it was written. */
void procfs_add_control(const char *path, uint32_t *value, uint32_t highest, void (*changed)(void));
void proc_print(struct proc_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Calls print(text, context) with `lock` held, and again where the text had to become larger meanwhile. */
typedef void proc_printer(struct proc_text *text, const void *context);
void proc_print_locked(struct proc_text *text, struct spinlock *lock, proc_printer *print, const void *context);
/* A space and the pids of the threads that wait on `queue`, with commas between them, or "-"; `lock` guards it. */
void proc_print_waiters(struct proc_text *text, const struct wait_queue *queue, struct spinlock *lock);
/* The same for the processes with a descriptor of `inode` that is open to read (R_OK) or to write (W_OK).  Looks at all
 * descriptors that there are. */
void proc_print_holders(struct proc_text *text, const struct inode *inode, unsigned access);

/* drivers/terminal.c, for /proc/PID/stat: the device number of the terminal's node, and the id of its foreground group.
 * processes_lock held. */
struct terminal;
void terminal_describe(const struct terminal *terminal, uint32_t *rdev, int *foreground);

/* Bytes that nobody can guess (as /dev/urandom gives): exec's AT_RANDOM, hash seeds.  Never sleeps. */
void random_fill(void *to, size_t n);
