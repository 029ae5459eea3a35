/*
 * devices.c - devices by number, FIFOs by name, and the devices that are memory: null, zero, full, random, urandom,
 * and kmsg, which adds lines to the kernel's log.
 *
 * A device's inode stands in a directory like any other; opening it calls the driver of the major number.  /dev is an
 * ordinary directory of the RAM file system that boot fills from the table below; mknod() makes more.
 */
#include <core/log.h>
#include <fs/fs.h>
#include <fs/path.h>
#include <mm/space.h>

static long null_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    return 0;
}

static long null_write(struct file *file, struct uio *uio, abi_off_t *position)
{
    return (long)uio->left;
}

static long zero_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    size_t n = uio->left;
    int error = uio_clear(uio, n);

    return error != 0 ? error : (long)n;
}

static long full_write(struct file *file, struct uio *uio, abi_off_t *position)
{
    return uio->left != 0 ? -ENOSPC : 0;
}

static long random_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    uint8_t block[256];
    long moved = 0;
    int error = 0;

    while (uio->left != 0 && error == 0) {
        size_t n = uio->left < sizeof(block) ? uio->left : sizeof(block);

        random_fill(block, n);
        error = uio_copy_out(uio, block, n);
        if (error == 0)
            moved += (long)n;
    }
    return moved != 0 ? moved : error;
}

/* One write is one line, cut where the log cuts its own; what is no text shows as '?'. */
static long kmsg_write(struct file *file, struct uio *uio, abi_off_t *position)
{
    char line[256];
    long n = (long)uio->left;
    size_t length = uio->left < sizeof(line) - 1 ? uio->left : sizeof(line) - 1;

    if (uio_copy_in(uio, line, length) != 0)
        return -EFAULT;
    while (length > 0 && line[length - 1] == '\n')
        length--;
    for (size_t i = 0; i < length; i++)
        if ((uint8_t)line[i] < ' ')
            line[i] = '?';
    line[length] = '\0';
    log_line("%s", line);
    return n;
}

/* As Linux: these can be "sought", and are always at 0. */
static abi_off_t memory_seek(struct file *file, abi_off_t offset, int whence)
{
    return whence == SEEK_SET || whence == SEEK_CUR || whence == SEEK_END ? 0 : -EINVAL;
}

static int zero_map(struct file *file, struct backing *backing)
{
    *backing = (struct backing){0};
    return 0;
}

#define MINOR_NULL 3
#define MINOR_ZERO 5
#define MINOR_FULL 7
#define MINOR_RANDOM 8
#define MINOR_URANDOM 9
#define MINOR_KMSG 11

static const struct file_ops memory_ops[] = {
    [MINOR_NULL] = {.read = null_read, .write = null_write, .seek = memory_seek},
    [MINOR_ZERO] = {.read = zero_read, .write = null_write, .seek = memory_seek, .map = zero_map},
    [MINOR_FULL] = {.read = zero_read, .write = full_write, .seek = memory_seek},
    [MINOR_RANDOM] = {.read = random_read, .write = null_write, .seek = memory_seek},
    [MINOR_URANDOM] = {.read = random_read, .write = null_write, .seek = memory_seek},
    [MINOR_KMSG] = {.write = kmsg_write, .seek = memory_seek},
};

static int memory_open(struct inode *inode, struct file *file)
{
    unsigned minor = RDEV_MINOR(inode->rdev);

    if (minor >= sizeof(memory_ops) / sizeof(memory_ops[0]) || memory_ops[minor].write == NULL)
        return -ENXIO; /* POSIX open: ENXIO */
    file->ops = &memory_ops[minor];
    return 0;
}

int special_open(struct inode *inode, struct file *file)
{
    if (inode_type(inode) == ABI_S_IFIFO)
        return fifo_open(inode, file);
    if (inode_type(inode) == ABI_S_IFCHR && RDEV_MAJOR(inode->rdev) == MAJOR_MEM)
        return memory_open(inode, file);
    if (inode_type(inode) == ABI_S_IFCHR && RDEV_MAJOR(inode->rdev) == MAJOR_TTY)
        return terminal_open(inode, file);
    return -ENXIO; /* POSIX open: ENXIO */
}

static void make_nodes(void)
{
    static const struct {
        const char *path;
        uint32_t mode;
        uint32_t rdev;
    } nodes[] = {
        {"/dev/null", 0666, RDEV(MAJOR_MEM, MINOR_NULL)},
        {"/dev/zero", 0666, RDEV(MAJOR_MEM, MINOR_ZERO)},
        {"/dev/full", 0666, RDEV(MAJOR_MEM, MINOR_FULL)},
        {"/dev/random", 0666, RDEV(MAJOR_MEM, MINOR_RANDOM)},
        {"/dev/urandom", 0666, RDEV(MAJOR_MEM, MINOR_URANDOM)},
        {"/dev/kmsg", 0222, RDEV(MAJOR_MEM, MINOR_KMSG)},
        {"/dev/tty", 0666, RDEV(MAJOR_TTY, 0)},
        {"/dev/console", 0600, RDEV(MAJOR_TTY, 1)},
    };

    for (unsigned i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
        path_mknod(AT_FDCWD, nodes[i].path, ABI_S_IFCHR | nodes[i].mode, nodes[i].rdev);
}

void devices_start(void)
{
    path_mkdir(AT_FDCWD, "/dev", 0755);
    make_nodes();
    path_mkdir(AT_FDCWD, "/dev/shm", 01777); /* for shm_open() and sem_open() */
    path_symlink("/proc/self/fd", AT_FDCWD, "/dev/fd");
    path_symlink("/proc/self/fd/0", AT_FDCWD, "/dev/stdin");
    path_symlink("/proc/self/fd/1", AT_FDCWD, "/dev/stdout");
    path_symlink("/proc/self/fd/2", AT_FDCWD, "/dev/stderr");
}
