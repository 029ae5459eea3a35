/*
 * sys_mqueue.c - decoders: POSIX message queues.  Sending and receiving are busy calls: keep them short.
 */
#include <abi/errno.h>
#include <ipc/mqueue.h>
#include <sys/syscalls.h>

#define OPEN_FLAGS (O_ACCMODE | O_CREAT | O_EXCL | O_NONBLOCK | O_CLOEXEC)

/* A name that is longer than any is -ENAMETOOLONG. */
static long copy_name(char to[ABI_PATH_MAX], uaddr_t name)
{
    return copy_string_from_user(to, name, ABI_PATH_MAX);
}

/* The shape at `address`; 0 there means the default one: *shape NULL. */
static int copy_shape(struct mqueue_shape *storage, const struct mqueue_shape **shape, uaddr_t address)
{
    struct abi_mq_attr attributes;

    *shape = NULL;
    if (address == 0)
        return 0;
    if (copy_from_user(&attributes, address, sizeof(attributes)) != 0)
        return -EFAULT;
    /* A negative number is too large a one. */
    *storage = (struct mqueue_shape){(uint32_t)attributes.mq_maxmsg, (uint32_t)attributes.mq_msgsize};
    *shape = storage;
    return 0;
}

/* POSIX mq_open: FD_CLOEXEC is set; exec closes queues. */
long sys_mq_open(uaddr_t name, int flags, uint32_t mode, uaddr_t attributes)
{
    const struct mqueue_shape *shape = NULL;
    struct mqueue_shape storage;
    char text[ABI_PATH_MAX];
    struct file *file;
    int fd, error = 0;
    long length = copy_name(text, name);

    if (length < 0)
        return length;
    if (flags & ~OPEN_FLAGS)
        return -EINVAL;
    if (flags & O_CREAT)
        error = copy_shape(&storage, &shape, attributes);
    if (error != 0)
        return error;
    fd = fd_reserve(0);
    if (fd < 0)
        return fd; /* POSIX mq_open: EMFILE */
    file = mqueue_open(text, (uint32_t)flags, mode, shape, &error);
    if (file == NULL) {
        fd_cancel(fd);
        return error;
    }
    fd_install(fd, file, true);
    return fd;
}

long sys_mq_unlink(uaddr_t name)
{
    char text[ABI_PATH_MAX];
    long length = copy_name(text, name);

    return length < 0 ? length : mqueue_unlink(text);
}

/* The open queue at `fd`, or NULL (EBADF); give it back with fd_put(). */
static inline struct file *queue_get(int fd)
{
    struct file *file = fd_get(fd);

    if (file == NULL || file->ops == &mqueue_file_ops)
        return file;
    fd_put(file);
    return NULL;
}

static inline long send(int fd, uaddr_t bytes, uint32_t length, uint32_t priority, const struct abi_timespec *until)
{
    struct file *file;
    long result;

    if (priority >= ABI_MQ_PRIO_MAX)
        return -EINVAL; /* POSIX mq_send: EINVAL */
    file = queue_get(fd);
    if (file == NULL)
        return -EBADF; /* POSIX mq_send: EBADF */
    if (file_writable(file))
        result = mqueue_send(file, bytes, length, priority, until);
    else
        result = -EBADF; /* POSIX mq_send: EBADF, not open for writing */
    fd_put(file);
    return result;
}

static inline long receive(int fd, uaddr_t bytes, uint32_t size, uaddr_t priority, const struct abi_timespec *until)
{
    struct file *file = queue_get(fd);
    long result;

    if (file == NULL)
        return -EBADF; /* POSIX mq_receive: EBADF */
    if (file_readable(file))
        result = mqueue_receive(file, bytes, size, priority, until);
    else
        result = -EBADF; /* POSIX mq_receive: EBADF, not open for reading */
    fd_put(file);
    return result;
}

long sys_mq_send(int fd, uaddr_t bytes, uint32_t length, uint32_t priority)
{
    return send(fd, bytes, length, priority, NULL);
}

long sys_mq_receive(int fd, uaddr_t bytes, uint32_t size, uaddr_t priority)
{
    return receive(fd, bytes, size, priority, NULL);
}

long sys_mq_timedsend(int fd, uaddr_t bytes, uint32_t length, uint32_t priority, uaddr_t until)
{
    struct abi_timespec time;

    if (until == 0)
        return sys_mq_send(fd, bytes, length, priority);
    if (copy_from_user(&time, until, sizeof(time)) != 0)
        return -EFAULT;
    return send(fd, bytes, length, priority, &time);
}

long sys_mq_timedreceive(int fd, uaddr_t bytes, uint32_t size, uaddr_t priority, uaddr_t until)
{
    struct abi_timespec time;

    if (until == 0)
        return sys_mq_receive(fd, bytes, size, priority);
    if (copy_from_user(&time, until, sizeof(time)) != 0)
        return -EFAULT;
    return receive(fd, bytes, size, priority, &time);
}

long sys_mq_notify(int fd, int how, int signal, uint32_t value)
{
    struct file *file = queue_get(fd);
    long result;

    if (file == NULL)
        return -EBADF; /* POSIX mq_notify: EBADF */
    result = mqueue_notify(file->object, how, signal, value);
    fd_put(file);
    return result;
}

long sys_mq_getsetattr(int fd, uaddr_t new, uaddr_t old)
{
    struct abi_mq_attr attributes = {.mq_flags = -1};
    struct file *file;

    if (new != 0 && copy_from_user(&attributes, new, sizeof(attributes)) != 0)
        return -EFAULT;
    if (new != 0 && attributes.mq_flags & ~O_NONBLOCK)
        return -EINVAL; /* Linux mq_setattr: EINVAL */
    file = queue_get(fd);
    if (file == NULL)
        return -EBADF; /* POSIX mq_getattr, mq_setattr: EBADF */
    mqueue_attributes(file, attributes.mq_flags, &attributes);
    fd_put(file);
    return old != 0 ? copy_to_user(old, &attributes, sizeof(attributes)) : 0;
}
