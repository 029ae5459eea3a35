/*
 * socket.c - sockets as open files: made, read, written, polled, closed.
 *
 * A socket is older than its open file where connect() makes it for a listening socket, and outlives it where somebody
 * has just found it by name or has it as a peer.
 *
 * What a queue can hold is charged to the user who makes the socket (mm/account.h): one who has a sixteenth of the RAM
 * in queues gets short ones from then on, and one who has an eighth gets no more sockets.
 */
#include <abi/termios.h>
#include <core/syscalls.h>
#include <fs/fs.h>
#include <ipc/socket.h>
#include <mm/account.h>
#include <mm/kmalloc.h>
#include <mm/page.h>

OBJECT_CACHE(socket_cache, "socket", sizeof(struct socket));

struct spinlock sockets_lock = SPINLOCK_INIT("sockets", RANK_SOCKETS);
struct list all_sockets = LIST_INIT(all_sockets);

static const struct inode_ops socket_inode_ops;

/* False: the user has too many. */
static bool socket_charge(struct socket *socket)
{
    uint64_t memory = (uint64_t)page_total_count() * PAGE_SIZE;

    socket->charged = SOCKET_BUFFER;
    socket->account = account_charge_current(ACCOUNT_SOCKET_BYTES, socket->charged,
                                             credentials_superuser() ? ACCOUNT_UNLIMITED : memory / 16);
    if (socket->account == NULL) {
        socket->charged = SOCKET_BUFFER_LEAST;
        socket->account = account_charge_current(ACCOUNT_SOCKET_BYTES, socket->charged, memory / 8);
    }
    socket->limit = socket->charged;
    return socket->account != NULL;
}

struct socket *socket_create(int type, int *error)
{
    struct socket *socket = cache_alloc(&socket_cache);
    const struct credentials *who = credentials_current();

    *error = socket == NULL ? -ENOMEM : !socket_charge(socket) ? -ENOBUFS : 0; /* POSIX socket: ENOMEM, ENOBUFS */
    if (*error != 0) {
        cache_free(&socket_cache, socket);
        return NULL;
    }
    socket->references = 1;
    socket->type = type;
    spin_init(&socket->lock, "socket", RANK_OBJECT);
    list_init(&socket->queue);
    wait_queue_init(&socket->readers);
    wait_queue_init(&socket->writers);
    wait_queue_init(&socket->watchers);
    inode_init(&socket->inode, &socket_inode_ops, ABI_S_IFSOCK | 0777, DEVICE_ANONYMOUS, inode_number());
    socket->inode.uid = who->euid;
    socket->inode.gid = who->egid;
    spin_lock(&sockets_lock);
    list_add_tail(&all_sockets, &socket->all_link);
    spin_unlock(&sockets_lock);
    return socket;
}

void socket_open(struct socket *socket, struct file *file)
{
    file->inode = &socket->inode;
    file->object = socket;
    file->ops = &socket_ops;
    socket->file = file;
}

void socket_get(struct socket *socket)
{
    __atomic_fetch_add(&socket->references, 1, __ATOMIC_RELAXED);
}

void socket_put(struct socket *socket)
{
    if (socket == NULL || __atomic_sub_fetch(&socket->references, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    account_release(socket->account, ACCOUNT_SOCKET_BYTES, socket->charged);
    socket_name_put(socket->name);
    kfree(socket->spare);
    cache_free(&socket_cache, socket);
}

struct socket *socket_peer(struct socket *socket)
{
    struct socket *peer;

    spin_lock(&sockets_lock);
    peer = socket->peer;
    if (peer != NULL)
        socket_get(peer);
    spin_unlock(&sockets_lock);
    return peer;
}

struct socket *socket_at(int fd, struct file **file, int *error)
{
    *file = fd_get(fd);
    *error = -EBADF;
    if (*file == NULL)
        return NULL; /* POSIX accept, bind ...: EBADF */
    *error = 0;
    if ((*file)->ops == &socket_ops)
        return (*file)->object;
    fd_put(*file);
    *error = -ENOTSOCK; /* POSIX accept, bind ...: ENOTSOCK */
    return NULL;
}

static inline bool may_be_short(const struct socket *socket, const struct uio *uio)
{
    return socket->type == SOCK_STREAM && socket->state == SOCKET_CONNECTED && uio->left != 0;
}

static long read_general(struct file *file, struct uio *uio)
{
    struct socket_transfer transfer;
    long result;

    socket_transfer_init(&transfer, file, 0);
    result = socket_receive(file->object, uio, &transfer);
    rights_drop(transfer.rights);
    socket_name_put(transfer.from);
    return result;
}

static long write_general(struct file *file, struct uio *uio)
{
    struct socket_transfer transfer;

    socket_transfer_init(&transfer, file, 0);
    return socket_send(file->object, uio, &transfer);
}

static long socket_read(struct file *file, struct uio *uio, abi_off_t *position)
{
    long result = 0;

    if (may_be_short(file->object, uio))
        result = socket_read_short(file->object, uio, file->flags & O_NONBLOCK);
    return result != 0 ? result : read_general(file, uio);
}

static long socket_write(struct file *file, struct uio *uio, abi_off_t *position)
{
    long result = 0;

    if (may_be_short(file->object, uio))
        result = socket_write_short(file->object, uio);
    return result != 0 ? result : write_general(file, uio);
}

/* Stand at a socket's queue (`watch` not NULL), then look what that is ready for. */
static unsigned poll_queue(struct socket *socket, bool reading, struct poll_watch *watch)
{
    bool ready;

    spin_lock(&socket->lock);
    if (watch != NULL) {
        wait_enqueue(&socket->watchers, &watch->entry, &socket->lock);
        socket->watched = true;
    }
    if (reading)
        ready = !list_empty(&socket->queue) || socket->closed & NO_WRITER;
    else
        ready = socket->filled < socket->limit || socket->closed;
    spin_unlock(&socket->lock);
    return !ready ? 0 : reading ? POLLIN | POLLRDNORM : POLLOUT | POLLWRNORM;
}

/* What the peer's queue is ready for.  Its room is watched only for whoever asks for that, since a peer that reads
 * would wake all others for nothing; and it lives as long, though connect() may give a socket another peer. */
static unsigned poll_peer(struct socket *peer, struct poll_watch *watch)
{
    if (watch != NULL && (!(watch->events & (POLLOUT | POLLWRNORM)) || !inode_try_get(&peer->inode)))
        watch = NULL; /* it is closed, and says so */
    if (watch != NULL)
        watch->held = &peer->inode;
    return poll_queue(peer, false, watch);
}

static unsigned socket_poll(struct file *file, struct poll_watch *watch)
{
    struct socket *socket = file->object, *peer = socket_peer(socket);
    unsigned ready = poll_queue(socket, true, watch);

    if (peer != NULL)
        ready |= poll_peer(peer, watch != NULL ? watch + 1 : NULL);
    else if (socket->state != SOCKET_LISTENING)
        ready |= POLLOUT | POLLWRNORM | (socket->type != SOCK_DGRAM ? POLLHUP : 0);
    if (socket->state == SOCKET_CONNECTED && socket->type != SOCK_DGRAM && socket->closed & NO_WRITER && peer->closed)
        ready |= POLLHUP;
    if (socket->reset)
        ready |= POLLERR; /* POSIX poll: an error has occurred on the device or stream */
    socket_put(peer);
    return ready;
}

uint32_t socket_queued(struct socket *socket, bool all)
{
    uint32_t bytes = 0;
    struct packet *packet;

    spin_lock(&socket->lock);
    if (socket->state == SOCKET_LISTENING) {
        bytes = all ? socket->filled : 0;
    } else {
        list_for_each_entry (packet, &socket->queue, link) {
            bytes += packet->length - packet->begin;
            if (!all && socket->type != SOCK_STREAM)
                break;
        }
    }
    spin_unlock(&socket->lock);
    return bytes;
}

static long socket_ioctl(struct file *file, unsigned request, uint32_t argument)
{
    int32_t bytes;

    if (request != FIONREAD)
        return -ENOTTY; /* POSIX ioctl: ENOTTY */
    bytes = (int32_t)socket_queued(file->object, false);
    return copy_to_user(argument, &bytes, sizeof(bytes));
}

static void socket_release(struct file *file)
{
    socket_end(file->object, false);
}

/* The open file's inode goes last. */
static void socket_inode_release(struct inode *inode)
{
    struct socket *socket = container_of(inode, struct socket, inode);

    spin_lock(&sockets_lock);
    list_remove(&socket->all_link);
    spin_unlock(&sockets_lock);
    socket_put(socket);
}

static const struct inode_ops socket_inode_ops = {
    .release = socket_inode_release,
};

const struct file_ops socket_ops = {
    .read = socket_read,
    .write = socket_write,
    .ioctl = socket_ioctl,
    .poll = socket_poll,
    .put = rights_file_put,
    .release = socket_release,
};

/* What socket() and socketpair() are asked for. */
static int check_kind(int domain, int type, int protocol)
{
    if (domain != AF_UNIX)
        return -EAFNOSUPPORT; /* POSIX socket: EAFNOSUPPORT */
    if (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_SEQPACKET)
        return -EPROTOTYPE;                                             /* POSIX socket: EPROTOTYPE */
    return protocol == 0 || protocol == AF_UNIX ? 0 : -EPROTONOSUPPORT; /* POSIX socket: EPROTONOSUPPORT */
}

/* A new socket with its open file. */
static struct socket *create_open(int type, uint32_t flags, int *error)
{
    struct socket *socket = socket_create(type, error);
    struct file *file = socket != NULL ? file_create(NULL, flags | O_RDWR, NULL, NULL) : NULL;

    if (file != NULL) {
        socket_open(socket, file);
        return socket;
    }
    if (socket != NULL) {
        inode_put(&socket->inode);
        *error = -ENOMEM;
    }
    return NULL;
}

#define KIND_FLAGS (SOCK_NONBLOCK | SOCK_CLOEXEC)

long sys_socket(int domain, int type, int protocol)
{
    int error = check_kind(domain, type & ~KIND_FLAGS, protocol), fd;
    struct socket *socket;

    if (error != 0)
        return error;
    socket = create_open(type & ~KIND_FLAGS, (uint32_t)type & SOCK_NONBLOCK, &error);
    if (socket == NULL)
        return error;
    fd = fd_add(socket->file, (uint32_t)type & SOCK_CLOEXEC);
    if (fd < 0)
        file_put(socket->file); /* POSIX socket: EMFILE */
    return fd;
}

/* Install both, or none, and store their numbers at the user's address. */
static long install_pair(struct socket *pair[2], uaddr_t address, bool close_on_exec)
{
    int fds[2] = {fd_reserve(0), -1};
    long error = fds[0];

    if (error < 0)
        return error; /* POSIX socketpair: EMFILE */
    error = fds[1] = fd_reserve(0);
    if (error >= 0)
        error = copy_to_user(address, fds, sizeof(fds));
    for (unsigned i = 0; i < 2; i++) {
        if (error == 0)
            fd_install(fds[i], pair[i]->file, close_on_exec);
        else if (fds[i] >= 0)
            fd_cancel(fds[i]);
    }
    return error;
}

long sys_socketpair(int domain, int type, int protocol, uaddr_t address)
{
    int error = check_kind(domain, type & ~KIND_FLAGS, protocol);
    struct socket *pair[2] = {NULL, NULL};
    long result;

    if (error != 0)
        return error;
    for (unsigned i = 0; i < 2 && error == 0; i++)
        pair[i] = create_open(type & ~KIND_FLAGS, (uint32_t)type & SOCK_NONBLOCK, &error);
    result = error != 0 ? error : socket_pair_up(pair[0], pair[1]);
    if (result == 0)
        result = install_pair(pair, address, type & SOCK_CLOEXEC);
    for (unsigned i = 0; i < 2 && result != 0; i++) {
        if (pair[i] != NULL)
            file_put(pair[i]->file);
    }
    return result;
}
