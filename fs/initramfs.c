/*
 * initramfs.c - the root's first contents: files from the cpio archives that the boot loader gave.
 *
 * Names are made by the same calls as all others, on a kernel thread, which has every right.  An entry takes the place
 * of what an earlier archive had under its name, except that directories merge, so a second archive can be laid over
 * a first.  A file's data is copied into pages of its own: the archive's memory is given back afterwards.
 */
#include <core/log.h>
#include <fs/cpio.h>
#include <fs/fs.h>
#include <fs/path.h>
#include <fs/ramfs.h>
#include <mm/kmalloc.h>

/* A file with several names; newc stores each name as an entry, and the data with one of them. */
struct linked_file {
    struct linked_file *next;
    uint32_t number, device_major, device_minor;
    char path[];
};

struct unpacking {
    struct cpio cpio;
    struct cpio_entry entry;
    struct linked_file *linked;
    char path[ABI_PATH_MAX];   /* the entry's, from the root on */
    char target[ABI_PATH_MAX]; /* a symbolic link's text */
};

static int set_path(struct unpacking *u)
{
    const char *name = u->entry.name;

    while (name[0] == '.' && name[1] == '/')
        name += 2;
    while (*name == '/')
        name++;
    u->path[0] = '/';
    return strlcpy(u->path + 1, name, ABI_PATH_MAX - 1) < ABI_PATH_MAX - 1 ? 0 : -ENAMETOOLONG;
}

/* Fill an empty file.  Pages that are written whole need no clearing. */
static int write_data(struct inode *inode, const uint8_t *data, uint32_t size)
{
    struct page_store *pages = &ram_inode(inode)->pages;

    for (uint32_t done = 0; done < size; done += PAGE_SIZE) {
        uint32_t part = size - done < PAGE_SIZE ? size - done : PAGE_SIZE;
        struct page *page = page_alloc(0, part < PAGE_SIZE ? PAGE_ZERO : 0);

        if (page == NULL)
            return -ENOMEM;
        memcpy(page_address(page), data + done, part);
        if (!page_store_put(pages, done >> PAGE_SHIFT, page)) {
            page_put(page);
            return -ENOMEM;
        }
    }
    inode->size = size;
    page_store_set_limit(pages, (size + PAGE_SIZE - 1) >> PAGE_SHIFT);
    return 0;
}

/* The first name of the entry's file, or NULL: this is the first. */
static const char *other_name(const struct unpacking *u)
{
    const struct linked_file *file;

    for (file = u->linked; file != NULL; file = file->next)
        if (file->number == u->entry.fields.number && file->device_major == u->entry.fields.device_major &&
            file->device_minor == u->entry.fields.device_minor)
            return file->path;
    return NULL;
}

static int remember_name(struct unpacking *u)
{
    size_t length = strlen(u->path) + 1;
    struct linked_file *file = kmalloc(sizeof(*file) + length);

    if (file == NULL)
        return -ENOMEM;
    file->number = u->entry.fields.number;
    file->device_major = u->entry.fields.device_major;
    file->device_minor = u->entry.fields.device_minor;
    memcpy(file->path, u->path, length);
    file->next = u->linked;
    u->linked = file;
    return 0;
}

static int make_regular(struct unpacking *u)
{
    const char *other = u->entry.fields.links > 1 ? other_name(u) : NULL;

    if (other != NULL)
        return path_link(AT_FDCWD, other, AT_FDCWD, u->path, 0);
    if (u->entry.fields.links > 1 && remember_name(u) != 0)
        return -ENOMEM;
    return path_mknod(AT_FDCWD, u->path, ABI_S_IFREG, 0);
}

static int make_symlink(struct unpacking *u)
{
    if (u->entry.fields.size >= ABI_PATH_MAX)
        return -ENAMETOOLONG;
    memcpy(u->target, u->entry.data, u->entry.fields.size);
    u->target[u->entry.fields.size] = '\0';
    return path_symlink(u->target, AT_FDCWD, u->path);
}

/* Make the name; of a directory that is there already nothing is to be made. */
static int make_name(struct unpacking *u)
{
    uint32_t rdev = RDEV(u->entry.fields.rdev_major, u->entry.fields.rdev_minor);
    int error;

    if ((u->entry.fields.mode & ABI_S_IFMT) == ABI_S_IFDIR) {
        error = path_mkdir(AT_FDCWD, u->path, 0755);
        return error == -EEXIST ? 0 : error;
    }
    error = path_unlink(AT_FDCWD, u->path, 0);
    if (error != 0 && error != -ENOENT)
        return error;
    switch (u->entry.fields.mode & ABI_S_IFMT) {
    case ABI_S_IFREG:
        return make_regular(u);
    case ABI_S_IFLNK:
        return make_symlink(u);
    default:
        return path_mknod(AT_FDCWD, u->path, u->entry.fields.mode, rdev);
    }
}

/* Data, owner, mode and time of what was made. */
static int fill_inode(const struct unpacking *u, struct inode *inode)
{
    const struct cpio_entry *entry = &u->entry;
    int error = 0;

    if (inode_type(inode) != (entry->fields.mode & ABI_S_IFMT))
        return -ENOTDIR;
    if (inode->device != DEVICE_RAMFS)
        return 0; /* the root of another file system keeps what it has */
    mutex_lock(&inode->lock);
    inode->mode = entry->fields.mode & (ABI_S_IFMT | 07777);
    inode->uid = entry->fields.uid;
    inode->gid = entry->fields.gid;
    if (inode_type(inode) == ABI_S_IFREG && entry->fields.size != 0)
        error = write_data(inode, entry->data, entry->fields.size);
    if (entry->fields.mtime != 0)
        inode->atime = inode->mtime = inode->ctime = (int64_t)entry->fields.mtime * 1000000000;
    mutex_unlock(&inode->lock);
    return error;
}

static int unpack_entry(struct unpacking *u)
{
    struct inode *inode;
    int error = set_path(u);

    if (error == 0)
        error = make_name(u);
    if (error != 0)
        return error;
    inode = path_walk(AT_FDCWD, u->path, 0, &error);
    if (inode == NULL)
        return error;
    error = fill_inode(u, inode);
    inode_put(inode);
    return error;
}

static const char *explain(int error)
{
    switch (error) {
    case -ENOMEM:
    case -ENOSPC:
        return "no memory is left for it";
    case -ENOENT:
        return "its directory is not in the archive before it";
    case -ENOTDIR:
    case -EPERM:
        return "a directory and a file have the same name";
    case -ENAMETOOLONG:
        return "its name is too long";
    default:
        return "it cannot be made";
    }
}

static bool unpack_all(struct unpacking *u)
{
    const char *problem = "";

    for (;;) {
        int found = cpio_next(&u->cpio, &u->entry, &problem), error;

        if (found == 0)
            return true;
        if (found < 0) {
            log_line("initrd: corrupt at byte %zu of %zu: %s", u->entry.offset, u->cpio.size, problem);
            return false;
        }
        error = unpack_entry(u);
        if (error != 0) {
            log_line("initrd: %s (at byte %zu): %s", u->entry.name, u->entry.offset, explain(error));
            return false;
        }
    }
}

bool initramfs_unpack(const void *archive, size_t size)
{
    struct unpacking *u = kmalloc(sizeof(*u));
    bool good;

    if (u == NULL) {
        log_line("initrd: no memory");
        return false;
    }
    u->cpio = (struct cpio){.start = archive, .size = size};
    good = unpack_all(u);
    while (u->linked != NULL) {
        struct linked_file *file = u->linked;

        u->linked = file->next;
        kfree(file);
    }
    kfree(u);
    return good;
}
