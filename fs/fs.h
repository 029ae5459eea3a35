/*
 * fs.h - what boot and upper folders call of the file systems.
 */
#pragma once

#include <fs/inode.h>

void ramfs_start(void);
/* Unpack newc cpio archives (several may follow one another) into the root; on a corrupt one logs where and what and
 * answers false, keeping what came before. */
bool initramfs_unpack(const void *archive, size_t size);
void devices_start(void); /* /dev */
void procfs_start(void);  /* /proc */
/* /proc/NAME made by upper folders: `show` writes text with proc_print(). */
struct proc_text;
void procfs_add(const char *name, void (*show)(struct proc_text *text));
void proc_print(struct proc_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
