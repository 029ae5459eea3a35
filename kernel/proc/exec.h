/*
 * exec.h - what exec's three files share.
 */
#pragma once

#include <abi/layout.h>
#include <fs/inode.h>
#include <mm/page.h>
#include <mm/space.h>

/* The limit of all strings and their pointers together; <limits.h> has it as ARG_MAX. */
#define EXEC_STRINGS_MAX 131072u

/*
 * The strings of argv and envp and the program's path, one behind another in a block of pages that grows; the offset of
 * each is noted from the block's end downwards.
 */
struct exec_strings {
    char *bytes;
    unsigned order; /* of the block: PAGE_SIZE << order bytes */
    uint32_t used;  /* bytes of strings */
    uint32_t count; /* strings */
    uint32_t argument_count;
};

/* 0 or -ENOMEM; strings_free() in any case. */
int strings_init(struct exec_strings *strings);
void strings_free(struct exec_strings *strings);
/* 0, -E2BIG, -ENOMEM. */
int strings_add(struct exec_strings *strings, const char *string);
/* The strings of a user's array from element `first` to its NULL.  Also -EFAULT. */
int strings_add_vector(struct exec_strings *strings, uaddr_t vector, unsigned first);
/* Where string number n starts in bytes[]. */
uint32_t strings_offset(const struct exec_strings *strings, unsigned n);

/* What the program's file says. */
struct program {
    uaddr_t entry;
    uaddr_t headers; /* its program headers in memory; 0: not mapped */
    uint32_t header_count;
    uaddr_t end; /* of its last segment */
};

/* Map the ELF file `inode` into `space`.  0, -ENOEXEC, -ENOMEM, or a read error: throw the space away. */
int elf_load(struct inode *inode, struct space *space, struct program *program);
