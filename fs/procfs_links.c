/*
 * procfs_links.c - what in /proc leads elsewhere: self, PID/cwd, PID/exe, and PID/fd with a link for each descriptor.
 *
 * All but the first lead to an inode, not to a name: they work also for a pipe, or a file that was unlinked.  Only the
 * process's owner and the superuser may look through them.
 *
 * And the other way round: which processes have descriptors that lead to an inode.  All descriptors are looked at when
 * somebody asks, so that nobody has to keep books.
 */
#include <fs/procfs.h>
#include <mm/kmalloc.h>

/* What readlink() answers: as much of the text as there is room for. */
static long give_text(const char *text, char *to, size_t size)
{
    size_t length = strlen(text) < size ? strlen(text) : size;

    memcpy(to, text, length);
    return (long)length;
}

static long self_readlink(struct inode *inode, char *to, size_t size)
{
    char text[12];

    snprintf(text, sizeof(text), "%d", current->process != NULL ? current->process->pid : 0);
    return give_text(text, to, size);
}

static const struct inode_ops self_ops = {
    .readlink = self_readlink,
    .find_name = proc_find_name,
    .release = proc_release,
};

/* A process's open file, referenced, or NULL. */
static struct file *descriptor_file(int pid, int fd)
{
    struct file_table *table = proc_files(pid);
    struct file *file = table != NULL ? file_table_find(table, fd) : NULL;

    file_table_put(table);
    return file;
}

static struct inode *fd_target(const struct proc_inode *link)
{
    struct file *file = descriptor_file(link->pid, link->number);
    struct inode *target = NULL;

    if (file != NULL) {
        target = file->inode;
        inode_get(target);
        file_put(file);
    }
    return target;
}

uint32_t proc_descriptor_mode(int pid, int fd)
{
    struct file *file = descriptor_file(pid, fd);
    uint32_t mode = ABI_S_IFLNK | 0100;

    if (file != NULL) {
        mode |= (file_readable(file) ? 0400u : 0) | (file_writable(file) ? 0200u : 0);
        file_put(file);
    }
    return mode;
}

static struct inode *link_target(struct inode *inode, int *error)
{
    const struct proc_inode *link = proc_inode(inode);
    struct inode *target = NULL;

    *error = -EACCES;
    if (proc_permitted(link->pid)) {
        target = link->number >= 0 ? fd_target(link) : proc_file(link->pid, link->row->field);
        *error = -ENOENT;
    }
    return target;
}

/* The name of what the link leads to. */
static long link_readlink(struct inode *inode, char *to, size_t size)
{
    int error;
    struct inode *target = link_target(inode, &error);
    long result = -ENOMEM;
    char *text;

    if (target == NULL)
        return error;
    text = kmalloc(ABI_PATH_MAX);
    if (text != NULL) {
        result = inode_describe(target, text, ABI_PATH_MAX); /* Linux readlink: ENAMETOOLONG */
        if (result == 0)
            result = give_text(text, to, size);
        kfree(text);
    }
    inode_put(target);
    return result;
}

const struct inode_ops proc_link_ops = {
    .readlink = link_readlink,
    .target = link_target,
    .find_name = proc_find_name,
    .release = proc_release,
};

void proc_add_links(void)
{
    proc_add(proc_root_row, "self", ABI_S_IFLNK | 0777)->ops = &self_ops;
    proc_add(proc_process_row, "cwd", ABI_S_IFLNK | 0777)->field = offsetof(struct process, cwd);
    proc_add(proc_process_row, "exe", ABI_S_IFLNK | 0777)->field = offsetof(struct process, program);
    proc_fd_row = proc_add(proc_process_row, "fd", ABI_S_IFDIR | 0500);
    proc_descriptor_row = proc_add(NULL, "descriptor", ABI_S_IFLNK | 0700);
}

void proc_print_holders(struct proc_text *text, const struct inode *inode, unsigned access)
{
    const char *separator = " ";

    for (int pid = proc_next_pid(1); pid > 0; pid = proc_next_pid(pid + 1)) {
        struct file_table *table = proc_files(pid);

        if (table != NULL && file_table_has(table, inode, access)) {
            proc_print(text, "%s%d", separator, pid);
            separator = ",";
        }
        file_table_put(table);
    }
    if (*separator == ' ')
        proc_print(text, " -");
}
