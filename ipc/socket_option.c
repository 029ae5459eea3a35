/*
 * socket_option.c - setsockopt() and getsockopt().
 *
 * Left out: SO_LINGER (a close loses nothing and waits for nothing) and SO_RCVLOWAT, SO_SNDLOWAT (1) can be asked for
 * and not set.
 */
#include <core/syscalls.h>
#include <ipc/socket.h>

/* Those that are kept and change nothing here. */
static bool is_plain_switch(int option)
{
    return option == SO_DEBUG || option == SO_REUSEADDR || option == SO_DONTROUTE || option == SO_BROADCAST ||
           option == SO_KEEPALIVE || option == SO_OOBINLINE;
}

static bool is_time(int option)
{
    return option == SO_RCVTIMEO || option == SO_SNDTIMEO;
}

static long set_time(struct socket *socket, int option, uaddr_t value, uint32_t length)
{
    struct abi_timeval time;
    uint64_t *to = option == SO_RCVTIMEO ? &socket->receive_time : &socket->send_time;

    if (length < sizeof(time))
        return -EINVAL; /* POSIX setsockopt: EINVAL */
    if (copy_from_user(&time, value, sizeof(time)) != 0)
        return -EFAULT;
    if (time.tv_usec < 0 || time.tv_usec >= 1000000)
        return -EDOM; /* POSIX setsockopt: EDOM */
    if (time.tv_sec < 0 || time.tv_sec > INT32_MAX)
        time.tv_sec = time.tv_sec < 0 ? 0 : INT32_MAX;
    *to = (uint64_t)time.tv_sec * 1000000000u + (uint32_t)time.tv_usec * 1000u;
    return 0;
}

/* How much a queue may hold: as much as it was made for, and no more. */
static void set_limit(struct socket *socket, uint32_t size)
{
    spin_lock(&socket->lock);
    if (socket->state != SOCKET_LISTENING)
        socket->limit = size < socket->charged ? size : socket->charged;
    socket_serve(socket);
    spin_unlock(&socket->lock);
}

/* What a socket sends waits in its peer's queue; without a peer it is noted for the one that comes. */
static void set_send_limit(struct socket *socket, uint32_t size)
{
    struct socket *peer = socket_peer(socket);

    socket->send_limit = size;
    if (peer != NULL && socket->type != SOCK_DGRAM)
        set_limit(peer, size);
    socket_put(peer);
}

static long set_number(struct socket *socket, int option, uint32_t value)
{
    uint32_t size = value < SOCKET_BUFFER_LEAST ? SOCKET_BUFFER_LEAST : value < SOCKET_BUFFER ? value : SOCKET_BUFFER;

    if (option == SO_PASSCRED)
        socket->pass_credentials = value != 0;
    else if (option == SO_SNDBUF)
        set_send_limit(socket, size);
    else if (option == SO_RCVBUF)
        set_limit(socket, size);
    else if (!is_plain_switch(option))
        return -ENOPROTOOPT; /* POSIX setsockopt: ENOPROTOOPT */
    else if (value != 0)
        __atomic_fetch_or(&socket->options, 1u << option, __ATOMIC_RELAXED);
    else
        __atomic_fetch_and(&socket->options, ~(1u << option), __ATOMIC_RELAXED);
    return 0;
}

long sys_setsockopt(int fd, int level, int option, uaddr_t value, uint32_t length)
{
    struct file *file;
    uint32_t number = 0;
    int error;
    struct socket *socket = socket_at(fd, &file, &error);
    long result = 0;

    if (socket == NULL)
        return error;
    if (level != SOL_SOCKET)
        result = -ENOPROTOOPT; /* POSIX setsockopt: ENOPROTOOPT */
    else if (is_time(option))
        result = set_time(socket, option, value, length);
    else if (length < sizeof(number))
        result = -EINVAL; /* POSIX setsockopt: EINVAL */
    else if ((result = copy_from_user(&number, value, sizeof(number))) == 0)
        result = set_number(socket, option, number);
    fd_put(file);
    return result;
}

/* An option's value, the longest of which are two words and three. */
union value {
    int32_t number;
    int32_t linger[2];
    struct abi_timeval time;
    struct abi_ucred who;
};

static struct abi_ucred peer_credentials(struct socket *socket)
{
    struct abi_ucred who = {.pid = 0, .uid = UINT32_MAX, .gid = UINT32_MAX};
    struct socket *peer = socket_peer(socket);

    if (peer != NULL && peer->who.pid != 0)
        who = peer->who;
    socket_put(peer);
    return who;
}

static struct abi_timeval told_time(uint64_t ns)
{
    struct abi_timespec time = timespec_from_ns((int64_t)ns);

    return (struct abi_timeval){.tv_sec = time.tv_sec, .tv_usec = time.tv_nsec / 1000};
}

static int32_t send_limit(struct socket *socket)
{
    return (int32_t)(socket->send_limit != 0 ? socket->send_limit : socket->charged);
}

/* Answers the value's size, or -ENOPROTOOPT. */
static long get_option(struct socket *socket, int option, union value *value)
{
    *value = (union value){.who = {0}};
    switch (option) {
    case SO_PEERCRED:
        value->who = peer_credentials(socket);
        return sizeof(value->who);
    case SO_RCVTIMEO:
    case SO_SNDTIMEO:
        value->time = told_time(option == SO_RCVTIMEO ? socket->receive_time : socket->send_time);
        return sizeof(value->time);
    case SO_LINGER:
        return sizeof(value->linger);
    case SO_TYPE:
        value->number = socket->type;
        break;
    case SO_DOMAIN:
        value->number = AF_UNIX;
        break;
    case SO_PROTOCOL:
        break;
    case SO_ERROR:
        value->number = __atomic_exchange_n(&socket->reset, false, __ATOMIC_RELAXED) ? ECONNRESET : 0;
        break;
    case SO_ACCEPTCONN:
        value->number = socket->state == SOCKET_LISTENING;
        break;
    case SO_PASSCRED:
        value->number = socket->pass_credentials;
        break;
    case SO_RCVLOWAT:
    case SO_SNDLOWAT:
        value->number = 1;
        break;
    case SO_SNDBUF:
        value->number = send_limit(socket);
        break;
    case SO_RCVBUF:
        value->number = (int32_t)(socket->state != SOCKET_LISTENING ? socket->limit : socket->charged);
        break;
    default:
        if (!is_plain_switch(option))
            return -ENOPROTOOPT; /* POSIX getsockopt: ENOPROTOOPT */
        value->number = socket->options >> option & 1;
    }
    return sizeof(value->number);
}

long sys_getsockopt(int fd, int level, int option, uaddr_t user, uaddr_t length)
{
    union value value;
    struct file *file;
    int32_t given;
    int error;
    struct socket *socket = socket_at(fd, &file, &error);
    long size;

    if (socket == NULL)
        return error;
    size = level != SOL_SOCKET ? -ENOPROTOOPT : get_option(socket, option, &value);
    fd_put(file);
    if (size < 0)
        return size;
    if (copy_from_user(&given, length, sizeof(given)) != 0)
        return -EFAULT;
    if (given < 0)
        return -EINVAL; /* POSIX getsockopt: EINVAL */
    if (given > size)
        given = (int32_t)size;
    if (copy_to_user(user, &value, (uint32_t)given) != 0)
        return -EFAULT;
    return copy_to_user(length, &given, sizeof(given));
}
