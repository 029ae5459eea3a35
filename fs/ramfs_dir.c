/*
 * ramfs_dir.c - a directory's table of names, and reading it.
 *
 * Two arrays of one size: `buckets` are the heads of hash chains, to find a name; `slots` has each entry at a place
 * that never changes while the entry lives, to read the directory in order.  An entry's place is its position for
 * lseek(), so a position stays good whatever comes and goes around it, and each entry that stays is seen exactly
 * once.  A free slot is taken again by the next new entry, the last freed first; an odd number in it leads to the
 * next free one.
 *
 * All costs are constant but for growth, which doubles both arrays, and for reading on where much was removed: the
 * free slots at the beginning alone are known.
 * The directory's inode lock guards the table; inode_names_lock guards which entry is the name of an inode.
 */
#include <fs/ramfs.h>
#include <mm/kmalloc.h>

#define FIRST_SIZE 8u

/* FNV-1a. */
static uint32_t name_hash(struct name name)
{
    uint32_t hash = 2166136261u;

    for (unsigned i = 0; i < name.length; i++)
        hash = (hash ^ (uint8_t)name.text[i]) * 16777619u;
    return hash;
}

struct ram_entry *ram_entry_create(struct name name)
{
    struct ram_entry *entry = kmalloc(sizeof(struct ram_entry) + name.length);

    if (entry == NULL)
        return NULL;
    entry->hash = name_hash(name);
    entry->length = (uint8_t)name.length;
    memcpy(entry->name, name.text, name.length);
    return entry;
}

void ram_entry_free(struct ram_entry *entry)
{
    kfree(entry);
}

struct ram_entry *ram_directory_find(struct ram_directory *directory, struct name name)
{
    uint32_t hash = name_hash(name);
    struct ram_entry *entry;

    if (directory->size == 0)
        return NULL;
    for (entry = directory->buckets[hash & (directory->size - 1)]; entry != NULL; entry = entry->next)
        if (entry->hash == hash && name_equal((struct name){entry->name, entry->length}, name))
            break;
    return entry;
}

static void bucket_insert(struct ram_directory *directory, struct ram_entry *entry)
{
    struct ram_entry **bucket = &directory->buckets[entry->hash & (directory->size - 1)];

    entry->next = *bucket;
    *bucket = entry;
}

static struct ram_entry *slot_entry(const struct ram_directory *directory, uint32_t slot)
{
    uintptr_t value = directory->slots[slot];

    return value & 1 ? NULL : (struct ram_entry *)value;
}

bool ram_directory_reserve(struct ram_directory *directory)
{
    uint32_t size = directory->size == 0 ? FIRST_SIZE : 2 * directory->size;
    uintptr_t *slots;

    if (directory->free != 0 || directory->used < directory->size)
        return true;
    slots = kmalloc(size * (sizeof(uintptr_t) + sizeof(struct ram_entry *)));
    if (slots == NULL)
        return false;
    if (directory->size != 0)
        memcpy(slots, directory->slots, directory->size * sizeof(uintptr_t));
    kfree(directory->slots);
    directory->slots = slots;
    directory->buckets = (struct ram_entry **)(slots + size);
    directory->size = size;
    for (uint32_t slot = 0; slot < directory->used; slot++)
        if (slot_entry(directory, slot) != NULL)
            bucket_insert(directory, slot_entry(directory, slot));
    return true;
}

void ram_directory_insert(struct ram_directory *directory, struct ram_entry *entry)
{
    uint32_t slot = directory->used;

    if (directory->free != 0) {
        slot = directory->free - 1;
        directory->free = (uint32_t)(directory->slots[slot] >> 1);
    } else {
        directory->used++;
    }
    directory->slots[slot] = (uintptr_t)entry;
    if (slot < directory->first)
        directory->first = slot;
    entry->slot = slot;
    bucket_insert(directory, entry);
    directory->count++;
}

void ram_directory_remove(struct ram_directory *directory, struct ram_entry *entry)
{
    struct ram_entry **link = &directory->buckets[entry->hash & (directory->size - 1)];

    while (*link != entry)
        link = &(*link)->next;
    *link = entry->next;
    directory->slots[entry->slot] = (uintptr_t)directory->free << 1 | 1;
    directory->free = entry->slot + 1;
    directory->count--;
}

void ram_directory_free(struct ram_directory *directory)
{
    kfree(directory->slots);
    *directory = (struct ram_directory){0};
}

int ramfs_entry(struct inode *dir, abi_off_t *position, struct directory_entry *entry)
{
    struct ram_directory *directory = &ram_inode(dir)->directory;
    uint64_t start = (uint64_t)*position - FIRST_POSITION;
    bool from_first = start <= directory->first;

    for (uint64_t slot = from_first ? directory->first : start; slot < directory->used; slot++) {
        const struct ram_entry *found = slot_entry(directory, (uint32_t)slot);

        if (found == NULL)
            continue;
        if (from_first)
            directory->first = (uint32_t)slot;
        entry->name = (struct name){found->name, found->length};
        entry->number = found->inode->number;
        entry->mode = found->inode->mode;
        *position = (abi_off_t)slot + FIRST_POSITION + 1;
        return 1;
    }
    return 0;
}
