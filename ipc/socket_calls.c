/*
 * socket_calls.c - decoders of send and receive: flags, addresses, vectors, control messages.
 *
 * A control message is a header (level, type, length) and data, one behind the other, each begun at a multiple of 4.
 * SCM_RIGHTS carries descriptors, SCM_CREDENTIALS a pid, a uid and a gid, which only the superuser may choose.
 *
 * MSG_PEEK tells of bytes, not of the descriptors that come with them.
 */
#include <core/syscalls.h>
#include <ipc/socket.h>
#include <mm/kmalloc.h>

#define IOV_FEW 8
#define IOV_MAX 1024
#define CONTROL_MAX 4096u
#define SEND_FLAGS (MSG_DONTWAIT | MSG_NOSIGNAL | MSG_EOR)
#define RECEIVE_FLAGS (MSG_DONTWAIT | MSG_PEEK | MSG_TRUNC | MSG_WAITALL | MSG_CMSG_CLOEXEC | MSG_NOSIGNAL)

/* A call under way, with what it holds. */
struct call {
    struct file *file; /* held, or NULL */
    struct socket *socket;
    struct socket_transfer transfer;
    struct uio uio;
    struct abi_msghdr header;
    struct abi_iovec few[IOV_FEW], *vector;
};

/* 0 or -errno; call_end() is needed after either. */
static long call_begin(struct call *call, int fd, int flags, int known)
{
    int error;

    call->vector = call->few;
    call->transfer.to = NULL;
    call->transfer.rights = NULL;
    call->transfer.from = NULL;
    call->socket = socket_at(fd, &call->file, &error);
    if (call->socket == NULL) {
        call->file = NULL;
        return error;
    }
    socket_transfer_init(&call->transfer, call->file, flags);
    return flags & ~known ? -EOPNOTSUPP : 0; /* POSIX send, recv: EOPNOTSUPP */
}

static void call_end(struct call *call)
{
    rights_drop(call->transfer.rights);
    socket_put(call->transfer.to);
    socket_name_put(call->transfer.from);
    if (call->vector != call->few)
        kfree(call->vector);
    if (call->file != NULL)
        fd_put(call->file);
}

/* The buffer of sendto() and recvfrom(). */
static long call_buffer(struct call *call, uaddr_t buffer, uint32_t n)
{
    uio_init(&call->uio, buffer, n);
    return (int32_t)n < 0 ? -EINVAL : user_range_ok(buffer, n) ? 0 : -EFAULT;
}

/* The struct msghdr of sendmsg() and recvmsg(), with its vector. */
static long call_message(struct call *call, uaddr_t message)
{
    long error = copy_from_user(&call->header, message, sizeof(call->header));
    unsigned count = (unsigned)call->header.msg_iovlen;

    if (error != 0)
        return error;
    if (count > IOV_MAX)
        return -EMSGSIZE; /* POSIX sendmsg, recvmsg: EMSGSIZE */
    if (count > IOV_FEW && (call->vector = kmalloc(count * sizeof(*call->vector))) == NULL)
        return -ENOBUFS; /* POSIX sendmsg, recvmsg: ENOBUFS */
    error = copy_from_user(call->vector, call->header.msg_iov, count * sizeof(*call->vector));
    return error != 0 ? error : uio_from_vector(&call->uio, call->vector, count);
}

/* The receiver that a datagram names. */
static int find_receiver(struct call *call, uaddr_t address, uint32_t length)
{
    int error;

    if (address == 0 || length == 0)
        return 0;
    if (call->socket->type != SOCK_DGRAM)
        return call->socket->state == SOCKET_CONNECTED ? -EISCONN : -EOPNOTSUPP; /* POSIX sendto: EISCONN, EOPNOTSUPP */
    call->transfer.to = socket_find(address, length, &error);
    if (call->transfer.to != NULL && call->transfer.to->type != SOCK_DGRAM)
        return -EPROTOTYPE; /* POSIX connect: EPROTOTYPE */
    return call->transfer.to != NULL ? 0 : error;
}

/* Descriptors of the running process. */
static int add_rights(struct rights *rights, const int32_t *fds, unsigned count)
{
    if (count > SCM_MAX_FD - rights->count)
        return -EINVAL; /* Linux sendmsg: EINVAL */
    for (unsigned i = 0; i < count; i++) {
        struct file *file = file_table_find(current->process->files, fds[i]);

        if (file == NULL)
            return -EBADF; /* Linux sendmsg: EBADF */
        rights->files[rights->count++] = file;
    }
    return 0;
}

/* May the running process say that it is this one? */
static bool may_claim(const struct abi_ucred *who)
{
    const struct credentials *self = &current->process->credentials;

    if (self->euid == 0)
        return true;
    return who->pid == current->process->pid &&
           (who->uid == self->uid || who->uid == self->euid || who->uid == self->suid) &&
           (who->gid == self->gid || who->gid == self->egid || who->gid == self->sgid);
}

static int add_control(struct socket_transfer *transfer, const struct abi_cmsghdr *header, const void *data,
                       uint32_t size)
{
    if (header->cmsg_level != SOL_SOCKET)
        return 0; /* Linux: others' are passed over */
    if (header->cmsg_type == SCM_RIGHTS)
        return add_rights(transfer->rights, data, size / sizeof(int32_t));
    if (header->cmsg_type != SCM_CREDENTIALS || size != sizeof(transfer->who))
        return -EINVAL; /* Linux sendmsg: EINVAL */
    memcpy(&transfer->who, data, size);
    transfer->claims = true;
    return may_claim(&transfer->who) ? 0 : -EPERM; /* Linux sendmsg: EPERM */
}

/* All control messages of a buffer. */
static int parse_control(struct socket_transfer *transfer, const uint8_t *buffer, uint32_t length)
{
    struct abi_cmsghdr header;
    int error = 0;

    for (uint32_t at = 0; error == 0 && at < length && length - at >= sizeof(header);
         at += CMSG_STEP(header.cmsg_len)) {
        memcpy(&header, buffer + at, sizeof(header));
        if (header.cmsg_len < sizeof(header) || header.cmsg_len > length - at)
            return -EINVAL; /* Linux sendmsg: EINVAL */
        error = add_control(transfer, &header, buffer + at + sizeof(header), header.cmsg_len - sizeof(header));
    }
    return error;
}

/* What the user wants to send along. */
static int read_control(struct socket_transfer *transfer, uaddr_t address, uint32_t length)
{
    uint8_t *buffer;
    int error = -ENOBUFS;

    if (address == 0 || length == 0)
        return 0;
    if (length > CONTROL_MAX)
        return -ENOBUFS; /* Linux sendmsg: ENOBUFS */
    buffer = kmalloc(length);
    transfer->rights = rights_create(length / sizeof(int32_t));
    if (buffer != NULL && transfer->rights != NULL && (error = copy_from_user(buffer, address, length)) == 0)
        error = parse_control(transfer, buffer, length);
    kfree(buffer);
    if (transfer->rights != NULL && transfer->rights->count == 0) {
        rights_drop(transfer->rights);
        transfer->rights = NULL;
    }
    return error;
}

long sys_sendto(int fd, uaddr_t buffer, uint32_t n, int flags, uaddr_t address, uint32_t length)
{
    struct call call;
    long result = call_begin(&call, fd, flags, SEND_FLAGS);

    if (result == 0)
        result = call_buffer(&call, buffer, n);
    if (result == 0)
        result = find_receiver(&call, address, length);
    if (result == 0)
        result = socket_send(call.socket, &call.uio, &call.transfer);
    call_end(&call);
    return result;
}

long sys_sendmsg(int fd, uaddr_t message, int flags)
{
    struct call call;
    const struct abi_msghdr *header = &call.header;
    long result = call_begin(&call, fd, flags, SEND_FLAGS);

    if (result == 0)
        result = call_message(&call, message);
    if (result == 0)
        result = find_receiver(&call, header->msg_name, header->msg_namelen);
    if (result == 0)
        result = read_control(&call.transfer, header->msg_control, header->msg_controllen);
    if (result == 0)
        result = socket_send(call.socket, &call.uio, &call.transfer);
    call_end(&call);
    return result;
}

/* Receive; MSG_TRUNC asks how long a packet is, whatever was read of it. */
static long call_receive(struct call *call)
{
    long result = socket_receive(call->socket, &call->uio, &call->transfer);

    return result >= 0 && call->transfer.flags & call->transfer.told & MSG_TRUNC ? (long)call->transfer.whole_length
                                                                                 : result;
}

long sys_recvfrom(int fd, uaddr_t buffer, uint32_t n, int flags, uaddr_t address, uaddr_t length)
{
    struct call call;
    long result = call_begin(&call, fd, flags, RECEIVE_FLAGS), error;

    if (result == 0)
        result = call_buffer(&call, buffer, n);
    if (result == 0)
        result = call_receive(&call);
    if (result >= 0 && address != 0 && (error = socket_name_store(call.transfer.from, address, length)) != 0)
        result = error;
    call_end(&call);
    return result;
}

/* Where the next control message goes. */
struct control {
    uaddr_t at;
    uint32_t room, used;
    int flags; /* for msg_flags */
};

/* Room for a control message with up to `size` bytes of data: how many of them there is room for. */
static uint32_t control_room(struct control *control, uint32_t size)
{
    uint32_t left = control->room - control->used, header = sizeof(struct abi_cmsghdr);

    if (left < header + size)
        control->flags |= MSG_CTRUNC; /* POSIX recvmsg: MSG_CTRUNC */
    if (left <= header)
        return 0;
    return size < left - header ? size : left - header;
}

static int put_control(struct control *control, int type, const void *data, uint32_t size)
{
    struct abi_cmsghdr header = {.cmsg_len = sizeof(header) + size, .cmsg_level = SOL_SOCKET, .cmsg_type = type};
    uaddr_t to = control->at + control->used;

    if (copy_to_user(to, &header, sizeof(header)) != 0 || copy_to_user(to + sizeof(header), data, size) != 0)
        return -EFAULT;
    control->used += CMSG_STEP(header.cmsg_len);
    if (control->used > control->room)
        control->used = control->room;
    return 0;
}

/* The descriptors that have come: those for which there are room and numbers. */
static int put_rights(struct control *control, struct rights *rights, bool close_on_exec)
{
    uint32_t count = control_room(control, rights->count * sizeof(int32_t)) / sizeof(int32_t), done = 0;
    int32_t fds[SCM_MAX_FD];
    int error;

    while (done < count && (fds[done] = fd_reserve(0)) >= 0)
        done++;
    if (done < rights->count)
        control->flags |= MSG_CTRUNC;
    if (done == 0)
        return 0;
    error = put_control(control, SCM_RIGHTS, fds, done * sizeof(fds[0]));
    for (uint32_t i = 0; i < done; i++) {
        if (error != 0) {
            fd_cancel(fds[i]);
        } else {
            fd_install(fds[i], rights->files[i], close_on_exec);
            rights->files[i] = NULL;
        }
    }
    return error;
}

static int put_all(const struct socket *socket, struct control *control, const struct socket_transfer *transfer)
{
    const struct abi_ucred *who = &transfer->who;
    int error = 0;

    if (socket->pass_credentials && who->pid != 0 && control_room(control, sizeof(*who)) == sizeof(*who))
        error = put_control(control, SCM_CREDENTIALS, who, sizeof(*who));
    if (error == 0 && transfer->rights != NULL)
        error = put_rights(control, transfer->rights, transfer->flags & MSG_CMSG_CLOEXEC);
    return error;
}

/* Tell the user what has come besides data. */
static long tell_message(struct call *call, uaddr_t message)
{
    const struct abi_msghdr *header = &call->header;
    const struct socket_transfer *transfer = &call->transfer;
    struct control control = {.at = header->msg_control,
                              .room = header->msg_control != 0 ? header->msg_controllen : 0,
                              .flags = transfer->told};
    long error = 0;

    if (header->msg_name != 0)
        error = socket_name_store(transfer->from, header->msg_name, message + offsetof(struct abi_msghdr, msg_namelen));
    if (error == 0)
        error = put_all(call->socket, &control, transfer);
    if (error == 0)
        error =
            copy_to_user(message + offsetof(struct abi_msghdr, msg_controllen), &control.used, sizeof(control.used));
    if (error == 0)
        error = copy_to_user(message + offsetof(struct abi_msghdr, msg_flags), &control.flags, sizeof(control.flags));
    return error;
}

long sys_recvmsg(int fd, uaddr_t message, int flags)
{
    struct call call;
    long result = call_begin(&call, fd, flags, RECEIVE_FLAGS), error;

    call.transfer.who.pid = 0; /* nobody has sent anything: the end */
    if (result == 0)
        result = call_message(&call, message);
    if (result == 0)
        result = call_receive(&call);
    if (result >= 0 && (error = tell_message(&call, message)) != 0)
        result = error;
    call_end(&call);
    return result;
}
