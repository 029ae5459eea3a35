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
#include <abi/errno.h>
#include <core/timer.h>
#include <fs/fs.h>
#include <fs/path.h>
#include <fs/ramfs.h>
#include <ipc/mqueue.h>
#include <ipc/signal_pending.h>
#include <lib/string.h>
#include <mm/account.h>
#include <mm/page.h>

#define PATH "/dev/mqueue"

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

/* A queue whose bytes are charged to the running process's user; NULL with *error. */
static struct mqueue *create_charged(const struct mqueue_shape *shape, int *error)
{
    uint64_t bytes = mqueue_bytes(shape);
    struct account *account =
        account_charge_current(ACCOUNT_QUEUE_BYTES, bytes, current->process->limits[RLIMIT_MSGQUEUE].rlim_cur);
    struct mqueue *queue;

    *error = -EMFILE; /* Linux mq_open: EMFILE */
    if (account == NULL)
        return NULL;
    queue = bytes >> PAGE_SHIFT > page_free_count() / 2 ? NULL : mqueue_create(shape);
    if (queue == NULL) {
        *error = -ENOSPC; /* POSIX mq_open: ENOSPC */
        account_release(account, ACCOUNT_QUEUE_BYTES, bytes);
        return NULL;
    }
    queue->account = account;
    *error = 0;
    return queue;
}

/* A queue within the limits, counted; NULL with *error. */
static struct mqueue *create_counted(const struct mqueue_shape *shape, int *error)
{
    struct mqueue *queue = NULL;

    *error = check_shape(shape);
    if (*error != 0)
        return NULL;
    mutex_lock(&queues_mutex);
    if (queue_count >= limit_queues && !credentials_superuser())
        *error = -ENOSPC; /* POSIX mq_open: ENOSPC */
    else
        queue = create_charged(shape, error);
    if (queue != NULL) {
        list_add_tail(&queues, &queue->all_link);
        queue_count++;
    }
    mutex_unlock(&queues_mutex);
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

/* Make a queue and its name, which does not exist; *made is referenced.  The directory is locked. */
static int make_queue(struct name name, const struct inode_request *request, const struct mqueue_shape *shape,
                      struct inode **made)
{
    int error;
    struct mqueue *queue = create_counted(shape, &error);

    if (queue == NULL)
        return error;
    inode_init(&queue->inode, &queue_ops, request->mode, DEVICE_MQUEUE, inode_number());
    queue->inode.uid = request->uid;
    queue->inode.gid = request->gid;
    queue->inode.size = MQUEUE_TEXT_MAX;
    memcpy(queue->name, name.text, name.length);
    inode_get(&queue->inode);
    if (!ramfs_add(&directory.inode, name, &queue->inode)) {
        inode_put(&queue->inode);
        inode_put(&queue->inode);
        return -ENOSPC; /* POSIX mq_open: ENOSPC */
    }
    *made = &queue->inode;
    return 0;
}

/* open() with O_CREAT, mknod(). */
static int directory_create(struct inode *dir, struct name name, const struct inode_request *request,
                            struct inode **made)
{
    const struct mqueue_shape shape = {default_messages, default_size};

    (void)dir;
    if ((request->mode & ABI_S_IFMT) != ABI_S_IFREG || current->process == NULL)
        return -EPERM; /* POSIX mkdir, mknod: EPERM; symlink likewise */
    return make_queue(name, request, &shape, made);
}

/* mq_open() with O_CREAT, where there is no such name.  The directory is locked. */
static int open_new(struct name name, uint32_t mode, const struct mqueue_shape *shape, struct inode **made)
{
    const struct mqueue_shape by_default = {default_messages, default_size};
    const struct credentials *who = credentials_current();
    const struct inode_request request = {
        .mode = ABI_S_IFREG | (mode & 0777 & ~current->process->paths->umask),
        .uid = who->euid,
        .gid = who->egid,
    };
    int error = inode_access(&directory.inode, W_OK | X_OK, false);

    if (error != 0)
        return error; /* POSIX mq_open: EACCES */
    return make_queue(name, &request, shape != NULL ? shape : &by_default, made);
}

/* Find or make the queue: referenced, or NULL with *error.  The directory is locked. */
static struct inode *find_or_make(struct name name, uint32_t flags, uint32_t mode, const struct mqueue_shape *shape,
                                  int *error)
{
    static const unsigned wants[] = {[O_RDONLY] = R_OK, [O_WRONLY] = W_OK, [O_RDWR] = R_OK | W_OK};
    struct inode *inode = ramfs_lookup(&directory.inode, name, error);

    if (inode == NULL) {
        *error = -ENOENT; /* POSIX mq_open: ENOENT */
        if (flags & O_CREAT)
            *error = open_new(name, mode, shape, &inode);
        return inode;
    }
    if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
        *error = -EEXIST; /* POSIX mq_open: EEXIST */
    else
        *error = inode_access(inode, wants[flags & O_ACCMODE], false); /* POSIX mq_open: EACCES */
    if (*error == 0)
        return inode;
    inode_put(inode);
    return NULL;
}

/* "/name" to its name: 0, -EINVAL, -ENOENT, -EACCES, -ENAMETOOLONG. */
static int parse_name(const char *text, struct name *name)
{
    *name = (struct name){text + 1, (unsigned)strlen(text) - 1};
    if (*text != '/')
        return -EINVAL; /* POSIX mq_open, mq_unlink: EINVAL */
    if (name->length == 0)
        return -ENOENT;
    if (strchr(name->text, '/') != NULL || strcmp(name->text, ".") == 0 || strcmp(name->text, "..") == 0)
        return -EACCES; /* Linux mq_open, mq_unlink: EACCES for names that are none */
    return name->length > ABI_NAME_MAX ? -ENAMETOOLONG : 0; /* POSIX mq_open, mq_unlink: ENAMETOOLONG */
}

/* Takes over the reference of `inode`. */
static struct file *open_queue(struct inode *inode, uint32_t flags, int *error)
{
    struct file *file = file_create(&mqueue_file_ops, flags & (O_ACCMODE | O_NONBLOCK), inode, mqueue_of(inode));

    if (file == NULL) {
        inode_put(inode);
        *error = -ENFILE; /* POSIX mq_open: ENFILE */
    }
    return file;
}

struct file *mqueue_open(const char *text, uint32_t flags, uint32_t mode, const struct mqueue_shape *shape, int *error)
{
    struct inode *inode;
    struct name name;

    *error = parse_name(text, &name);
    if (*error == 0 && (flags & O_ACCMODE) == O_ACCMODE)
        *error = -EINVAL;
    if (*error != 0)
        return NULL;
    mutex_lock(&directory.inode.lock);
    inode = find_or_make(name, flags, mode, shape, error);
    mutex_unlock(&directory.inode.lock);
    return inode != NULL ? open_queue(inode, flags, error) : NULL;
}

int mqueue_unlink(const char *text)
{
    char path[sizeof(PATH) + 1 + ABI_NAME_MAX];
    struct name name;
    int error = parse_name(text, &name);

    if (error != 0)
        return error;
    snprintf(path, sizeof(path), PATH "/%s", name.text);
    error = path_unlink(AT_FDCWD, path, 0);
    return error == -EPERM ? -EACCES : error; /* POSIX mq_unlink: EACCES, ENOENT */
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

/* A row of /proc/mqueues. */
static void show_queue(struct proc_text *text, struct mqueue *queue)
{
    const struct inode *inode = &queue->inode;
    unsigned opens = inode->references - (inode->links != 0);

    proc_print(text, "%s%s %u %u %u %u %o %u %u %u %d", inode->links != 0 ? "/" : "",
               inode->links != 0 ? queue->name : "-", (unsigned)queue->store.count, (unsigned)queue->store.bytes,
               (unsigned)queue->shape.max_messages, (unsigned)queue->shape.message_size, (unsigned)inode->mode & 0777,
               (unsigned)inode->uid, (unsigned)inode->gid, opens, queue->notice.pid);
    proc_print_waiters(text, &queue->senders, &queue->lock);
    proc_print_waiters(text, &queue->receivers, &queue->lock);
    proc_print(text, "\n");
}

static void show_queues(struct proc_text *text)
{
    struct mqueue *queue;

    proc_print(text, "name messages bytes maxmsg msgsize perms uid gid opens notify senders receivers\n");
    mutex_lock(&queues_mutex);
    list_for_each_entry (queue, &queues, all_link) {
        show_queue(text, queue);
    }
    mutex_unlock(&queues_mutex);
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
