/*
 * procfs_links.c - what in /proc leads elsewhere: self, PID/cwd, and PID/fd with a link for each descriptor.
 *
 * The last two lead to an inode, not to a name: they work also for a pipe, or a file that was unlinked.  Only the
 * process's owner and the superuser may look through them.
 */
#include <abi/errno.h>
#include <fs/procfs.h>
#include <lib/string.h>
#include <mm/kmalloc.h>

static const struct inode_ops fd_ops;
static const struct proc_row fd_row = {"fd", ABI_S_IFLNK | 0700, .ops = &fd_ops};

static long self_readlink(struct inode *inode, char *to, size_t size)
{
    char text[12];
    int length = snprintf(text, sizeof(text), "%d", current->process != NULL ? current->process->pid : 0);

    (void)inode;
    if ((size_t)length > size)
        length = (int)size;
    memcpy(to, text, (size_t)length);
    return length;
}

const struct inode_ops proc_self_ops = {
    .readlink = self_readlink,
    .release = proc_release,
};

static bool may_look(int pid)
{
    uint32_t euid = credentials_current()->euid;

    return euid == 0 || (int64_t)euid == proc_owner(pid);
}

static struct inode *cwd_target(struct inode *inode, int *error)
{
    int pid = proc_inode(inode)->pid;
    struct inode *cwd = NULL;

    *error = -EACCES;
    if (may_look(pid)) {
        cwd = proc_cwd(pid);
        *error = -ENOENT;
    }
    return cwd;
}

static struct inode *exe_target(struct inode *inode, int *error)
{
    int pid = proc_inode(inode)->pid;

    *error = may_look(pid) ? -ENOENT : -EACCES;
    return *error == -ENOENT ? proc_program(pid) : NULL;
}

static struct inode *fd_target(struct inode *inode, int *error)
{
    const struct proc_inode *node = proc_inode(inode);
    struct file_table *table;
    struct inode *target = NULL;
    struct file *file = NULL;

    *error = -EACCES;
    if (!may_look(node->pid))
        return NULL;
    *error = -ENOENT;
    table = proc_files(node->pid);
    if (table != NULL)
        file = file_table_find(table, node->fd);
    if (file != NULL) {
        target = file->inode;
        inode_get(target);
        file_put(file);
    }
    file_table_put(table);
    return target;
}

/* The name of what the link leads to. */
static long target_readlink(struct inode *inode, char *to, size_t size)
{
    int error;
    struct inode *target = inode->ops->target(inode, &error);
    char *text;
    size_t length = 0;

    if (target == NULL)
        return error;
    text = kmalloc(ABI_PATH_MAX);
    if (text != NULL) {
        inode_describe(target, text, ABI_PATH_MAX);
        length = strlen(text);
        if (length > size)
            length = size;
        memcpy(to, text, length);
        kfree(text);
    }
    inode_put(target);
    return text != NULL ? (long)length : -ENOMEM;
}

const struct inode_ops proc_cwd_ops = {
    .readlink = target_readlink,
    .target = cwd_target,
    .release = proc_release,
};

const struct inode_ops proc_exe_ops = {
    .readlink = target_readlink,
    .target = exe_target,
    .release = proc_release,
};

static const struct inode_ops fd_ops = {
    .readlink = target_readlink,
    .target = fd_target,
    .release = proc_release,
};

static struct inode *fd_directory_lookup(struct inode *dir, struct name name, int *error)
{
    int pid = proc_inode(dir)->pid, fd = proc_number(name, INT16_MAX);
    struct file_table *table = proc_files(pid);
    bool open = table != NULL && fd >= 0 && file_table_next(table, fd) == fd;

    file_table_put(table);
    if (open)
        return proc_inode_create(dir, &fd_row, pid, fd, error);
    *error = -ENOENT;
    return NULL;
}

/* Positions: 0 and 1 are the dots, 2 + fd a descriptor. */
static int emit_descriptor(struct inode *dir, struct file_table *table, struct dirent_sink *sink, abi_off_t *position)
{
    char text[12];
    int fd, result;

    if (*position < 2) {
        result = dirent_emit(sink, *position == 0 ? dir->number : dir->parent->number, *position + 1, ABI_S_IFDIR,
                             (struct name){"..", (unsigned)*position + 1});
        *position += result == 1;
        return result;
    }
    fd = *position <= INT16_MAX ? file_table_next(table, (int)*position - 2) : -1;
    if (fd < 0)
        return 0;
    snprintf(text, sizeof(text), "%d", fd);
    result = dirent_emit(sink, proc_inode(dir)->inode.number + 0x10000u + (unsigned)fd, fd + 3, ABI_S_IFLNK,
                         (struct name){text, (unsigned)strlen(text)});
    if (result == 1)
        *position = fd + 3;
    return result;
}

static long fd_directory_entries(struct file *file, uaddr_t buffer, size_t size)
{
    struct dirent_sink sink = {.to = buffer, .left = size};
    struct inode *dir = file->inode;
    struct file_table *table = proc_files(proc_inode(dir)->pid);
    int result = 1;

    if (table == NULL)
        return -ENOENT;
    mutex_lock(&dir->lock);
    while (result == 1)
        result = emit_descriptor(dir, table, &sink, &file->position);
    mutex_unlock(&dir->lock);
    file_table_put(table);
    return sink.filled != 0 ? sink.filled : result;
}

static const struct file_ops fd_directory_file_ops = {
    .seek = proc_seek,
    .entries = fd_directory_entries,
};

static int fd_directory_open(struct inode *inode, struct file *file)
{
    (void)inode;
    file->ops = &fd_directory_file_ops;
    return 0;
}

static int fd_directory_name(struct inode *inode, char *to, struct inode **dir)
{
    strlcpy(to, "fd", ABI_NAME_MAX + 1);
    *dir = inode->parent;
    inode_get(*dir);
    return 0;
}

const struct inode_ops proc_fd_directory_ops = {
    .lookup = fd_directory_lookup,
    .open = fd_directory_open,
    .find_name = fd_directory_name,
    .release = proc_release,
};
