/*
 * procfs.c - /proc: the tree of it.
 *
 * Nothing of it is stored.  A look-up makes an inode, which says what it shows (a row of a table, a pid, a descriptor),
 * and which goes with its last reference; so an inode of a process may outlive the process, and then answers ENOENT or
 * ESRCH.  Its number is computed from the same, so that one name always has one number.
 *
 * The root stands in the RAM file system's root directory under the name "proc".
 */
#include <abi/errno.h>
#include <core/process.h>
#include <fs/procfs.h>
#include <fs/ramfs.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

OBJECT_CACHE(proc_inode_cache, "proc_inode", sizeof(struct proc_inode));

/* Seek positions in /proc: dots, rows, added rows; processes from here on. */
#define POSITION_PIDS 0x10000

static const struct inode_ops process_ops, file_ops;
static const struct proc_row root_row = {"proc", ABI_S_IFDIR | 0555, .ops = &proc_directory_ops};
static const struct proc_row process_row = {"process", ABI_S_IFDIR | 0555, .ops = &process_ops};

/* Row number i of /proc and its added directories, or NULL. */
static const struct proc_row *machine_row(unsigned i)
{
    return i < proc_machine_row_count ? &proc_machine_rows[i] : proc_added_row(i - proc_machine_row_count);
}

static const struct proc_row *process_row_number(unsigned i)
{
    return i < proc_process_row_count ? &proc_process_rows[i] : NULL;
}

static const struct proc_row *row_of(int pid, unsigned i)
{
    return pid == 0 ? machine_row(i) : process_row_number(i);
}

/* The number of what `row`, or for a process's directory the process, is: 16 bits within the process. */
static abi_ino_t number_of(const struct proc_row *row, int pid, int fd)
{
    unsigned i = 0;

    if (fd >= 0)
        return (abi_ino_t)pid << 32 | (0x10000u + (unsigned)fd);
    if (row == &root_row || row == &process_row)
        return (abi_ino_t)pid << 32 | 1;
    while (row_of(pid, i) != row)
        i++;
    return (abi_ino_t)pid << 32 | (i + 2);
}

struct inode *proc_inode_create(struct inode *parent, const struct proc_row *row, int pid, int fd, int *error)
{
    struct proc_inode *node;
    int64_t owner = pid == 0 ? 0 : proc_owner(pid);

    *error = -ENOENT;
    if (owner < 0)
        return NULL;
    *error = -ENOMEM;
    node = cache_alloc(&proc_inode_cache);
    if (node == NULL)
        return NULL;
    inode_init(&node->inode, row->ops != NULL ? row->ops : &file_ops, row->mode, DEVICE_PROCFS,
               number_of(row, pid, fd));
    node->inode.uid = node->inode.gid = (uint32_t)owner;
    node->row = row;
    node->pid = pid;
    node->fd = fd;
    if (inode_is_dir(&node->inode)) {
        node->inode.links = 2;
        inode_get(parent);
        node->inode.parent = parent;
    }
    *error = 0;
    return &node->inode;
}

void proc_release(struct inode *inode)
{
    cache_free(&proc_inode_cache, proc_inode(inode));
}

int proc_number(struct name name, int max)
{
    int number = 0;

    if (name.length == 0 || (name.text[0] == '0' && name.length > 1))
        return -1;
    for (unsigned i = 0; i < name.length; i++) {
        if (name.text[i] < '0' || name.text[i] > '9' || number > max / 10)
            return -1;
        number = 10 * number + name.text[i] - '0';
    }
    return number <= max ? number : -1;
}

/* What the rows that stand in the directory `dir` have as theirs. */
static const struct proc_row *directory_of_rows(struct inode *dir)
{
    const struct proc_row *row = proc_inode(dir)->row;

    return row == &root_row || row == &process_row ? NULL : row;
}

static const struct proc_row *find_row(struct inode *dir, struct name name)
{
    const struct proc_row *row, *directory = directory_of_rows(dir);

    for (unsigned i = 0; (row = row_of(proc_inode(dir)->pid, i)) != NULL; i++)
        if (row->directory == directory && strlen(row->name) == name.length &&
            memcmp(row->name, name.text, name.length) == 0)
            break;
    return row;
}

/* In /proc, in a directory that was added to it, and in /proc/PID. */
static struct inode *proc_lookup(struct inode *dir, struct name name, int *error)
{
    int pid = proc_inode(dir)->pid, child = proc_inode(dir)->row == &root_row ? proc_number(name, PID_MAX) : -1;
    const struct proc_row *row = find_row(dir, name);

    if (row != NULL)
        return proc_inode_create(dir, row, pid, -1, error);
    if (child > 0)
        return proc_inode_create(dir, &process_row, child, -1, error);
    *error = -ENOENT;
    return NULL;
}

static int emit_dots(struct inode *dir, struct dirent_sink *sink, abi_off_t *position)
{
    static const struct name names[] = {{".", 1}, {"..", 2}};
    int result = 1;

    for (; *position < 2 && result == 1; *position += result == 1)
        result = dirent_emit(sink, *position == 0 ? dir->number : dir->parent->number, *position + 1, ABI_S_IFDIR,
                             names[*position]);
    return result;
}

static int emit_rows(struct inode *dir, struct dirent_sink *sink, abi_off_t *position)
{
    const struct proc_row *row, *directory = directory_of_rows(dir);
    int result = 1, pid = proc_inode(dir)->pid;

    while (result == 1 && *position < POSITION_PIDS && (row = row_of(pid, (unsigned)*position - 2)) != NULL) {
        if (row->directory == directory)
            result = dirent_emit(sink, number_of(row, pid, -1), *position + 1, row->mode,
                                 (struct name){row->name, (unsigned)strlen(row->name)});
        *position += result == 1;
    }
    return result;
}

static int emit_processes(struct dirent_sink *sink, abi_off_t *position)
{
    int result = 1, pid;
    char name[12];

    if (*position < POSITION_PIDS)
        *position = POSITION_PIDS;
    while (result == 1 && *position <= POSITION_PIDS + PID_MAX &&
           (pid = proc_next_pid((int)(*position - POSITION_PIDS))) != 0) {
        unsigned length = (unsigned)snprintf(name, sizeof(name), "%d", pid);

        result = dirent_emit(sink, number_of(&process_row, pid, -1), POSITION_PIDS + pid + 1, ABI_S_IFDIR,
                             (struct name){name, length});
        if (result == 1)
            *position = POSITION_PIDS + pid + 1;
    }
    return result;
}

/* getdents for all of these. */
static long proc_entries(struct file *file, uaddr_t buffer, size_t size)
{
    struct dirent_sink sink = {.to = buffer, .left = size};
    struct inode *dir = file->inode;
    int pid = proc_inode(dir)->pid, result;

    if (pid != 0 && proc_owner(pid) < 0)
        return -ENOENT;
    mutex_lock(&dir->lock);
    result = emit_dots(dir, &sink, &file->position);
    if (result == 1)
        result = emit_rows(dir, &sink, &file->position);
    if (result == 1 && proc_inode(dir)->row == &root_row)
        result = emit_processes(&sink, &file->position);
    mutex_unlock(&dir->lock);
    return sink.filled != 0 || result > 0 ? sink.filled : result;
}

abi_off_t proc_seek(struct file *file, abi_off_t offset, int whence)
{
    abi_off_t position;

    mutex_lock(&file->inode->lock);
    position = file_seek(file->position, 0, offset, whence);
    if (position >= 0)
        file->position = position;
    mutex_unlock(&file->inode->lock);
    return position;
}

static const struct file_ops directory_ops = {
    .seek = proc_seek,
    .entries = proc_entries,
};

static int open_directory(struct inode *inode, struct file *file)
{
    (void)inode;
    file->ops = &directory_ops;
    return 0;
}

/* The superuser passes the mode bits, but mostly there is nothing to write to. */
static int open_file(struct inode *inode, struct file *file)
{
    if (file_writable(file) && proc_inode(inode)->row->limit.value == NULL)
        return -EROFS; /* POSIX open: EROFS */
    file->ops = &proc_text_ops;
    return 0;
}

/* O_TRUNC, before a new number is written. */
static int truncate_file(struct inode *inode, abi_off_t size)
{
    return proc_inode(inode)->row->limit.value != NULL && size == 0 ? 0 : -EINVAL;
}

static int row_name(struct inode *inode, char *to, struct inode **dir)
{
    strlcpy(to, proc_inode(inode)->row->name, ABI_NAME_MAX + 1);
    *dir = inode->parent;
    inode_get(*dir);
    return 0;
}

static int process_name(struct inode *inode, char *to, struct inode **dir)
{
    snprintf(to, ABI_NAME_MAX + 1, "%d", proc_inode(inode)->pid);
    *dir = inode->parent;
    inode_get(*dir);
    return 0;
}

const struct inode_ops proc_directory_ops = {
    .lookup = proc_lookup,
    .open = open_directory,
    .find_name = row_name,
    .release = proc_release,
};

static const struct inode_ops process_ops = {
    .lookup = proc_lookup,
    .open = open_directory,
    .find_name = process_name,
    .release = proc_release,
};

static const struct inode_ops file_ops = {
    .open = open_file,
    .truncate = truncate_file,
    .release = proc_release,
};

void procfs_start(void)
{
    static const struct name name = {"proc", 4};
    int error;
    struct inode *root = proc_inode_create(root_inode, &root_row, 0, -1, &error);

    kassert(root != NULL);
    mutex_lock(&root_inode->lock);
    kassert(ramfs_add(root_inode, name, root));
    root_inode->links++;
    mutex_unlock(&root_inode->lock);
}
