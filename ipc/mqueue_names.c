/*
 * mqueue_names.c - /dev/mqueue: where POSIX message queues have their names.
 *
 * It is a small file system: one directory, whose table of names is the RAM file system's, and whose files are queues.
 * So `ls -l`, `rm`, `chmod`, `chown` and `cat` work with what they always do, and a queue lives as any file: until it
 * has no name and no open descriptor any more.  mq_open() makes a name here; so does open() with O_CREAT, of the
 * default shape. Links, renaming and directories are left out, as in Linux.
 *
 * A user's queues together may take RLIMIT_MSGQUEUE bytes, their messages included, filled or not.  Shapes and the
 * number of queues are limited for all but the superuser; the limits are in /proc/sys/fs/mqueue.  /proc/mqueues lists
 * all queues.
 *
 * Locks: the directory's inode lock guards the names; queues_mutex, inside it, the list of all queues.
 */
#include <fs/fs.h>
#include <fs/path.h>
#include <fs/ramfs.h>
#include <ipc/calls.h>
#include <ipc/mqueue.h>
#include <ipc/signal_pending.h>
#include <mm/account.h>

/* What even the superuser cannot exceed. */
#define HARD_MESSAGES 65536
#define HARD_SIZE (16u << 20)

static const struct inode_ops directory_ops, queue_ops;
static struct ram_inode directory;

static struct mutex queues_mutex;
static struct list queues = LIST_INIT(queues);
static unsigned queue_count;

/* /proc/sys/fs/mqueue/... */
static uint32_t limit_messages = 10, limit_size = 8192;
static uint32_t default_messages = 10, default_size = 8192;
static uint32_t limit_queues = 256;

/* May the running process have a queue of this shape? */
static int check_shape(const struct mqueue_shape *shape)
{
    bool privileged = credentials_superuser();
    uint32_t messages = privileged ? HARD_MESSAGES : limit_messages, size = privileged ? HARD_SIZE : limit_size;

    if (shape->max_messages == 0 || shape->max_messages > messages)
        return -EINVAL; /* POSIX mq_open: EINVAL */
    return shape->message_size == 0 || shape->message_size > size ? -EINVAL : 0;
}

/* A queue within the limits, whose bytes are charged to the running process's user; NULL with *error.  queues_mutex
 * held. */
static struct mqueue *create_charged(const struct mqueue_shape *shape, int *error)
{
    uint64_t bytes = mqueue_bytes(shape);
    struct account *account;
    struct mqueue *queue = NULL;

    *error = -ENOSPC; /* POSIX mq_open: ENOSPC */
    if (queue_count >= limit_queues && !credentials_superuser())
        return NULL;
    account = account_charge_current(ACCOUNT_QUEUE_BYTES, bytes, current->process->limits[RLIMIT_MSGQUEUE].rlim_cur);
    if (account == NULL) {
        *error = -EMFILE; /* Linux mq_open: EMFILE */
        return NULL;
    }
    if (bytes >> PAGE_SHIFT <= page_free_count() / 2)
        queue = mqueue_create(shape);
    if (queue == NULL) {
        account_release(account, ACCOUNT_QUEUE_BYTES, bytes);
        return NULL;
    }
    queue->account = account;
    list_add_tail(&queues, &queue->all_link);
    queue_count++;
    return queue;
}

/* A queue without a name, as an inode with one reference; NULL with *error. */
static struct mqueue *queue_create(const struct mqueue_shape *shape, const struct inode_request *request, int *error)
{
    struct mqueue *queue;

    *error = check_shape(shape);
    if (*error != 0)
        return NULL;
    mutex_lock(&queues_mutex);
    queue = create_charged(shape, error);
    mutex_unlock(&queues_mutex);
    if (queue == NULL)
        return NULL;
    inode_init(&queue->inode, &queue_ops, request->mode, DEVICE_MQUEUE, inode_number());
    queue->inode.uid = request->uid;
    queue->inode.gid = request->gid;
    queue->inode.size = MQUEUE_TEXT_MAX;
    queue->inode.links = 0;
    queue->inode.linkable = true;
    return queue;
}

static void queue_release(struct inode *inode)
{
    struct mqueue *queue = mqueue_of(inode);

    mutex_lock(&queues_mutex);
    list_remove(&queue->all_link);
    queue_count--;
    mutex_unlock(&queues_mutex);
    account_release(queue->account, ACCOUNT_QUEUE_BYTES, queue->bytes);
    signal_record_free(queue->notice.record);
    mqueue_free(queue);
}

/* link(): a queue has one name in its life. */
static int directory_link(struct inode *dir, struct name name, struct inode *target)
{
    struct mqueue *queue = mqueue_of(target);

    if (queue->name[0] != '\0')
        return -EROFS;
    inode_get(target);
    if (!ramfs_add(dir, name, target)) {
        inode_put(target);
        return -ENOSPC; /* POSIX mq_open: ENOSPC */
    }
    memcpy(queue->name, name.text, name.length);
    target->links = 1;
    return 0;
}

/* open() with O_CREAT, mknod(): a queue of the default shape. */
static int directory_create(struct inode *dir, struct name name, const struct inode_request *request,
                            struct inode **made)
{
    const struct mqueue_shape shape = {default_messages, default_size};
    struct mqueue *queue;
    int error;

    if ((request->mode & ABI_S_IFMT) != ABI_S_IFREG || current->process == NULL)
        return -EPERM; /* POSIX mkdir, mknod: EPERM; symlink likewise */
    queue = queue_create(&shape, request, &error);
    if (queue == NULL)
        return error;
    *made = &queue->inode;
    error = directory_link(dir, name, *made);
    if (error != 0)
        inode_put(*made);
    return error;
}

/* An open file of a new queue without a name, or NULL with *error. */
static struct file *create_file(const struct mqueue_shape *shape, unsigned flags, unsigned mode, int *error)
{
    const struct credentials *who = credentials_current();
    const struct inode_request request = {
        .mode = ABI_S_IFREG | (mode & 0777 & ~current->process->umask),
        .uid = who->euid,
        .gid = who->egid,
    };
    struct mqueue *queue = queue_create(shape, &request, error);
    struct file *file;

    if (queue == NULL)
        return NULL;
    file = file_create(&mqueue_file_ops, flags & (O_ACCMODE | O_NONBLOCK), &queue->inode, queue);
    if (file == NULL) {
        inode_put(&queue->inode);
        *error = -ENFILE; /* POSIX mq_open: ENFILE */
    }
    return file;
}

/* A descriptor of a new queue without a name; linkat() gives it one below /dev/mqueue.  `flags` as for open(),
 * `address` of the attributes, 0: the default shape.  -EINVAL, -EMFILE, -ENFILE, -ENOSPC.
 * POSIX mq_open: FD_CLOEXEC is set; exec closes queues. */
long sys_mq_create(int flags, uint32_t mode, uaddr_t address)
{
    struct mqueue_shape shape = {default_messages, default_size};
    struct abi_mq_attr attributes;
    struct file *file;
    int fd, error;

    if (address != 0) {
        if (copy_from_user(&attributes, address, sizeof(attributes)) != 0)
            return -EFAULT;
        /* A negative number is too large a one. */
        shape = (struct mqueue_shape){(uint32_t)attributes.mq_maxmsg, (uint32_t)attributes.mq_msgsize};
    }
    file = create_file(&shape, (unsigned)flags, mode, &error);
    if (file == NULL)
        return error;
    fd = fd_add(file, O_CLOEXEC);
    if (fd < 0)
        file_put(file); /* POSIX mq_open: EMFILE */
    return fd;
}

static int directory_name(struct inode *inode, char *to, struct inode **dir)
{
    strlcpy(to, "mqueue", ABI_NAME_MAX + 1);
    *dir = inode->parent;
    inode_get(*dir);
    return 0;
}

static const struct inode_ops directory_ops = {
    .lookup = ramfs_lookup,
    .entry = ramfs_entry,
    .create = directory_create,
    .link = directory_link,
    .unlink = ramfs_unlink,
    .find_name = directory_name,
};

static int queue_open(struct inode *inode, struct file *file)
{
    file->ops = &mqueue_file_ops;
    file->object = mqueue_of(inode);
    return 0;
}

/* Its only name, which it keeps. */
static int queue_name(struct inode *inode, char *to, struct inode **dir)
{
    if (inode->links == 0)
        return -ENOENT;
    strlcpy(to, mqueue_of(inode)->name, ABI_NAME_MAX + 1);
    *dir = &directory.inode;
    inode_get(*dir);
    return 0;
}

/* Sending changes a queue and receiving reads it; both note the counter alone, and stat computes the times. */
static void queue_refresh(struct inode *inode)
{
    struct mqueue *queue = mqueue_of(inode);
    int64_t now = inode_time();
    uint64_t ticks = counter_read();

    spin_lock(&queue->lock);
    if (queue->receive_ticks != 0)
        inode->atime = now - (int64_t)ns_from_ticks(ticks - queue->receive_ticks);
    if (queue->send_ticks != 0)
        inode->mtime = inode->ctime = now - (int64_t)ns_from_ticks(ticks - queue->send_ticks);
    queue->receive_ticks = queue->send_ticks = 0;
    spin_unlock(&queue->lock);
}

static const struct inode_ops queue_ops = {
    .open = queue_open,
    .refresh = queue_refresh,
    .find_name = queue_name,
    .release = queue_release,
};

/* The queue behind `before` (NULL: the first), its inode held, or NULL.  `before` stays in the list as long as its own
 * inode is held; that is given back. */
static struct mqueue *queue_next(struct mqueue *before)
{
    struct list *link;
    struct mqueue *queue = NULL;

    mutex_lock(&queues_mutex);
    for (link = before != NULL ? before->all_link.next : queues.next; link != &queues; link = link->next) {
        queue = container_of(link, struct mqueue, all_link);
        if (inode_try_get(&queue->inode))
            break;
    }
    mutex_unlock(&queues_mutex);
    if (before != NULL)
        inode_put(&before->inode);
    return link != &queues ? queue : NULL;
}

/* A row of /proc/mqueues. */
static void show_queue(struct proc_text *text, struct mqueue *queue)
{
    const struct inode *inode = &queue->inode;

    proc_print(text, "%s%s %u %u %u %u %o %u %u %d", inode->links != 0 ? "/" : "",
               inode->links != 0 ? queue->name : "-", (unsigned)queue->store.count, (unsigned)queue->store.bytes,
               (unsigned)queue->shape.max_messages, (unsigned)queue->shape.message_size, (unsigned)inode->mode & 0777,
               (unsigned)inode->uid, (unsigned)inode->gid, queue->notice.pid);
    proc_print_holders(text, inode, R_OK | W_OK);
    proc_print_waiters(text, &queue->senders, &queue->lock);
    proc_print_waiters(text, &queue->receivers, &queue->lock);
    proc_print(text, "\n");
}

/* Looking for holders may end the last use of another queue, so queues_mutex is not held. */
static void show_queues(struct proc_text *text)
{
    struct mqueue *queue = NULL;

    proc_print(text, "name messages bytes maxmsg msgsize perms uid gid notify holders senders receivers\n");
    while ((queue = queue_next(queue)) != NULL)
        show_queue(text, queue);
}

static void limits_start(void)
{
    procfs_add("mqueues", show_queues);
    procfs_add_limit("sys/fs/mqueue/msg_max", &limit_messages, 1, HARD_MESSAGES);
    procfs_add_limit("sys/fs/mqueue/msgsize_max", &limit_size, 128, HARD_SIZE);
    procfs_add_limit("sys/fs/mqueue/msg_default", &default_messages, 1, HARD_MESSAGES);
    procfs_add_limit("sys/fs/mqueue/msgsize_default", &default_size, 128, HARD_SIZE);
    procfs_add_limit("sys/fs/mqueue/queues_max", &limit_queues, 0, INT32_MAX);
}

void mqueue_start(void)
{
    static const struct name name = {"mqueue", 6};
    int error;
    struct inode *dev = path_walk(AT_FDCWD, "/dev", WALK_FOLLOW, &error);

    kassert(dev != NULL);
    mutex_init(&queues_mutex, "mqueues");
    inode_init(&directory.inode, &directory_ops, ABI_S_IFDIR | ABI_S_ISVTX | 0777, DEVICE_MQUEUE, inode_number());
    directory.inode.links = 2;
    directory.inode.parent = dev; /* which keeps our reference of it */
    mutex_lock(&dev->lock);
    kassert(ramfs_add(dev, name, &directory.inode));
    dev->links++;
    mutex_unlock(&dev->lock);
    limits_start();
}
