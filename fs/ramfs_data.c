/*
 * ramfs_data.c - the contents of regular files: reading, writing, cutting, mapping.
 *
 * Bytes move straight between user memory and the file's pages, under the inode's mutex.  The pages are also what mmap
 * and exec map, so there is one copy of a program in memory however many run it.  A fault gets its page without the
 * mutex (mm/page_store.h), for it may come from the copy that holds it.
 *
 * A file ends at inode->size; beyond it the last page is zero, unless a program wrote there through a mapping: hence a
 * file that grows past such a place clears it first.  Pages behind the last one are there where fallocate() wanted
 * them, and are zero.
 */
#include <fs/path.h>
#include <fs/procfs.h>
#include <fs/ramfs.h>
#include <mm/space.h>

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How much of [position, position + left) lies in the page that holds `position`. */
static size_t within_page(abi_off_t position, size_t left)
{
    return smaller(left, PAGE_SIZE - ((uint32_t)position & (PAGE_SIZE - 1)));
}

static uint32_t page_index(abi_off_t position)
{
    return (uint32_t)(position >> PAGE_SHIFT);
}

static uint32_t pages_for(abi_off_t size)
{
    return (uint32_t)((size + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

static char *page_byte(struct page *page, abi_off_t position)
{
    return (char *)page_address(page) + ((uint32_t)position & (PAGE_SIZE - 1));
}

/* How many bytes of `left` there are from `position` to the end of the file. */
static size_t readable(const struct inode *inode, abi_off_t position, size_t left)
{
    if (position >= inode->size)
        return 0;
    return inode->size - position < (abi_off_t)left ? (size_t)(inode->size - position) : left;
}

static long read_at(struct inode *inode, struct uio *uio, abi_off_t position)
{
    size_t n = readable(inode, position, uio->left), moved = 0;
    int error = 0;

    while (moved < n && error == 0) {
        size_t part = within_page(position + (abi_off_t)moved, n - moved);
        struct page *page = page_store_find(&ram_inode(inode)->pages, page_index(position + (abi_off_t)moved));

        error =
            page != NULL ? uio_copy_out(uio, page_byte(page, position + (abi_off_t)moved), part) : uio_clear(uio, part);
        if (error == 0)
            moved += part;
    }
    return moved != 0 ? (long)moved : error;
}

static long ramfs_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    struct inode *inode = file->inode;
    long result;

    mutex_lock(&inode->lock);
    result = read_at(inode, uio, *position);
    if (result > 0) {
        *position += result;
        inode_was_read(inode);
    }
    mutex_unlock(&inode->lock);
    return result;
}

/* The largest size that the running process may give a file. */
static abi_off_t size_limit(void)
{
    struct process *process = current->process;
    uint64_t limit = process != NULL ? process->limits[RLIMIT_FSIZE].rlim_cur : RLIM_INFINITY;

    return limit < (uint64_t)ABI_FILE_SIZE_MAX ? (abi_off_t)limit : ABI_FILE_SIZE_MAX;
}

/* A program's file that changes is not trusted with its owner's rights any more. */
static void drop_set_ids(struct inode *inode)
{
    if (credentials_superuser() || (inode->mode & (ABI_S_ISUID | ABI_S_ISGID)) == 0)
        return;
    inode->mode &= ~ABI_S_ISUID;
    if (inode->mode & 0010)
        inode->mode &= ~ABI_S_ISGID;
}

/* Clear [from, to) of one page, if it is there. */
static void clear_part(struct inode *inode, abi_off_t from, abi_off_t to)
{
    struct page *page = from < to ? page_store_find(&ram_inode(inode)->pages, page_index(from)) : NULL;

    if (page != NULL)
        memset(page_byte(page, from), 0, (size_t)(to - from));
}

/* What a mapping may have written behind the end. */
static void clear_behind_end(struct inode *inode)
{
    clear_part(inode, inode->size, (abi_off_t)pages_for(inode->size) << PAGE_SHIFT);
}

static void set_size(struct inode *inode, abi_off_t size)
{
    inode->size = size;
    page_store_set_limit(&ram_inode(inode)->pages, pages_for(size));
}

/* The file ends at `size` and has no pages behind. */
static void cut(struct inode *inode, abi_off_t size)
{
    set_size(inode, size);
    page_store_cut(&ram_inode(inode)->pages, pages_for(size), PAGE_TREE_MAX);
    clear_behind_end(inode);
}

/* Move n bytes in; answers how many, *error says why not all.  The file's size stays. */
static size_t write_pages(struct inode *inode, struct uio *uio, abi_off_t position, size_t n, int *error)
{
    size_t moved = 0;

    *error = 0;
    while (moved < n && *error == 0) {
        size_t part = within_page(position, n - moved);
        struct page *page = page_store_make(&ram_inode(inode)->pages, page_index(position));

        if (page == NULL)
            *error = -ENOSPC; /* POSIX write: ENOSPC */
        else
            *error = uio_copy_in(uio, page_byte(page, position), part);
        if (*error != 0)
            break;
        page_written(page);
        moved += part;
        position += (abi_off_t)part;
    }
    return moved;
}

static long write_at(struct inode *inode, struct uio *uio, abi_off_t position)
{
    abi_off_t limit = size_limit(), end;
    size_t n = uio->left, moved;
    int error;

    if (n == 0)
        return 0;
    if (position >= limit)
        return -EFBIG; /* POSIX write: EFBIG */
    if (limit - position < (abi_off_t)n)
        n = (size_t)(limit - position);
    if (position > inode->size)
        clear_behind_end(inode);
    moved = write_pages(inode, uio, position, n, &error);
    end = position + (abi_off_t)moved;
    if (moved != 0 && end > inode->size)
        set_size(inode, end);
    if (error != 0)
        cut(inode, inode->size); /* what a failed copy left behind the end */
    if (moved == 0)
        return error;
    drop_set_ids(inode);
    inode_changed(inode);
    return (long)moved;
}

/* O_APPEND does not concern pwrite(), which brings a position of its own. */
static long ramfs_write(struct file *file, struct uio *uio, abi_off_t *position)
{
    struct inode *inode = file->inode;
    long result;

    mutex_lock(&inode->lock);
    if (file->flags & O_APPEND && position == &file->position)
        *position = inode->size;
    result = write_at(inode, uio, *position);
    if (result > 0)
        *position += result;
    mutex_unlock(&inode->lock);
    return result;
}

/* Pages [first, end) are gone: whoever has mapped them asks anew, and behind the file's end gets SIGBUS, as POSIX says
 * of a file that became shorter. */
static void forget_mapped(struct inode *inode, uint32_t first, uint32_t end, bool shared_only)
{
    if (__atomic_load_n(&ram_inode(inode)->mapped, __ATOMIC_ACQUIRE) == 0)
        return;
    for (int pid = proc_next_pid(1); pid > 0; pid = proc_next_pid(pid + 1)) {
        struct space *space = proc_space(pid);

        if (space != NULL) {
            space_forget(space, inode, first, end, shared_only);
            space_put(space);
        }
    }
}

int ramfs_truncate(struct inode *inode, abi_off_t size)
{
    if (size > inode->size) {
        if (size > size_limit())
            return -EFBIG; /* POSIX ftruncate: EFBIG */
        clear_behind_end(inode);
        set_size(inode, size);
    } else {
        cut(inode, size);
        forget_mapped(inode, pages_for(size), PAGE_TREE_MAX, false);
    }
    drop_set_ids(inode);
    inode_changed(inode);
    return 0;
}

static int allocate(struct inode *inode, abi_off_t offset, abi_off_t end, bool keep_size)
{
    for (uint32_t index = page_index(offset); index < pages_for(end); index++)
        if (page_store_make(&ram_inode(inode)->pages, index) == NULL) {
            cut(inode, inode->size);
            return -ENOSPC; /* POSIX posix_fallocate: ENOSPC; pages of zeros in what were holes may stay */
        }
    if (end > inode->size && !keep_size) {
        clear_behind_end(inode);
        set_size(inode, end);
    }
    return 0;
}

/* Whole pages go, the rest is cleared. */
static void punch_hole(struct inode *inode, abi_off_t offset, abi_off_t end)
{
    uint32_t first, last;

    if (end > ABI_FILE_SIZE_MAX)
        end = ABI_FILE_SIZE_MAX;
    if (offset >= end)
        return;
    first = pages_for(offset);
    last = page_index(end);
    if (first > last) {
        clear_part(inode, offset, end);
        return;
    }
    clear_part(inode, offset, (abi_off_t)first << PAGE_SHIFT);
    clear_part(inode, (abi_off_t)last << PAGE_SHIFT, end);
    page_store_cut(&ram_inode(inode)->pages, first, last);
    forget_mapped(inode, first, last, true);
}

int inode_allocate(struct inode *inode, int mode, abi_off_t offset, abi_off_t length)
{
    abi_off_t end = offset + length;
    bool punch = mode & FALLOC_FL_PUNCH_HOLE;
    int error = 0;

    if (inode->ops != &ramfs_inode_ops || inode_type(inode) != ABI_S_IFREG)
        return inode_type(inode) == ABI_S_IFIFO ? -ESPIPE : -ENODEV; /* POSIX posix_fallocate: ESPIPE, ENODEV */
    if (!punch && end > size_limit())
        return -EFBIG; /* POSIX posix_fallocate: EFBIG */
    if (!punch && (uint64_t)length >> PAGE_SHIFT > page_user_free_count())
        return -ENOSPC; /* POSIX posix_fallocate: ENOSPC */
    mutex_lock(&inode->lock);
    if (punch)
        punch_hole(inode, offset, end);
    else
        error = allocate(inode, offset, end, mode & FALLOC_FL_KEEP_SIZE);
    if (error == 0)
        inode_changed(inode);
    mutex_unlock(&inode->lock);
    return error;
}

long inode_read(struct inode *inode, abi_off_t position, void *to, size_t n)
{
    size_t moved = 0;

    if (inode->ops != &ramfs_inode_ops || inode_type(inode) != ABI_S_IFREG)
        return -EINVAL;
    mutex_lock(&inode->lock);
    n = readable(inode, position, n);
    while (moved < n) {
        size_t part = within_page(position, n - moved);
        struct page *page = page_store_find(&ram_inode(inode)->pages, page_index(position));

        if (page != NULL)
            memcpy((char *)to + moved, page_byte(page, position), part);
        else
            memset((char *)to + moved, 0, part);
        moved += part;
        position += (abi_off_t)part;
    }
    mutex_unlock(&inode->lock);
    return (long)moved;
}

static struct page *backing_page(void *object, uint32_t offset, bool write, int *error)
{
    if (write)
        inode_changed(object);
    /* A hole becomes a page also for a reader, so that it sees what others write later. */
    return page_store_fault(&ram_inode(object)->pages, offset, error);
}

static void backing_get(void *object)
{
    __atomic_fetch_add(&ram_inode(object)->mapped, 1, __ATOMIC_RELAXED);
    inode_get(object);
}

static void backing_put(void *object)
{
    __atomic_fetch_sub(&ram_inode(object)->mapped, 1, __ATOMIC_RELEASE);
    inode_put(object);
}

static void backing_written(void *object)
{
    inode_changed(object); /* POSIX mmap: st_mtime and st_ctime, at the next msync at the latest */
}

static void backing_name(void *object, char *to, size_t size)
{
    inode_describe(object, to, size);
}

static uint64_t backing_number(void *object)
{
    return ((struct inode *)object)->number;
}

static const struct backing_ops ramfs_backing_ops = {
    .page = backing_page,
    .get = backing_get,
    .put = backing_put,
    .written = backing_written,
    .name = backing_name,
    .number = backing_number,
};

int inode_backing(struct inode *inode, struct backing *backing)
{
    if (inode->ops != &ramfs_inode_ops || inode_type(inode) != ABI_S_IFREG)
        return -ENODEV; /* POSIX mmap: ENODEV */
    *backing = (struct backing){.ops = &ramfs_backing_ops, .object = inode};
    return 0;
}

static int ramfs_map(struct file *file, struct backing *backing)
{
    return inode_backing(file->inode, backing);
}

static void ramfs_close(struct file *file)
{
    if (file_writable(file))
        inode_unuse(file->inode, INODE_WRITE);
}

/* Linux lseek SEEK_DATA, SEEK_HOLE: to pages and to where there are none; behind the end all is hole. */
static abi_off_t ramfs_seek(struct file *file, abi_off_t offset, int whence)
{
    struct inode *inode = file->inode;
    bool data = whence == SEEK_DATA;
    abi_off_t position = -ENXIO; /* Linux lseek: ENXIO */

    if (!data && whence != SEEK_HOLE)
        return inode_seek(file, offset, whence);
    mutex_lock(&inode->lock);
    if (offset >= 0 && offset < inode->size) {
        position = (abi_off_t)page_store_next(&ram_inode(inode)->pages, page_index(offset), data) << PAGE_SHIFT;
        if (position < offset)
            position = offset;
        if (position >= inode->size)
            position = data ? -ENXIO : inode->size;
        if (position >= 0)
            file->position = position;
    }
    mutex_unlock(&inode->lock);
    return position;
}

const struct file_ops ramfs_file_ops = {
    .read = ramfs_read,
    .write = ramfs_write,
    .seek = ramfs_seek,
    .map = ramfs_map,
    .release = ramfs_close,
};
