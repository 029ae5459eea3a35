/*
 * procfs.c - /proc: the tree of it.
 *
 * Every name is a row of one table, which boot fills: where it stands, its mode, and what makes its text.  A row below
 * the process's directory stands for as many names as there are processes; only processes, their threads and their
 * descriptors are found by their number.  Rows are never removed, and boot adds them on one CPU before /proc can be
 * looked at: so no lock.
 *
 * Nothing else is stored.  A look-up makes an inode, which says what it shows (a row, a pid, a number), and which
 * goes with its last reference; so an inode of a process may outlive the process, and then answers ENOENT or ESRCH.
 * Its number is computed from the same, so that one name always has one number.
 *
 * The root stands in the RAM file system's root directory under the name "proc".
 */
#include <fs/procfs.h>
#include <fs/ramfs.h>
#include <mm/kmalloc.h>

OBJECT_CACHE(proc_inode_cache, "proc_inode", sizeof(struct proc_inode));

#define ROW_MAX 96

/* Positions in a directory: dots, rows, then what is found by number. */
#define POSITION_NUMBERS 0x10000

static struct proc_row rows[ROW_MAX];
static unsigned row_count;
const struct proc_row *proc_root_row, *proc_process_row, *proc_fd_row, *proc_descriptor_row;
const struct proc_row *proc_task_row, *proc_thread_row;

static const struct inode_ops directory_ops, file_ops;

/* 32 bits for the process, and as many for what of it: the number of a descriptor or thread, and the row. */
static abi_ino_t number_of(const struct proc_row *row, int pid, int number)
{
    return (abi_ino_t)pid << 32 | (unsigned)(number + 1) << 8 | (1 + (unsigned)(row - rows));
}

static struct inode *node_create(struct inode *parent, const struct proc_row *row, int pid, int number, int *error)
{
    int64_t owner = pid == 0 ? 0 : proc_owner(pid);
    uint32_t mode = row == proc_descriptor_row ? proc_descriptor_mode(pid, number) : row->mode;
    struct proc_inode *node;

    *error = -ENOENT;
    if (owner < 0)
        return NULL;
    *error = -ENOMEM;
    node = cache_alloc(&proc_inode_cache);
    if (node == NULL)
        return NULL;
    inode_init(&node->inode, row->ops, mode, DEVICE_PROCFS, number_of(row, pid, number));
    node->inode.uid = node->inode.gid = (uint32_t)owner;
    node->inode.links = inode_is_dir(&node->inode) ? 2 : 1;
    inode_get(parent);
    node->inode.parent = parent;
    node->row = row;
    node->pid = pid;
    node->number = number;
    return &node->inode;
}

void proc_release(struct inode *inode)
{
    cache_free(&proc_inode_cache, proc_inode(inode));
}

/* The row of that name in a directory, or NULL. */
static struct proc_row *row_find(const struct proc_row *directory, struct name name)
{
    for (struct proc_row *row = rows; row < rows + row_count; row++)
        if (row->directory == directory && name_equal(row->name, name))
            return row;
    return NULL;
}

/* A decimal number without sign or leading zeros; -1: the name is none. */
static int number_from(struct name name)
{
    int number = 0;

    if (name.length == 0 || name.length > 5 || (name.text[0] == '0' && name.length > 1))
        return -1;
    for (unsigned i = 0; i < name.length; i++) {
        if (name.text[i] < '0' || name.text[i] > '9')
            return -1;
        number = 10 * number + name.text[i] - '0';
    }
    return number;
}

static int next_descriptor(int pid, int from)
{
    struct file_table *table = proc_files(pid);
    int fd = table != NULL ? file_table_next(table, from) : -1;

    file_table_put(table);
    return fd;
}

/* The lowest number >= `from` that is a name in the directory, or -1. */
static int next_number(const struct proc_inode *dir, int from)
{
    if (dir->row == proc_root_row)
        return proc_next_pid(from);
    if (dir->row == proc_task_row)
        return proc_next_thread(dir->pid, from);
    return dir->row == proc_fd_row ? next_descriptor(dir->pid, from) : -1;
}

/* What stands in the directory by its number. */
static const struct proc_row *numbered_row(const struct proc_inode *dir)
{
    if (dir->row == proc_root_row)
        return proc_process_row;
    return dir->row == proc_task_row ? proc_thread_row : proc_descriptor_row;
}

static struct inode *proc_lookup(struct inode *inode, struct name name, int *error)
{
    struct proc_inode *dir = proc_inode(inode);
    const struct proc_row *row = row_find(dir->row, name);
    int number = number_from(name);

    if (row != NULL)
        return node_create(inode, row, dir->pid, dir->number, error);
    *error = -ENOENT;
    if (number < 0 || next_number(dir, number) != number)
        return NULL;
    if (dir->row == proc_root_row)
        return node_create(inode, proc_process_row, number, -1, error);
    return node_create(inode, numbered_row(dir), dir->pid, number, error);
}

static int proc_entry(struct inode *inode, abi_off_t *position, struct directory_entry *entry)
{
    struct proc_inode *dir = proc_inode(inode);
    int number, pid = dir->pid;

    if (pid != 0 && proc_owner(pid) < 0)
        return -ENOENT;
    for (abi_off_t i = *position - FIRST_POSITION; i < row_count; i++) {
        if (rows[i].directory != dir->row)
            continue;
        entry->name = rows[i].name;
        entry->mode = rows[i].mode;
        entry->number = number_of(&rows[i], pid, dir->number);
        *position = i + FIRST_POSITION + 1;
        return 1;
    }
    if (*position < POSITION_NUMBERS)
        *position = POSITION_NUMBERS;
    number = *position <= 2 * POSITION_NUMBERS ? next_number(dir, (int)(*position - POSITION_NUMBERS)) : -1;
    if (number < 0)
        return 0;
    entry->name = (struct name){entry->text, (unsigned)snprintf(entry->text, sizeof(entry->text), "%d", number)};
    entry->mode = numbered_row(dir)->mode;
    entry->number = number_of(numbered_row(dir), pid != 0 ? pid : number, pid != 0 ? number : -1);
    *position = (abi_off_t)POSITION_NUMBERS + number + 1;
    return 1;
}

int proc_find_name(struct inode *inode, char *to, struct inode **dir)
{
    const struct proc_inode *node = proc_inode(inode);

    if (node->row->directory == NULL && node->row != proc_root_row)
        snprintf(to, ABI_NAME_MAX + 1, "%d", node->number >= 0 ? node->number : node->pid);
    else
        strlcpy(to, node->row->name.text, node->row->name.length + 1);
    *dir = inode->parent;
    inode_get(*dir);
    return 0;
}

/* The superuser passes the mode bits, but mostly there is nothing to write to. */
static int open_file(struct inode *inode, struct file *file)
{
    if (file_writable(file) && proc_inode(inode)->row->limit.value == NULL)
        return -EROFS; /* POSIX open: EROFS */
    file->ops = proc_inode(inode)->row->file_ops;
    return 0;
}

/* O_TRUNC, before a new number is written. */
static int truncate_file(struct inode *inode, abi_off_t size)
{
    return proc_inode(inode)->row->limit.value != NULL && size == 0 ? 0 : -EINVAL;
}

static const struct inode_ops directory_ops = {
    .lookup = proc_lookup,
    .entry = proc_entry,
    .find_name = proc_find_name,
    .release = proc_release,
};

static const struct inode_ops file_ops = {
    .open = open_file,
    .truncate = truncate_file,
    .find_name = proc_find_name,
    .release = proc_release,
};

static struct proc_row *row_add(const struct proc_row *directory, struct name name, uint32_t mode)
{
    struct proc_row *row = &rows[row_count++];
    uint32_t type = mode & ABI_S_IFMT;

    kassert(row_count <= ROW_MAX);
    *row = (struct proc_row){.directory = directory, .name = name, .mode = mode, .file_ops = &proc_text_ops};
    row->ops = type == ABI_S_IFDIR ? &directory_ops : type == ABI_S_IFLNK ? &proc_link_ops : &file_ops;
    return row;
}

struct proc_row *proc_add(const struct proc_row *directory, const char *name, uint32_t mode)
{
    return row_add(directory, (struct name){name, (unsigned)strlen(name)}, mode);
}

void proc_add_files(const struct proc_row *directory, const struct proc_file *files, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        proc_add(directory, files[i].name, ABI_S_IFREG | files[i].mode)->show = files[i].show;
}

/* A file's row at the end of `path`, whose directories are made if need be. */
static struct proc_row *row_at(const char *path, uint32_t mode)
{
    const struct proc_row *directory = proc_root_row;
    const char *slash;

    for (; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
        struct name name = {path, (unsigned)(slash - path)};
        const struct proc_row *row = row_find(directory, name);

        directory = row != NULL ? row : row_add(directory, name, ABI_S_IFDIR | 0555);
    }
    return proc_add(directory, path, ABI_S_IFREG | mode);
}

void procfs_add(const char *path, void (*show)(struct proc_text *text))
{
    row_at(path, 0444)->show = show;
}

void procfs_add_control(const char *path, uint32_t *value, uint32_t highest, void (*changed)(void))
{
    row_at(path, 0644)->limit = (struct proc_limit){value, 0, highest, changed};
}

void procfs_add_limit(const char *path, uint32_t *value, uint32_t lowest, uint32_t highest)
{
    row_at(path, 0644)->limit = (struct proc_limit){value, lowest, highest, NULL};
}

void procfs_start(void)
{
    static const struct name name = {"proc", 4};
    struct inode *root;
    int error;

    proc_root_row = proc_add(NULL, "proc", ABI_S_IFDIR | 0555);
    proc_process_row = proc_add(NULL, "process", ABI_S_IFDIR | 0555);
    proc_add_links();
    proc_add_process();
    proc_add_machine();
    root = node_create(root_inode, proc_root_row, 0, -1, &error);
    kassert(root != NULL);
    mutex_lock(&root_inode->lock);
    kassert(ramfs_add(root_inode, name, root));
    root_inode->links++;
    mutex_unlock(&root_inode->lock);
}
