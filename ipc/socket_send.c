/*
 * socket_send.c - sending into a socket's queue.
 *
 * A packet is made and filled before it enters the queue, so a send blocks, or fails, with nothing done.  It may enter
 * as long as the queue holds fewer bytes than its limit: so a queue holds less than its limit and one packet, and
 * whoever waits for room need not say how much.
 */
#include <ipc/signal.h>
#include <ipc/socket.h>
#include <mm/kmalloc.h>

/* A stream's bytes go in packets of eight pages at most, and of as much as its queue may hold. */
#define STREAM_PART (8 * PAGE_SIZE - (uint32_t)sizeof(struct packet))

/* What a packet of n bytes tells besides them. */
static inline void packet_label(struct packet *packet, const struct socket *from, uint32_t n,
                                const struct socket_transfer *transfer)
{
    const struct process *process = current->process;

    packet->length = n;
    packet->begin = 0;
    packet->record_end = transfer->flags & MSG_EOR;
    packet->who = transfer->claims
                      ? transfer->who
                      : (struct abi_ucred){process->pid, process->credentials.uid, process->credentials.gid};
    packet->from = from->type == SOCK_DGRAM ? socket_name_get(from->name) : NULL;
}

/* It enters a queue.  Lock held. */
static inline void packet_add(struct socket *to, struct packet *packet)
{
    list_add_tail(&to->queue, &packet->link);
    to->filled += packet_cost(packet);
}

/* A packet with n of the user's bytes. */
static struct packet *packet_create(const struct socket *from, struct uio *uio, uint32_t n,
                                    const struct socket_transfer *transfer, long *error)
{
    struct packet *packet = kmalloc_unset(sizeof(*packet) + (n < PACKET_SHORT ? PACKET_SHORT : n));

    *error = -ENOBUFS; /* POSIX send: ENOBUFS */
    if (packet == NULL)
        return NULL;
    *error = uio_copy_in(uio, packet->bytes, n);
    if (*error != 0) {
        kfree(packet); /* POSIX send: EFAULT */
        return NULL;
    }
    packet->rights = NULL;
    packet_label(packet, from, n, transfer);
    return packet;
}

/* Put it into a queue; it is the queue's then. */
static long packet_enter(struct socket *to, struct packet *packet, const struct socket_transfer *transfer)
{
    long result;

    spin_lock(&to->lock);
    result = socket_await_room(to, transfer->flags & MSG_DONTWAIT, transfer->deadline, "socket-write");
    if (result == 0 && to->closed)
        result = -EPIPE; /* POSIX send: EPIPE */
    if (result == 0)
        packet_add(to, packet);
    socket_serve(to);
    spin_unlock(&to->lock);
    return result;
}

/* Few bytes, past the empty queue, to the reader that sleeps.  Lock held. */
static inline bool hand_over(struct socket *to, const struct uio *uio, uint32_t n)
{
    struct list *first = list_first(&to->readers.entries);
    struct reader *reader = container_of(first, struct reader, entry.link);

    return first != NULL && list_empty(&to->queue) && !to->taken && reader->offer != 0 && n <= reader->offer &&
           copy_faultable(reader->bytes, (const void *)uio->base, n) == 0 && wake_entry(&reader->entry, (long)n);
}

/* The same into the spare packet. */
static inline bool fill_spare(const struct socket *socket, struct socket *to, const struct uio *uio, uint32_t n,
                              const struct socket_transfer *transfer)
{
    struct packet *packet = to->spare;

    if (packet == NULL || to->filled >= to->limit || copy_faultable(packet->bytes, (const void *)uio->base, n) != 0)
        return false;
    to->spare = NULL;
    packet_label(packet, socket, n, transfer);
    packet_add(to, packet);
    socket_serve(to);
    return true;
}

/* The short way for few bytes.  False: nothing is done, go the general one. */
static ALWAYS_INLINE bool send_short(const struct socket *socket, struct socket *to, struct uio *uio, uint32_t n,
                                     const struct socket_transfer *transfer)
{
    bool done = false;

    spin_lock(&to->lock);
    if (!to->closed)
        done = (to->watched && hand_over(to, uio, n)) || fill_spare(socket, to, uio, n, transfer);
    spin_unlock(&to->lock);
    return done;
}

/* The next n bytes, with what goes along: 0, or nothing is done. */
static long send_general(struct socket *socket, struct socket *to, struct uio *uio, uint32_t n,
                         struct socket_transfer *transfer)
{
    struct rights *rights = transfer->rights;
    long result;
    struct packet *packet = packet_create(socket, uio, n, transfer, &result);

    if (packet == NULL)
        return result;
    if (rights != NULL && (result = rights_depart(rights, to)) == 0)
        packet->rights = rights;
    if (result == 0)
        result = packet_enter(to, packet, transfer);
    if (result == 0) {
        transfer->rights = NULL;
        if (rights != NULL && current->process->files->shared)
            rights_collect();
    } else {
        if (packet->rights != NULL)
            rights_arrive(rights);
        packet->rights = NULL;
        packet_free(packet);
    }
    return result;
}

static inline long send_packet(struct socket *socket, struct socket *to, struct uio *uio, uint32_t n,
                               struct socket_transfer *transfer)
{
    if (n <= PACKET_SHORT && n <= uio->length && transfer->rights == NULL && send_short(socket, to, uio, n, transfer)) {
        uio_advance(uio, n);
        return 0;
    }
    return send_general(socket, to, uio, n, transfer);
}

/* In parts, for as long as there is room, or all of them. */
static long send_stream(struct socket *socket, struct uio *uio, struct socket_transfer *transfer)
{
    struct socket *to = __atomic_load_n(&socket->peer, __ATOMIC_ACQUIRE);
    long moved = 0, result = 0;

    if (to == NULL)
        return -ENOTCONN; /* POSIX send: ENOTCONN */
    while (uio->left != 0 && result == 0) {
        uint32_t part = to->limit < STREAM_PART ? to->limit : STREAM_PART, n = uio->left < part ? uio->left : part;

        result = send_packet(socket, to, uio, n, transfer);
        if (result == 0)
            moved += n;
    }
    return moved != 0 ? moved : result;
}

/* Where the packets of a socket go, referenced; NULL with *error. */
static struct socket *packet_target(struct socket *socket, const struct socket_transfer *transfer, long *error)
{
    struct socket *to = transfer->to != NULL ? transfer->to : socket_peer(socket), *peer;

    *error = socket->type == SOCK_DGRAM ? -EDESTADDRREQ : -ENOTCONN; /* POSIX send: EDESTADDRREQ, ENOTCONN */
    if (to == NULL)
        return NULL;
    if (transfer->to != NULL)
        socket_get(to);
    peer = __atomic_load_n(&to->peer, __ATOMIC_RELAXED);
    *error = 0;
    if (socket->write_shut)
        *error = -EPIPE; /* POSIX send: EPIPE */
    else if (peer != NULL && peer != socket)
        *error = -EPERM; /* Linux sendto: EPERM, the receiver is connected to another one */
    return to;
}

static long send_whole(struct socket *socket, struct uio *uio, struct socket_transfer *transfer)
{
    uint32_t n = uio->left;
    long result;
    struct socket *to = packet_target(socket, transfer, &result);

    if (result == 0 && n > to->limit)
        result = -EMSGSIZE; /* POSIX send: EMSGSIZE */
    if (result == 0)
        result = send_packet(socket, to, uio, n, transfer);
    if (result == -EPIPE && socket->type == SOCK_DGRAM && !socket->write_shut && to->closed & NO_SOCKET)
        result = -ECONNREFUSED; /* POSIX send: ECONNREFUSED */
    socket_put(to);
    return result == 0 ? (long)n : result;
}

long socket_send(struct socket *socket, struct uio *uio, struct socket_transfer *transfer)
{
    long result;

    transfer->deadline = socket_deadline(socket->send_time);
    result = socket->type == SOCK_STREAM ? send_stream(socket, uio, transfer) : send_whole(socket, uio, transfer);
    if (result == -EPIPE && socket->type != SOCK_DGRAM && !(transfer->flags & MSG_NOSIGNAL))
        signal_send_thread(current, SIGPIPE); /* POSIX send: EPIPE and SIGPIPE */
    return result;
}

long socket_write_short(const struct socket *socket, struct uio *uio)
{
    static const struct socket_transfer plain;
    struct socket *to = __atomic_load_n(&socket->peer, __ATOMIC_RELAXED);
    uint32_t n = uio->left;

    return to != NULL && n <= PACKET_SHORT && n == uio->length && send_short(socket, to, uio, n, &plain) ? (long)n : 0;
}
