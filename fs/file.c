/*
 * file.c - open files: what descriptors point to.
 *
 * An open file is counted: each descriptor that leads to it holds one reference, and so does a call under way in a
 * process of several threads.  The last one releases it.  The object behind it has locks of its own; an open file needs
 * none, for its only variable field that is no single word, the position, is guarded by the inode's lock.
 */
#include <fs/file_lock.h>
#include <mm/kmalloc.h>

OBJECT_CACHE(file_cache, "file", sizeof(struct file));

struct file *file_create(const struct file_ops *ops, uint32_t flags, struct inode *inode, void *object)
{
    struct file *file = cache_alloc(&file_cache);

    if (file == NULL)
        return NULL;
    file->references = 1;
    file->flags = flags;
    file->ops = ops;
    file->inode = inode;
    file->object = object;
    return file;
}

void file_get(struct file *file)
{
    __atomic_fetch_add(&file->references, 1, __ATOMIC_RELAXED);
}

void file_put(struct file *file)
{
    debug_may_sleep();
    if (file->ops != NULL && file->ops->put != NULL)
        file->ops->put(file);
    else
        file_drop(file);
}

void file_drop(struct file *file)
{
    if (__atomic_sub_fetch(&file->references, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    if (file->inode != NULL && file->inode->locks != NULL)
        file_lock_drop(file->inode, NULL, file);
    if (file->ops != NULL && file->ops->release != NULL)
        file->ops->release(file);
    inode_put(file->inode);
    cache_free(&file_cache, file);
}

abi_off_t file_seek(abi_off_t position, abi_off_t size, abi_off_t offset, int whence)
{
    abi_off_t base, target;

    if (whence == SEEK_SET)
        base = 0;
    else if (whence == SEEK_CUR)
        base = position;
    else if (whence == SEEK_END)
        base = size;
    else
        return -EINVAL; /* POSIX lseek: EINVAL */
    if (__builtin_add_overflow(base, offset, &target))
        return -EOVERFLOW; /* POSIX lseek: EOVERFLOW */
    if (target < 0)
        return -EINVAL; /* POSIX lseek: EINVAL */
    return target;
}

long file_read_text(const char *text, size_t length, struct uio *uio, abi_off_t *position)
{
    size_t n;

    if (*position >= (abi_off_t)length)
        return 0;
    n = length - (size_t)*position;
    if (n > uio->left)
        n = uio->left;
    if (uio_copy_out(uio, text + *position, n) != 0)
        return -EFAULT;
    *position += (abi_off_t)n;
    return (long)n;
}
