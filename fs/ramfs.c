/*
 * ramfs.c - the RAM file system: inodes, and what the calls on names do to them.
 *
 * A ram_inode has, by its type, a directory's table, a file's pages, or a link's text; devices, FIFOs and sockets have
 * nothing.  Permissions and POSIX's rules have been checked by path_*.c, which also hold the locks; here a change is
 * prepared (memory), after which it cannot fail any more, and made.
 */
#include <fs/fs.h>
#include <fs/ramfs.h>
#include <mm/kmalloc.h>

OBJECT_CACHE(inode_cache, "inode", sizeof(struct ram_inode));

struct inode *root_inode;

uint32_t ramfs_inode_count(void)
{
    return __atomic_load_n(&inode_cache.live, __ATOMIC_RELAXED);
}

uint64_t ramfs_inodes_in(uint64_t pages)
{
    return pages * (PAGE_SIZE / sizeof(struct ram_inode));
}

/* A new inode without a name, with one reference; NULL: no memory. */
static struct inode *ramfs_create_inode(const struct inode_request *request)
{
    struct ram_inode *node = cache_alloc(&inode_cache);
    struct inode *inode;

    if (node == NULL)
        return NULL;
    inode = &node->inode;
    inode_init(inode, &ramfs_inode_ops, request->mode, DEVICE_RAMFS, inode_number());
    inode->uid = request->uid;
    inode->gid = request->gid;
    inode->rdev = request->rdev;
    if (inode_type(inode) == ABI_S_IFREG)
        page_store_init(&node->pages, 0);
    if (inode_type(inode) != ABI_S_IFLNK)
        return inode;
    inode->size = (abi_off_t)strlen(request->target);
    node->target = kmalloc((size_t)inode->size + 1);
    if (node->target == NULL) {
        cache_free(&inode_cache, node);
        return NULL;
    }
    memcpy(node->target, request->target, (size_t)inode->size);
    return inode;
}

static void ramfs_release(struct inode *inode)
{
    struct ram_inode *node = ram_inode(inode);

    switch (inode_type(inode)) {
    case ABI_S_IFREG:
        page_store_cut(&node->pages, 0, PAGE_TREE_MAX);
        break;
    case ABI_S_IFDIR:
        ram_directory_free(&node->directory);
        break;
    case ABI_S_IFLNK:
        kfree(node->target);
        break;
    default:
        fifo_release(inode);
        break;
    }
    cache_free(&inode_cache, node);
}

/* The table of `dir` has changed. */
static void directory_changed(struct inode *dir)
{
    struct ram_directory *directory = &ram_inode(dir)->directory;

    if (directory->count == 0)
        ram_directory_free(directory);
    dir->size = (abi_off_t)directory->count * (abi_off_t)sizeof(struct ram_entry);
    inode_changed(dir);
}

/* Make `entry` of `dir` stand for `inode`.  A foreign inode (another file system's root) knows its name itself. */
static void entry_assign(struct ram_entry *entry, struct inode *dir, struct inode *inode)
{
    spin_lock(&inode_names_lock);
    entry->dir = dir;
    entry->inode = inode;
    if (inode->ops == &ramfs_inode_ops)
        ram_inode(inode)->entry = entry;
    spin_unlock(&inode_names_lock);
}

/* `entry` is no name of `inode` any more. */
static void entry_forget(const struct ram_entry *entry, struct inode *inode)
{
    spin_lock(&inode_names_lock);
    if (inode->ops == &ramfs_inode_ops && ram_inode(inode)->entry == entry)
        ram_inode(inode)->entry = NULL;
    spin_unlock(&inode_names_lock);
}

/* Take the entry out and free it; its reference of the inode is the caller's now. */
static void entry_remove(struct inode *dir, struct ram_entry *entry)
{
    ram_directory_remove(&ram_inode(dir)->directory, entry);
    entry_forget(entry, entry->inode);
    ram_entry_free(entry);
}

bool ramfs_add(struct inode *dir, struct name name, struct inode *inode)
{
    struct ram_directory *directory = &ram_inode(dir)->directory;
    struct ram_entry *entry = ram_entry_create(name);

    if (entry == NULL || !ram_directory_reserve(directory)) {
        ram_entry_free(entry);
        return false;
    }
    entry_assign(entry, dir, inode);
    ram_directory_insert(directory, entry);
    directory_changed(dir);
    return true;
}

struct inode *ramfs_lookup(struct inode *dir, struct name name, int *error)
{
    struct ram_entry *entry = ram_directory_find(&ram_inode(dir)->directory, name);

    if (entry == NULL) {
        *error = -ENOENT;
        return NULL;
    }
    inode_get(entry->inode);
    return entry->inode;
}

static int ramfs_create(struct inode *dir, struct name name, const struct inode_request *request, struct inode **made)
{
    struct inode *inode = ramfs_create_inode(request);

    if (inode == NULL)
        return -ENOSPC; /* POSIX open, mkdir, mknod, symlink: ENOSPC */
    if (!ramfs_add(dir, name, inode)) {
        inode_put(inode);
        return -ENOSPC;
    }
    if (inode_is_dir(inode)) {
        inode_get(dir);
        inode->parent = dir;
        inode->links = 2;
        dir->links++;
    }
    inode_get(inode);
    *made = inode;
    return 0;
}

static struct inode *ramfs_create_unnamed(const struct inode_request *request)
{
    struct inode *inode = ramfs_create_inode(request);

    if (inode != NULL) {
        inode->links = 0;
        inode->linkable = true;
    }
    return inode;
}

static int ramfs_link(struct inode *dir, struct name name, struct inode *target)
{
    inode_get(target);
    if (!ramfs_add(dir, name, target)) {
        inode_put(target);
        return -ENOSPC; /* POSIX link: ENOSPC */
    }
    target->links++;
    inode_touched(target);
    return 0;
}

static bool directory_full(struct inode *inode)
{
    return inode_is_dir(inode) && ram_inode(inode)->directory.count != 0;
}

/* `inode` has lost a name in `dir`, and that name's reference; the caller has one of its own. */
static void name_lost(struct inode *dir, struct inode *inode)
{
    inode->links--;
    if (inode_is_dir(inode)) {
        inode->links = 0;
        dir->links--;
    }
    inode_touched(inode);
    inode_put(inode);
}

int ramfs_unlink(struct inode *dir, struct name name, struct inode *target)
{
    if (directory_full(target))
        return -ENOTEMPTY; /* POSIX rmdir: ENOTEMPTY */
    entry_remove(dir, ram_directory_find(&ram_inode(dir)->directory, name));
    directory_changed(dir);
    name_lost(dir, target);
    return 0;
}

/* The directory `moved` has come from `from_dir` to `to_dir`. */
static void directory_moved(struct inode *moved, struct inode *from_dir, struct inode *to_dir)
{
    inode_get(to_dir);
    spin_lock(&inode_names_lock);
    moved->parent = to_dir;
    spin_unlock(&inode_names_lock);
    from_dir->links--;
    to_dir->links++;
    inode_put(from_dir);
}

/* The reference that the old entry held passes on to the new one. */
static int ramfs_rename(struct inode *from_dir, struct name from, struct inode *to_dir, struct name to,
                        struct inode *moved, struct inode *over)
{
    struct ram_directory *target = &ram_inode(to_dir)->directory;
    struct ram_entry *entry = NULL;

    if (over != NULL && directory_full(over))
        return -ENOTEMPTY; /* POSIX rename: ENOTEMPTY */
    if (over == NULL) {
        entry = ram_entry_create(to);
        if (entry == NULL || (from_dir != to_dir && !ram_directory_reserve(target))) {
            ram_entry_free(entry);
            return -ENOSPC; /* POSIX rename: ENOSPC */
        }
    }
    entry_remove(from_dir, ram_directory_find(&ram_inode(from_dir)->directory, from));
    if (over == NULL) {
        ram_directory_insert(target, entry); /* in one directory: into the slot that has just come free */
    } else {
        entry = ram_directory_find(target, to);
        entry_forget(entry, over);
        name_lost(to_dir, over);
    }
    entry_assign(entry, to_dir, moved);
    if (inode_is_dir(moved) && from_dir != to_dir)
        directory_moved(moved, from_dir, to_dir);
    directory_changed(from_dir);
    directory_changed(to_dir);
    inode_touched(moved);
    return 0;
}

static long ramfs_readlink(struct inode *inode, char *to, size_t size)
{
    size_t length = (size_t)inode->size;

    if (length > size)
        length = size;
    memcpy(to, ram_inode(inode)->target, length);
    return (long)length;
}

static int ramfs_open(struct inode *inode, struct file *file)
{
    int error;

    if (inode_type(inode) != ABI_S_IFREG)
        return special_open(inode, file);
    error = file_writable(file) ? inode_use(inode, INODE_WRITE) : 0;
    if (error == 0)
        file->ops = &ramfs_file_ops;
    return error;
}

static void ramfs_refresh(struct inode *inode)
{
    if (inode_type(inode) == ABI_S_IFREG)
        inode->blocks = (uint64_t)ram_inode(inode)->pages.count * (PAGE_SIZE / 512);
    else if (inode_type(inode) == ABI_S_IFIFO)
        fifo_refresh(inode);
}

static int ramfs_find_name(struct inode *inode, char *to, struct inode **dir)
{
    struct ram_entry *entry;

    spin_lock(&inode_names_lock);
    entry = ram_inode(inode)->entry;
    if (entry != NULL) {
        memcpy(to, entry->name, entry->length);
        to[entry->length] = '\0';
        inode_get(entry->dir);
        *dir = entry->dir;
    }
    spin_unlock(&inode_names_lock);
    return entry != NULL ? 0 : -ENOENT;
}

const struct inode_ops ramfs_inode_ops = {
    .lookup = ramfs_lookup,
    .entry = ramfs_entry,
    .create = ramfs_create,
    .create_unnamed = ramfs_create_unnamed,
    .link = ramfs_link,
    .unlink = ramfs_unlink,
    .rename = ramfs_rename,
    .readlink = ramfs_readlink,
    .open = ramfs_open,
    .truncate = ramfs_truncate,
    .refresh = ramfs_refresh,
    .find_name = ramfs_find_name,
    .release = ramfs_release,
};

void ramfs_start(void)
{
    static const struct inode_request request = {.mode = ABI_S_IFDIR | 0755};

    root_inode = ramfs_create_inode(&request);
    kassert(root_inode != NULL);
    inode_get(root_inode);
    root_inode->parent = root_inode;
    root_inode->links = 2;
}
