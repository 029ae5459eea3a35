/*
 * directory.c - reading directories: the same for all file systems, which only tell one entry after the other.
 *
 * A position is what lseek() takes and telldir() gives: "." and ".." have 0 and 1, the rest is the file system's.  An
 * entry that user memory has no room for is told again by the next call.
 */
#include <core/syscalls.h>
#include <fs/inode.h>

/* What one getdents() call has filled so far. */
struct sink {
    uaddr_t to;
    size_t left;
    long filled;
};

/* Append to the user's buffer; `next` is the position behind the entry.  1: done; 0: no room is left; -EFAULT, -EINVAL
 * (the buffer is too small for even the first). */
static int emit(struct sink *sink, const struct directory_entry *entry, abi_off_t next)
{
    union {
        struct abi_dirent entry;
        char bytes[sizeof(struct abi_dirent) + ABI_NAME_MAX + 8];
    } buffer;
    size_t length = (offsetof(struct abi_dirent, d_name) + entry->name.length + 1 + 7) & ~7u;

    if (length > sink->left)
        return sink->filled == 0 ? -EINVAL : 0; /* Linux getdents: EINVAL */
    memset(buffer.bytes, 0, length);
    buffer.entry.d_ino = entry->number;
    buffer.entry.d_off = next;
    buffer.entry.d_reclen = (uint16_t)length;
    buffer.entry.d_type = (uint8_t)(entry->mode >> 12);
    memcpy(buffer.entry.d_name, entry->name.text, entry->name.length);
    if (copy_to_user(sink->to, &buffer, length) != 0)
        return -EFAULT;
    sink->to += length;
    sink->left -= length;
    sink->filled += (long)length;
    return 1;
}

/* The entry at *position or behind it, as the operation `entry` tells it. */
static int next_entry(struct inode *dir, abi_off_t *position, struct directory_entry *entry)
{
    if (*position >= FIRST_POSITION)
        return dir->ops->entry(dir, position, entry);
    entry->name = (struct name){"..", (unsigned)++*position};
    entry->number = *position == 1 ? dir->number : dir->parent->number;
    entry->mode = ABI_S_IFDIR;
    return 1;
}

/* A directory that was removed has no entries at all, not even dots. */
static long list_entries(struct file *file, uaddr_t buffer, size_t size)
{
    struct sink sink = {.to = buffer, .left = size};
    struct inode *dir = file->inode;
    struct directory_entry entry;
    int result = 1;

    mutex_lock(&dir->lock);
    while (result == 1 && dir->links != 0) {
        abi_off_t next = file->position;

        result = next_entry(dir, &next, &entry);
        if (result == 1)
            result = emit(&sink, &entry, next);
        if (result == 1)
            file->position = next;
    }
    inode_was_read(dir);
    mutex_unlock(&dir->lock);
    return sink.filled != 0 || result > 0 ? sink.filled : result;
}

long sys_getdents(int fd, uaddr_t buffer, uint32_t size)
{
    struct file *file = fd_get(fd);
    long result;

    if (file == NULL)
        return -EBADF; /* POSIX readdir: EBADF */
    if (file->inode == NULL || !inode_is_dir(file->inode))
        result = -ENOTDIR;
    else if (file->flags & O_SEARCH)
        result = -EBADF; /* open for searching alone */
    else
        result = list_entries(file, buffer, size);
    fd_put(file);
    return result;
}

static long directory_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    return -EISDIR; /* POSIX read: EISDIR */
}

const struct file_ops directory_file_ops = {
    .read = directory_read,
    .seek = inode_seek,
};
