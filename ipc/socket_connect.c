/*
 * socket_connect.c - how connections come and go: listen, connect, accept, shutdown, the end.
 *
 *      client                              listening socket                server
 *      connect(): makes the server's       queue: one more                 accept(): takes it out,
 *      socket, and may write at once                                       gives it a descriptor
 *
 * A connection waits in the listening socket's queue as long as nobody accepts it; the client does not notice.  When
 * the listening socket is closed what is in its queue ends with it, and the clients learn it as from any close.
 */
#include <core/syscalls.h>
#include <ipc/socket.h>

/* `socket` sends to `to`, which is as large as it has asked for.  sockets_lock held. */
static void set_peer(struct socket *socket, struct socket *to)
{
    debug_lock_held(&sockets_lock);
    socket_get(to);
    if (socket->send_limit != 0 && socket->type != SOCK_DGRAM)
        to->limit = socket->send_limit < to->charged ? socket->send_limit : to->charged;
    __atomic_store_n(&socket->peer, to, __ATOMIC_RELEASE);
    socket->state = SOCKET_CONNECTED;
}

int socket_pair_up(struct socket *a, struct socket *b)
{
    int error = 0;

    spin_lock(&sockets_lock);
    if (a->state != SOCKET_IDLE) {
        error = -EISCONN; /* POSIX connect: EISCONN */
    } else {
        set_peer(a, b);
        set_peer(b, a);
        a->who = socket_my_credentials();
        if (b->who.pid == 0)
            b->who = a->who;
    }
    spin_unlock(&sockets_lock);
    return error;
}

long sys_listen(int fd, int backlog)
{
    struct file *file;
    int error;
    struct socket *socket = socket_at(fd, &file, &error);

    if (socket == NULL)
        return error;
    spin_lock(&socket->lock);
    spin_lock(&sockets_lock);
    if (socket->type == SOCK_DGRAM) {
        error = -EOPNOTSUPP; /* POSIX listen: EOPNOTSUPP */
    } else if (socket->name == NULL || socket->state == SOCKET_CONNECTED) {
        error = -EINVAL; /* POSIX listen: EINVAL; without a name POSIX has EDESTADDRREQ, and Linux EINVAL */
    } else {
        socket->state = SOCKET_LISTENING;
        socket->who = socket_my_credentials();
        socket->limit = 1 + (backlog < 0 || backlog > SOMAXCONN ? SOMAXCONN : (uint32_t)backlog);
    }
    spin_unlock(&sockets_lock);
    socket_serve(socket);
    spin_unlock(&socket->lock);
    fd_put(file);
    return error;
}

/* May `socket` be connected to `listener`? */
static int may_connect(const struct socket *socket, const struct socket *listener)
{
    if (socket->state == SOCKET_CONNECTED)
        return -EISCONN; /* POSIX connect: EISCONN */
    if (socket->state == SOCKET_LISTENING)
        return -EINVAL; /* Linux connect: EINVAL; POSIX: EOPNOTSUPP */
    if (listener->type != socket->type)
        return -EPROTOTYPE;                                         /* POSIX connect: EPROTOTYPE */
    return listener->state == SOCKET_LISTENING ? 0 : -ECONNREFUSED; /* POSIX connect: ECONNREFUSED */
}

/* `made`, the other end, goes into the listener's queue when there is room. */
static long enter_backlog(struct socket *socket, struct socket *listener, struct socket *made, bool nowait)
{
    long result;

    spin_lock(&listener->lock);
    result = socket_await_room(listener, nowait, socket_deadline(socket->send_time),
                               "socket-connect"); /* Linux connect: EAGAIN */
    if (result == 0)
        result = listener->closed & NO_READER ? -ECONNREFUSED
                                              : socket_pair_up(socket, made); /* POSIX connect: ECONNREFUSED */
    if (result == 0) {
        list_add_tail(&listener->queue, &made->backlog_link);
        made->listener = listener;
        listener->filled++;
    }
    socket_serve(listener);
    spin_unlock(&listener->lock);
    return result;
}

static long connect_stream(struct socket *socket, struct socket *listener, bool nowait)
{
    int error = may_connect(socket, listener);
    struct socket *made;
    long result;

    if (error != 0 || (made = socket_create(socket->type, &error)) == NULL)
        return error;
    made->who = listener->who;
    made->name = socket_name_get(listener->name);
    made->pass_credentials = listener->pass_credentials;
    result = enter_backlog(socket, listener, made, nowait);
    if (result != 0)
        inode_put(&made->inode);
    return result;
}

/* Where the datagrams of `socket` go from now on; NULL: nowhere. */
static void set_target(struct socket *socket, struct socket *target)
{
    struct socket *old;

    spin_lock(&sockets_lock);
    old = socket->peer;
    socket->peer = NULL;
    socket->state = SOCKET_IDLE;
    if (target != NULL)
        set_peer(socket, target);
    spin_unlock(&sockets_lock);
    socket_put(old);
}

static long connect_datagrams(struct socket *socket, struct socket *target)
{
    if (target->type != SOCK_DGRAM)
        return -EPROTOTYPE; /* POSIX connect: EPROTOTYPE */
    if (target->peer != NULL && target->peer != socket)
        return -EPERM; /* Linux connect: EPERM, it is connected to another one */
    set_target(socket, target);
    return 0;
}

static bool is_null_address(uaddr_t address, uint32_t length)
{
    uint16_t family;

    return length >= sizeof(family) && copy_from_user(&family, address, sizeof(family)) == 0 && family == AF_UNSPEC;
}

long sys_connect(int fd, uaddr_t address, uint32_t length)
{
    struct file *file;
    int error;
    struct socket *socket = socket_at(fd, &file, &error), *found;
    long result = 0;

    if (socket == NULL)
        return error;
    if (socket->type == SOCK_DGRAM && is_null_address(address, length)) {
        set_target(socket, NULL); /* POSIX connect: a null address takes the peer away */
    } else {
        found = socket_find(address, length, &error);
        result = error;
        if (found != NULL)
            result = socket->type == SOCK_DGRAM ? connect_datagrams(socket, found)
                                                : connect_stream(socket, found, file->flags & O_NONBLOCK);
        socket_put(found);
    }
    if (result == 0)
        socket_close_queue(socket, 0); /* polls of it look again */
    fd_put(file);
    return result;
}

/* Store the client's name, if that is asked for; meanwhile nobody else takes the connection.  Lock held, given up. */
static long tell_client(struct socket *listener, struct socket *made, uaddr_t address, uaddr_t length)
{
    struct socket *client;
    long error;

    if (address == 0)
        return 0;
    listener->taken = true;
    spin_unlock(&listener->lock);
    client = socket_peer(made);
    error = socket_name_store(client->name, address, length);
    socket_put(client);
    spin_lock(&listener->lock);
    listener->taken = false;
    return error;
}

/* The oldest connection, or NULL with *error; it stays where its client's name cannot be stored. */
static struct socket *leave_backlog(struct socket *listener, bool nowait, uaddr_t address, uaddr_t length, long *error)
{
    struct socket *made = NULL;

    *error = -EINVAL; /* POSIX accept: EINVAL */
    if (listener->state == SOCKET_LISTENING)
        *error = socket_lock_first(listener, NULL, nowait, socket_deadline(listener->receive_time), "socket-accept");
    if (*error != 0)
        return NULL;
    *error = -EINVAL; /* POSIX accept: EINVAL */
    if (!list_empty(&listener->queue)) {
        made = container_of(list_first(&listener->queue), struct socket, backlog_link);
        *error = tell_client(listener, made, address, length);
    }
    if (*error == 0) {
        list_remove(&made->backlog_link);
        listener->filled--;
    }
    socket_serve(listener);
    spin_unlock(&listener->lock);
    if (*error != 0)
        return NULL;
    rights_forget_listener(made);
    return made;
}

/* A descriptor for the oldest connection. */
static long accept_one(struct socket *listener, bool nowait, uint32_t flags, uaddr_t address, uaddr_t length)
{
    struct file *file = file_create(NULL, (flags & SOCK_NONBLOCK) | O_RDWR, NULL, NULL);
    struct socket *made = NULL;
    long error;
    int fd;

    if (file == NULL)
        return -ENOMEM;
    fd = fd_reserve(0);
    error = fd; /* POSIX accept: EMFILE */
    if (fd >= 0)
        made = leave_backlog(listener, nowait, address, length, &error);
    if (made != NULL) {
        socket_open(made, file);
        fd_install(fd, file, flags & SOCK_CLOEXEC);
        return fd;
    }
    if (fd >= 0)
        fd_cancel(fd);
    file_put(file);
    return error;
}

long sys_accept4(int fd, uaddr_t address, uaddr_t length, int flags)
{
    struct file *file;
    int error;
    struct socket *socket;
    long result;

    if (flags & ~(SOCK_NONBLOCK | SOCK_CLOEXEC))
        return -EINVAL; /* Linux accept4: EINVAL */
    socket = socket_at(fd, &file, &error);
    if (socket == NULL)
        return error;
    if (socket->type == SOCK_DGRAM)
        result = -EOPNOTSUPP; /* POSIX accept: EOPNOTSUPP */
    else
        result = accept_one(socket, file->flags & O_NONBLOCK, (uint32_t)flags, address, length);
    fd_put(file);
    return result;
}

void socket_drain(struct socket *socket)
{
    struct list *link;

    spin_lock(&socket->lock);
    while ((link = list_first(&socket->queue)) != NULL) {
        list_remove(link);
        spin_unlock(&socket->lock);
        if (socket->state == SOCKET_LISTENING) {
            struct socket *made = container_of(link, struct socket, backlog_link);

            rights_forget_listener(made);
            socket_end(made, true);
            inode_put(&made->inode);
        } else {
            packet_free(container_of(link, struct packet, link));
        }
        spin_lock(&socket->lock);
    }
    socket->filled = 0;
    socket_serve(socket);
    spin_unlock(&socket->lock);
}

void socket_end(struct socket *socket, bool reset)
{
    struct socket *peer;

    spin_lock(&sockets_lock);
    peer = socket->peer;
    socket->peer = NULL;
    spin_unlock(&sockets_lock);
    socket_close_queue(socket, NO_READER | NO_WRITER | NO_SOCKET);
    if (peer != NULL && socket->type != SOCK_DGRAM) {
        peer->reset = reset || !list_empty(&socket->queue); /* POSIX read, recv: ECONNRESET */
        socket_close_queue(peer, NO_WRITER);
    }
    socket_name_release(socket);
    socket_drain(socket);
    socket_put(peer);
}

/* POSIX shutdown: nobody reads here, nobody writes to it; nothing more is sent. */
static void shut_down(struct socket *socket, bool reading, bool writing)
{
    struct socket *peer = socket_peer(socket);

    if (writing) {
        socket->write_shut = true;
        if (peer != NULL && socket->type != SOCK_DGRAM)
            socket_close_queue(peer, NO_WRITER);
    }
    socket_close_queue(socket, reading ? NO_READER | NO_WRITER : 0); /* 0: its polls look again */
    if (peer != NULL && reading)
        socket_close_queue(peer, 0); /* POLLHUP may be new to it */
    socket_put(peer);
}

long sys_shutdown(int fd, int how)
{
    struct file *file;
    int error;
    struct socket *socket = socket_at(fd, &file, &error);

    if (socket == NULL)
        return error;
    if (how < SHUT_RD || how > SHUT_RDWR)
        error = -EINVAL; /* POSIX shutdown: EINVAL */
    else if (socket->state == SOCKET_IDLE)
        error = -ENOTCONN; /* POSIX shutdown: ENOTCONN */
    else
        shut_down(socket, how != SHUT_WR, how != SHUT_RD);
    fd_put(file);
    return error;
}
