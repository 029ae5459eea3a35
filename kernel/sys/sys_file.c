/*
 * sys_file.c - decoders of the system calls on descriptors.
 *
 * Each takes the arguments apart, checks ranges and flags, holds the open file, and calls the operation.  read() and
 * write() are the kernel's busiest calls: keep them short.
 */
#include <fs/file_lock.h>
#include <fs/path.h>
#include <ipc/pipe.h>
#include <ipc/signal.h>
#include <mm/kmalloc.h>
#include <mm/space.h>
#include <core/syscalls.h>

#define IOV_MAX 1024
#define IOV_FEW 8

long sys_openat(int dirfd, uaddr_t path, int flags, uint32_t mode)
{
    char name[ABI_PATH_MAX];
    struct file *file;
    int fd, error;
    long length = copy_string_from_user(name, path, sizeof(name));

    if (length < 0)
        return length; /* POSIX open: ENAMETOOLONG */
    fd = fd_reserve(0);
    if (fd < 0)
        return fd; /* POSIX open: EMFILE */
    file = path_open(dirfd, name, (uint32_t)flags, mode, &error);
    if (file == NULL) {
        fd_cancel(fd);
        return error;
    }
    fd_install(fd, file, flags & O_CLOEXEC);
    return fd;
}

static inline long file_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    if (!file_readable(file))
        return -EBADF; /* POSIX read: EBADF */
    return file->ops->read != NULL ? file->ops->read(file, uio, position) : -EINVAL;
}

/* POSIX write: EFBIG; past RLIMIT_FSIZE there is SIGXFSZ, too. */
static long file_too_big(void)
{
    if (current->process->limits[RLIMIT_FSIZE].rlim_cur != RLIM_INFINITY)
        signal_send_thread(current, SIGXFSZ);
    return -EFBIG;
}

static inline long file_write(struct file *file, struct uio *uio, abi_off_t *position)
{
    long result;

    if (!file_writable(file))
        return -EBADF; /* POSIX write: EBADF */
    result = file->ops->write != NULL ? file->ops->write(file, uio, position) : -EINVAL;
    return result != -EFBIG ? result : file_too_big();
}

typedef long transfer(struct file *file, struct uio *uio, abi_off_t *position);

/* A buffer that the user may have: below the kernel, and its length no negative number. */
static inline int check_buffer(uaddr_t buffer, uint32_t n)
{
    if ((int32_t)n < 0)
        return -EINVAL; /* POSIX read, write: more than SSIZE_MAX */
    return user_range_ok(buffer, n) ? 0 : -EFAULT;
}

static inline long transfer_at_position(int fd, uaddr_t buffer, uint32_t n, transfer *move)
{
    struct file_table *table = current->process->files;
    struct file *file = fd_get_in(table, fd);
    struct uio uio;
    long result;

    if (file == NULL)
        return -EBADF; /* POSIX read, write: EBADF */
    result = check_buffer(buffer, n);
    if (result == 0) {
        uio_init(&uio, buffer, n);
        result = move(file, &uio, &file->position);
    }
    fd_put_in(table, file);
    return result;
}

long sys_read(int fd, uaddr_t buffer, uint32_t n)
{
    return transfer_at_position(fd, buffer, n, file_read);
}

long sys_write(int fd, uaddr_t buffer, uint32_t n)
{
    return transfer_at_position(fd, buffer, n, file_write);
}

/* For a call that brings a position of its own. */
static long check_offset(const struct file *file, abi_off_t offset)
{
    if (file->ops->seek == NULL)
        return -ESPIPE;              /* POSIX pread, pwrite: ESPIPE */
    return offset < 0 ? -EINVAL : 0; /* POSIX pread, pwrite: EINVAL */
}

static long transfer_at(int fd, uaddr_t buffer, uint32_t n, abi_off_t offset, transfer *move)
{
    struct file *file = fd_get(fd);
    struct uio uio;
    long result;

    if (file == NULL)
        return -EBADF; /* POSIX pread, pwrite: EBADF */
    result = check_offset(file, offset);
    if (result == 0)
        result = check_buffer(buffer, n);
    if (result == 0) {
        uio_init(&uio, buffer, n);
        result = move(file, &uio, &offset);
    }
    fd_put(file);
    return result;
}

long sys_pread(int fd, uaddr_t buffer, uint32_t n, abi_off_t offset)
{
    return transfer_at(fd, buffer, n, offset, file_read);
}

long sys_pwrite(int fd, uaddr_t buffer, uint32_t n, abi_off_t offset)
{
    return transfer_at(fd, buffer, n, offset, file_write);
}

/* At *offset, or, where that is NULL, at the file's position. */
static long transfer_vector(int fd, uaddr_t address, int count, abi_off_t *offset, transfer *move)
{
    struct abi_iovec few[IOV_FEW], *vector = few;
    struct file *file;
    struct uio uio;
    long result;

    if (count <= 0 || count > IOV_MAX)
        return -EINVAL; /* POSIX readv, writev: EINVAL */
    if (count > IOV_FEW && (vector = kmalloc((size_t)count * sizeof(*vector))) == NULL)
        return -ENOMEM;
    file = fd_get(fd);
    result = file == NULL ? -EBADF : offset != NULL ? check_offset(file, *offset) : 0;
    if (result == 0)
        result = copy_from_user(vector, address, (size_t)count * sizeof(*vector));
    if (result == 0)
        result = uio_from_vector(&uio, vector, (unsigned)count);
    if (result == 0)
        result = move(file, &uio, offset != NULL ? offset : &file->position);
    if (file != NULL)
        fd_put(file);
    if (vector != few)
        kfree(vector);
    return result;
}

long sys_readv(int fd, uaddr_t vector, int count)
{
    return transfer_vector(fd, vector, count, NULL, file_read);
}

long sys_preadv(int fd, uaddr_t vector, int count, abi_off_t offset)
{
    return transfer_vector(fd, vector, count, &offset, file_read);
}

long sys_writev(int fd, uaddr_t vector, int count)
{
    return transfer_vector(fd, vector, count, NULL, file_write);
}

long sys_pwritev(int fd, uaddr_t vector, int count, abi_off_t offset)
{
    return transfer_vector(fd, vector, count, &offset, file_write);
}

long sys_lseek(int fd, abi_off_t offset, int whence, uaddr_t result)
{
    struct file *file = fd_get(fd);
    abi_off_t position;

    if (file == NULL)
        return -EBADF;                                                                    /* POSIX lseek: EBADF */
    position = file->ops->seek != NULL ? file->ops->seek(file, offset, whence) : -ESPIPE; /* POSIX lseek: ESPIPE */
    fd_put(file);
    if (position < 0)
        return (long)position;
    return copy_to_user(result, &position, sizeof(position));
}

/* F_SETFL changes these alone; F_GETFL shows the access mode too. */
#define SETTABLE_FLAGS (O_APPEND | O_NONBLOCK)
#define SHOWN_FLAGS (O_ACCMODE | SETTABLE_FLAGS | O_SYNC | O_SEARCH)

static long file_set_flags(struct file *file, uint32_t flags)
{
    uint32_t old = __atomic_load_n(&file->flags, __ATOMIC_RELAXED);

    while (!__atomic_compare_exchange_n(&file->flags, &old, (old & ~SETTABLE_FLAGS) | (flags & SETTABLE_FLAGS), false,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        continue;
    return 0;
}

/* The locks of a file must not outlive its close. */
static long file_control_lock(struct file *file, int fd, int command, uaddr_t address)
{
    struct file_table *table = current->process->files;
    struct abi_flock lock;
    long result = copy_from_user(&lock, address, sizeof(lock));

    if (result == 0)
        result = file_lock_control(file, command, &lock);
    if (result == 0 && (command == F_GETLK || command == F_OFD_GETLK))
        return copy_to_user(address, &lock, sizeof(lock));
    if (!fd_leads_to(table, fd, file))
        file_lock_drop(file->inode, table, NULL);
    return result;
}

long sys_fcntl(int fd, int command, uint32_t argument)
{
    struct file *file = fd_get(fd);
    long result = -EINVAL; /* POSIX fcntl: EINVAL */

    if (file == NULL)
        return -EBADF; /* POSIX fcntl: EBADF */
    if (command == F_GETFL)
        result = (long)(file->flags & SHOWN_FLAGS);
    else if (command == F_SETFL)
        result = file_set_flags(file, argument);
    else if (command == F_GETPIPE_SZ)
        result = pipe_capacity(file);
    else if (command == F_SETPIPE_SZ)
        result = pipe_resize(file, argument);
    else if ((command >= F_GETLK && command <= F_SETLKW) || (command >= F_OFD_GETLK && command <= F_OFD_SETLKW))
        result = file_control_lock(file, fd, command, argument);
    fd_put(file);
    if (command == F_DUPFD || command == F_DUPFD_CLOEXEC)
        result = fd_dup(fd, (int)argument, command == F_DUPFD_CLOEXEC);
    else if (command == F_GETFD)
        result = fd_flags(fd, -1);
    else if (command == F_SETFD)
        result = fd_flags(fd, argument & FD_CLOEXEC) < 0 ? -EBADF : 0;
    return result;
}

long sys_ioctl(int fd, uint32_t request, uint32_t argument)
{
    struct file *file = fd_get(fd);
    long result;

    if (file == NULL)
        return -EBADF;                                                                       /* POSIX ioctl: EBADF */
    result = file->ops->ioctl != NULL ? file->ops->ioctl(file, request, argument) : -ENOTTY; /* POSIX ioctl: ENOTTY */
    fd_put(file);
    return result;
}

long sys_pipe2(uaddr_t address, int flags)
{
    struct file *ends[2];
    int fds[2], error;

    if (flags & ~(O_CLOEXEC | O_NONBLOCK))
        return -EINVAL; /* Linux pipe2: EINVAL */
    error = pipe_create(ends, (uint32_t)flags & O_NONBLOCK);
    if (error != 0)
        return error;
    fds[0] = fd_add(ends[0], (uint32_t)flags);
    fds[1] = fd_add(ends[1], (uint32_t)flags);
    if (fds[0] < 0 || fds[1] < 0)
        error = fds[0] < 0 ? fds[0] : fds[1]; /* POSIX pipe: EMFILE */
    else
        error = copy_to_user(address, fds, sizeof(fds));
    for (unsigned i = 0; i < 2 && error != 0; i++) {
        if (fds[i] < 0)
            file_put(ends[i]);
        else
            sys_close(fds[i]);
    }
    return error;
}

long sys_truncate(uaddr_t path, uint32_t unused, abi_off_t size)
{
    int error;
    struct inode *inode = inode_at(AT_FDCWD, path, 0, 0, &error);

    if (inode == NULL)
        return error;
    error = inode_access(inode, W_OK, false); /* POSIX truncate: EACCES */
    if (error == 0)
        error = inode_truncate(inode, size);
    inode_put(inode);
    return error != -EFBIG ? error : file_too_big();
}

long sys_ftruncate(int fd, abi_off_t size)
{
    struct file *file = fd_get(fd);
    long result;

    if (file == NULL)
        return -EBADF; /* POSIX ftruncate: EBADF */
    if (!file_writable(file) || file->inode == NULL)
        result = -EINVAL; /* POSIX ftruncate: EINVAL */
    else
        result = inode_truncate(file->inode, size);
    fd_put(file);
    return result != -EFBIG ? result : file_too_big();
}

long sys_fallocate(int fd, int mode, abi_off_t offset, abi_off_t length)
{
    struct file *file = fd_get(fd);
    long result;

    if (file == NULL)
        return -EBADF; /* POSIX posix_fallocate: EBADF */
    if (!file_writable(file))
        result = -EBADF; /* POSIX posix_fallocate: EBADF */
    else if (offset < 0 || length <= 0)
        result = -EINVAL; /* POSIX posix_fallocate: EINVAL */
    else if (offset > INT64_MAX - length)
        result = -EFBIG; /* POSIX posix_fallocate: EFBIG */
    else if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE) || mode == FALLOC_FL_PUNCH_HOLE)
        result = -EOPNOTSUPP; /* Linux fallocate: EOPNOTSUPP */
    else
        result = file->inode != NULL ? inode_allocate(file->inode, mode, offset, length) : -ENODEV;
    fd_put(file);
    return result;
}

#define MAP_KNOWN                                                                                       \
    (MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_STACK | MAP_NORESERVE | \
     MAP_FIXED_NOREPLACE)

/* POSIX mmap: may the file be mapped like this?  Then its backing, with the flags that it adds. */
static int file_backing(struct file *file, int prot, unsigned *flags, struct backing *backing)
{
    if (!file_readable(file))
        return -EACCES; /* POSIX mmap: EACCES */
    if (*flags & MAP_SHARED && !file_writable(file)) {
        if (prot & PROT_WRITE)
            return -EACCES; /* POSIX mmap: EACCES */
        *flags |= MAP_DENY_WRITE;
    }
    return file->ops->map != NULL ? file->ops->map(file, backing) : -ENODEV; /* POSIX mmap: ENODEV */
}

long sys_mmap(uaddr_t address, uint32_t length, int prot, int known, int fd, uint32_t page_offset)
{
    struct space *space = current->process->space;
    struct backing backing = {NULL, NULL};
    unsigned flags = (unsigned)known;
    struct file *file;
    long result;

    if (flags & ~MAP_KNOWN)
        return -EINVAL; /* POSIX mmap: EINVAL */
    if (flags & MAP_ANONYMOUS)
        return space_map(space, address, length, (unsigned)prot, flags, backing, 0);
    file = fd_get(fd);
    if (file == NULL)
        return -EBADF; /* POSIX mmap: EBADF */
    result = file_backing(file, prot, &flags, &backing);
    if (result == 0)
        result = space_map(space, address, length, (unsigned)prot, flags, backing, page_offset);
    fd_put(file);
    return result;
}

/* All files are in memory: there is nothing to do. */
long sys_fsync(int fd)
{
    struct file *file = fd_get(fd);
    long result;

    if (file == NULL)
        return -EBADF;                                                          /* POSIX fsync: EBADF */
    result = file->inode != NULL && inode_is_stored(file->inode) ? 0 : -EINVAL; /* POSIX fsync: EINVAL */
    fd_put(file);
    return result;
}

long sys_ppoll(uaddr_t address, uint32_t count, uaddr_t timeout, uaddr_t mask)
{
    abi_sigset_t blocked;
    long result;

    if (mask == 0)
        return sys_poll(address, count, timeout);
    if (copy_from_user(&blocked, mask, sizeof(blocked)) != 0)
        return -EFAULT;
    signal_borrow_mask(blocked);
    result = sys_poll(address, count, timeout);
    if (result != -ERESTART)
        signal_return_mask();
    return result;
}
