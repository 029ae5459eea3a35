/*
 * ramfs.h - inside the RAM file system: its inodes and its directories.
 */
#pragma once

#include <fs/inode.h>
#include <mm/page_store.h>

/* A name in a directory.  It holds a reference of the inode, and has its place in the directory's array as long as it
 * lives, which is its seek position. */
struct ram_entry {
    struct ram_entry *next; /* of the same hash bucket */
    struct inode *inode;
    struct inode *dir; /* n  where it stands */
    uint32_t hash;
    uint32_t slot;
    uint8_t length;
    char name[];
};

/* All zero: empty. */
struct ram_directory {
    uintptr_t *slots;           /* an entry, or (next free slot + 1) << 1 | 1 */
    struct ram_entry **buckets; /* as many as slots; in the same block */
    uint32_t size;              /* of both; a power of 2, or 0 */
    uint32_t used;              /* slots that were ever used */
    uint32_t free;              /* the first free one among those, plus 1; 0: none */
    uint32_t count;             /* entries */
    uint32_t first;             /* no entry has a slot below */
};

struct ram_inode {
    struct inode inode;
    struct ram_entry *entry; /* n  one of its names, or NULL */
    union {                  /* by type; l */
        struct {
            struct page_store pages;
            uint32_t mapped; /* a  areas that map the file */
        };
        struct ram_directory directory;
        char *target;
    };
};

static inline struct ram_inode *ram_inode(struct inode *inode)
{
    return container_of(inode, struct ram_inode, inode);
}

extern const struct inode_ops ramfs_inode_ops;
extern const struct file_ops ramfs_file_ops;

/* ramfs_dir.c.  All want the directory's inode locked. */
struct ram_entry *ram_entry_create(struct name name); /* NULL: no memory */
void ram_entry_free(struct ram_entry *entry);
struct ram_entry *ram_directory_find(struct ram_directory *directory, struct name name);
/* Make sure of room for one more entry.  False: no memory. */
bool ram_directory_reserve(struct ram_directory *directory);
/* Put the entry in; room is there. */
void ram_directory_insert(struct ram_directory *directory, struct ram_entry *entry);
void ram_directory_remove(struct ram_directory *directory, struct ram_entry *entry);
void ram_directory_free(struct ram_directory *directory);

/* A new name `name` for `inode` in the directory `dir`, locked; takes over the reference of `inode`. False: no
 * memory. */
bool ramfs_add(struct inode *dir, struct name name, struct inode *inode);
/* Operations of a directory that others may use for theirs: a ram_inode with operations of their own. */
struct inode *ramfs_lookup(struct inode *dir, struct name name, int *error);
int ramfs_entry(struct inode *dir, abi_off_t *position, struct directory_entry *entry);
int ramfs_unlink(struct inode *dir, struct name name, struct inode *target);
/* ramfs_data.c */
int ramfs_truncate(struct inode *inode, abi_off_t size);
