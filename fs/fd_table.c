/*
 * fd_table.c - descriptor tables: small numbers to open files.
 *
 * A table is three arrays, in step: the open files, a bit for each number in use and a bit for each to close on exec.
 * The first FD_FIRST entries lie in the table itself, so most processes never allocate more; beyond, the arrays are one
 * block that doubles.  A number in use without a file is reserved: an open() is under way.
 *
 * The table's spinlock guards all of it.  The one exception is in fd_get(): the only thread of a process reads its
 * table without the lock, since nobody else writes it; /proc, which looks from outside, only reads, under the lock.
 * Files are closed after the lock is given up, because that may sleep.
 */
#include <core/syscalls.h>
#include <fs/file_lock.h>
#include <mm/kmalloc.h>

OBJECT_CACHE(table_cache, "file_table", sizeof(struct file_table));

/* A descriptor of `file` has left the table, with the reference that it held. */
static void descriptor_closed(struct file_table *table, struct file *file)
{
    if (file->inode != NULL && file->inode->locks != NULL)
        file_lock_drop(file->inode, table, NULL);
    if (file->ops->closed != NULL)
        file->ops->closed(file);
    file_put(file);
}

static bool bit_test(const uint32_t *bits, unsigned n)
{
    return bits[n / FD_WORD_BITS] >> n % FD_WORD_BITS & 1;
}

static void bit_write(uint32_t *bits, unsigned n, bool value)
{
    uint32_t mask = 1u << n % FD_WORD_BITS;

    if (value)
        bits[n / FD_WORD_BITS] |= mask;
    else
        bits[n / FD_WORD_BITS] &= ~mask;
}

struct file_table *file_table_create(void)
{
    struct file_table *table = cache_alloc(&table_cache);

    if (table == NULL)
        return NULL;
    table->references = 1;
    spin_init(&table->lock, "file table", RANK_FILES);
    list_init(&table->lock_waits);
    table->size = FD_FIRST;
    table->files = table->first_files;
    table->close_on_exec = &table->first_close_on_exec;
    table->used = &table->first_used;
    return table;
}

/* One block for the three arrays of `size` entries; its start is files[]. */
static struct file **arrays_alloc(unsigned size)
{
    return kmalloc(size * sizeof(struct file *) + 2 * size / 8);
}

/* Make `block`, of `size` entries, the table's arrays and answer the old block, or NULL where that was inside the
 * table. The lock is held. */
static void *table_move(struct file_table *table, struct file **block, unsigned size)
{
    uint32_t *close_on_exec = (uint32_t *)(block + size), *used = close_on_exec + size / FD_WORD_BITS;
    void *old = table->files == table->first_files ? NULL : table->files;

    debug_lock_held(&table->lock);
    memcpy(block, table->files, table->size * sizeof(struct file *));
    memcpy(close_on_exec, table->close_on_exec, table->size / 8);
    memcpy(used, table->used, table->size / 8);
    table->files = block;
    table->close_on_exec = close_on_exec;
    table->used = used;
    table->size = size;
    return old;
}

/* Let the table hold descriptor `fd`.  0 or -ENOMEM. */
static int table_grow(struct file_table *table, unsigned fd)
{
    unsigned size = FD_FIRST;
    struct file **block;
    void *unused;

    while (size <= fd)
        size *= 2;
    block = arrays_alloc(size);
    if (block == NULL)
        return -ENOMEM;
    spin_lock(&table->lock);
    unused = table->size < size ? table_move(table, block, size) : block;
    spin_unlock(&table->lock);
    kfree(unused);
    return 0;
}

/* The lowest number >= `from` that is not in use; table->size where there is none.  The lock is held. */
static unsigned table_lowest_free(const struct file_table *table, unsigned from)
{
    for (unsigned word = from / FD_WORD_BITS; word < table->size / FD_WORD_BITS; word++) {
        uint32_t unused = ~table->used[word];

        if (word == from / FD_WORD_BITS)
            unused &= ~0u << from % FD_WORD_BITS;
        if (unused != 0)
            return word * FD_WORD_BITS + (unsigned)__builtin_ctz(unused);
    }
    return from > table->size ? from : table->size;
}

/* How many numbers the table needs for its highest one in use. The lock is held. */
static unsigned table_extent(const struct file_table *table)
{
    unsigned word = table->size / FD_WORD_BITS;

    while (word > 1 && table->used[word - 1] == 0)
        word--;
    return word * FD_WORD_BITS;
}

/* Fill the empty table `to` from `from`, whose lock is held; `to` is large enough. */
static void table_fill(struct file_table *to, const struct file_table *from, unsigned extent)
{
    for (unsigned fd = 0; fd < extent; fd++) {
        struct file *file = from->files[fd];

        if (file == NULL)
            continue;
        file_get(file);
        to->files[fd] = file;
        bit_write(to->used, fd, true);
        bit_write(to->close_on_exec, fd, bit_test(from->close_on_exec, fd));
    }
}

struct file_table *file_table_copy(struct file_table *from)
{
    struct file_table *to = file_table_create();
    unsigned extent;

    if (to == NULL)
        return NULL;
    spin_lock(&from->lock);
    while ((extent = table_extent(from)) > to->size) {
        spin_unlock(&from->lock);
        if (table_grow(to, extent - 1) != 0) {
            file_table_put(to);
            return NULL;
        }
        spin_lock(&from->lock);
    }
    table_fill(to, from, extent);
    spin_unlock(&from->lock);
    return to;
}

void file_table_get(struct file_table *table)
{
    __atomic_fetch_add(&table->references, 1, __ATOMIC_RELAXED);
}

void file_table_put(struct file_table *table)
{
    if (table == NULL || __atomic_sub_fetch(&table->references, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    for (unsigned fd = 0; fd < table->size; fd++)
        if (table->files[fd] != NULL)
            file_put(table->files[fd]);
    if (table->files != table->first_files)
        kfree(table->files);
    cache_free(&table_cache, table);
}

void file_table_share(struct file_table *table)
{
    table->shared = true;
}

/* Free the number and answer its open file, or NULL.  The lock is held. */
static struct file *table_take(struct file_table *table, unsigned fd)
{
    struct file *file = table->files[fd];

    debug_lock_held(&table->lock);
    if (file == NULL)
        return NULL;
    table->files[fd] = NULL;
    bit_write(table->used, fd, false);
    bit_write(table->close_on_exec, fd, false);
    return file;
}

void file_table_close(struct file_table *table, bool on_exec)
{
    const uint32_t *which = on_exec ? table->close_on_exec : table->used;

    table->shared = false;
    for (unsigned fd = 0; fd < table->size; fd++) {
        struct file *file;

        if (which[fd / FD_WORD_BITS] >> fd % FD_WORD_BITS == 0) {
            fd |= FD_WORD_BITS - 1;
        } else if (bit_test(which, fd)) {
            spin_lock(&table->lock);
            file = table_take(table, fd);
            spin_unlock(&table->lock);
            if (file != NULL)
                descriptor_closed(table, file);
        }
    }
}

struct file *file_table_find(struct file_table *table, int fd)
{
    struct file *file = NULL;

    spin_lock(&table->lock);
    if ((unsigned)fd < table->size)
        file = table->files[fd];
    if (file != NULL)
        file_get(file);
    spin_unlock(&table->lock);
    return file;
}

bool fd_leads_to(struct file_table *table, int fd, const struct file *file)
{
    struct file *now;

    if (!table->shared)
        return true;
    now = file_table_find(table, fd);
    if (now != NULL)
        file_put(now);
    return now == file;
}

int file_table_next(struct file_table *table, int from)
{
    int found = -1;

    spin_lock(&table->lock);
    for (unsigned fd = (unsigned)from; fd < table->size && found < 0; fd++)
        if (table->files[fd] != NULL)
            found = (int)fd;
    spin_unlock(&table->lock);
    return found;
}

bool file_table_has(struct file_table *table, const struct inode *inode, unsigned access)
{
    bool found = false;

    spin_lock(&table->lock);
    for (unsigned fd = 0; fd < table->size && !found; fd++) {
        const struct file *file = table->files[fd];

        found = file != NULL && file->inode == inode &&
                ((access & R_OK && file_readable(file)) || (access & W_OK && file_writable(file)));
    }
    spin_unlock(&table->lock);
    return found;
}

/* One more than the highest descriptor that the running process may have. */
static unsigned fd_limit(void)
{
    uint64_t limit = current->process->limits[RLIMIT_NOFILE].rlim_cur;

    return limit < INT32_MAX ? (unsigned)limit : INT32_MAX;
}

int fd_reserve(int from)
{
    struct file_table *table = current->process->files;
    unsigned limit = fd_limit(), fd;

    if (from < 0 || (unsigned)from >= limit)
        return from == 0 ? -EMFILE : -EINVAL; /* POSIX fcntl F_DUPFD: EINVAL */
    for (;;) {
        spin_lock(&table->lock);
        fd = table_lowest_free(table, (unsigned)from);
        if (fd < limit && fd < table->size)
            bit_write(table->used, fd, true);
        spin_unlock(&table->lock);
        if (fd >= limit)
            return -EMFILE; /* POSIX open: EMFILE */
        if (fd < table->size)
            return (int)fd;
        if (table_grow(table, fd) != 0)
            return -ENOMEM;
    }
}

void fd_install(int fd, struct file *file, bool close_on_exec)
{
    struct file_table *table = current->process->files;

    spin_lock(&table->lock);
    table->files[fd] = file;
    bit_write(table->close_on_exec, (unsigned)fd, close_on_exec);
    spin_unlock(&table->lock);
}

void fd_cancel(int fd)
{
    struct file_table *table = current->process->files;

    spin_lock(&table->lock);
    bit_write(table->used, (unsigned)fd, false);
    spin_unlock(&table->lock);
}

int fd_add(struct file *file, uint32_t flags)
{
    int fd = fd_reserve(0);

    if (fd >= 0)
        fd_install(fd, file, flags & O_CLOEXEC);
    return fd;
}

long sys_close(int fd)
{
    struct file_table *table = current->process->files;
    struct file *file = NULL;

    spin_lock(&table->lock);
    if ((unsigned)fd < table->size)
        file = table_take(table, (unsigned)fd);
    spin_unlock(&table->lock);
    if (file == NULL)
        return -EBADF; /* POSIX close: EBADF */
    descriptor_closed(table, file);
    return 0;
}

int fd_dup(int fd, int from, bool close_on_exec)
{
    struct file *file = file_table_find(current->process->files, fd);
    int copy;

    if (file == NULL)
        return -EBADF; /* POSIX dup: EBADF */
    copy = fd_reserve(from);
    if (copy < 0)
        file_put(file);
    else
        fd_install(copy, file, close_on_exec);
    return copy;
}

long sys_dup(int fd)
{
    return fd_dup(fd, 0, false);
}

/* Put `file` at `to`, which the table holds, in place of what is there: *old.  -EBUSY: an open() has reserved it. */
static int table_replace(struct file_table *table, unsigned to, struct file *file, bool close_on_exec,
                         struct file **old)
{
    int error = 0;

    spin_lock(&table->lock);
    *old = table->files[to];
    if (*old == NULL && bit_test(table->used, to)) {
        error = -EBUSY;
    } else {
        table->files[to] = file;
        bit_write(table->used, to, true);
        bit_write(table->close_on_exec, to, close_on_exec);
    }
    spin_unlock(&table->lock);
    return error;
}

long sys_dup3(int fd, int to, int flags)
{
    struct file_table *table = current->process->files;
    struct file *file, *old = NULL;
    int error = 0;

    if (flags & ~O_CLOEXEC || fd == to)
        return -EINVAL; /* Linux dup3: EINVAL */
    file = file_table_find(table, fd);
    if (file == NULL)
        return -EBADF; /* POSIX dup2: EBADF */
    if (to < 0 || (unsigned)to >= fd_limit())
        error = -EBADF; /* POSIX dup2: EBADF */
    else if ((unsigned)to >= table->size)
        error = table_grow(table, (unsigned)to);
    if (error == 0)
        error = table_replace(table, (unsigned)to, file, flags & O_CLOEXEC, &old);
    if (error != 0) {
        file_put(file);
        return error;
    }
    if (old != NULL)
        descriptor_closed(table, old);
    return to;
}

int fd_flags(int fd, int set)
{
    struct file_table *table = current->process->files;
    int flags = -EBADF; /* POSIX fcntl: EBADF */

    spin_lock(&table->lock);
    if ((unsigned)fd < table->size && table->files[fd] != NULL) {
        if (set >= 0)
            bit_write(table->close_on_exec, (unsigned)fd, set & FD_CLOEXEC);
        flags = bit_test(table->close_on_exec, (unsigned)fd) ? FD_CLOEXEC : 0;
    }
    spin_unlock(&table->lock);
    return flags;
}
