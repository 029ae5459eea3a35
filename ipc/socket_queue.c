/*
 * socket_queue.c - a socket's queue: waiting at it, and receiving out of it.
 *
 * A packet is copied out while it is still the first one there: a receive that only looks (MSG_PEEK), or whose buffer
 * is nowhere, leaves it.  Up to COPY_SHORT bytes are copied with the lock held; for more, or where the user's page is
 * not there, the lock is given up and the queue is `taken` meanwhile, so that no other reader begins.
 *
 * read() and write() of few bytes of a stream have a short way, which fits most messages: the packet that was read
 * last (`spare`) is filled again with the lock held, which is taken once.  Nearly always the user's page is there;
 * where it is not, the copy gives up and the general way follows.
 *
 * Where a reader of a stream sleeps, few bytes go past the queue into a buffer on its stack, and it is woken with their
 * number: it takes no lock again and looks for nothing.  What is handed over is lost if it cannot be copied to the user
 * in the end; so a reader offers its buffer only if the user's memory can be written just when it falls asleep.
 *
 * Nobody is forgotten: every change ends in socket_serve(), under the lock.
 */
#include <ipc/socket.h>
#include <mm/kmalloc.h>

static inline bool has_first(const struct socket *socket)
{
    return !socket->taken && (!list_empty(&socket->queue) || socket->closed & NO_WRITER);
}

static inline bool has_room(const struct socket *socket)
{
    return socket->filled < socket->limit || socket->closed;
}

/* Wake one, for what only one can have, or all where it is the end. */
static void wake_some(struct wait_queue *queue, bool all)
{
    if (all)
        wake_all(queue, 0);
    else
        wake_one(queue, 0);
}

static void serve_waiting(struct socket *socket)
{
    if (!wait_queue_empty(&socket->readers) && has_first(socket))
        wake_some(&socket->readers, socket->closed & NO_WRITER);
    if (!wait_queue_empty(&socket->writers) && has_room(socket))
        wake_some(&socket->writers, socket->closed);
    if (!wait_queue_empty(&socket->watchers))
        wake_all(&socket->watchers, 0);
    socket->watched = !wait_queue_empty(&socket->readers) || !wait_queue_empty(&socket->writers) ||
                      !wait_queue_empty(&socket->watchers);
}

void socket_serve(struct socket *socket)
{
    debug_lock_held(&socket->lock);
    if (socket->watched)
        serve_waiting(socket);
}

/* How a wait ends for its call. */
static long end_of_wait(long result)
{
    return result == -ETIMEDOUT ? -EAGAIN : result; /* POSIX send, recv: EAGAIN after SO_SNDTIMEO, SO_RCVTIMEO */
}

/* Wait for the first one, or (`uio` not NULL) for so few bytes that they are handed over: how many.  0: something has
 * changed.  The lock is given up. */
static ALWAYS_INLINE long reader_sleep(struct socket *socket, struct uio *uio, uint64_t deadline, const char *reason)
{
    struct reader self;
    long n;

    self.offer = uio != NULL ? uio_writable_now(uio, PACKET_SHORT) : 0;
    socket->watched = true;
    n = wait_sleep_unlock(&socket->readers, &self.entry, &socket->lock, reason, deadline, WAIT_INTERRUPTIBLE);
    if (n > 0 && uio_copy_out(uio, self.bytes, (size_t)n) != 0)
        return -EFAULT; /* the memory went away while we slept */
    return end_of_wait(n);
}

long socket_lock_first(struct socket *socket, struct uio *uio, bool nowait, uint64_t deadline, const char *reason)
{
    long result = 0;

    while (result == 0) {
        spin_lock(&socket->lock);
        if (has_first(socket))
            return 0;
        if (nowait && !socket->taken) {
            spin_unlock(&socket->lock);
            return -EAGAIN; /* POSIX recv, accept: EAGAIN */
        }
        result = reader_sleep(socket, uio, deadline, reason);
    }
    return result;
}

long socket_await_room(struct socket *socket, bool nowait, uint64_t deadline, const char *reason)
{
    long result = 0;

    while (!has_room(socket) && result >= 0) {
        if (nowait)
            return -EAGAIN; /* POSIX send: EAGAIN; Linux connect: EAGAIN */
        socket->watched = true;
        result = wait_sleep(&socket->writers, &socket->lock, reason, deadline, WAIT_INTERRUPTIBLE);
    }
    return result < 0 ? end_of_wait(result) : 0;
}

void socket_close_queue(struct socket *socket, unsigned closed)
{
    spin_lock(&socket->lock);
    socket->closed |= closed;
    socket_serve(socket);
    spin_unlock(&socket->lock);
}

void packet_free(struct packet *packet)
{
    socket_name_put(packet->from);
    if (packet->rights != NULL) {
        rights_arrive(packet->rights);
        rights_drop(packet->rights);
    }
    kfree(packet);
}

/* Copy n bytes of the first packet to the user.  Lock held, given up meanwhile: the queue is taken then. */
static inline long packet_copy(struct socket *socket, const struct packet *packet, struct uio *uio, uint32_t n)
{
    const uint8_t *from = packet->bytes + packet->begin;
    long error;

    if (n <= COPY_SHORT && n <= uio->length && copy_faultable((void *)uio->base, from, n) == 0) {
        uio_advance(uio, n);
        return 0;
    }
    socket->taken = true;
    spin_unlock(&socket->lock);
    error = uio_copy_out(uio, from, n); /* POSIX recv: EFAULT */
    spin_lock(&socket->lock);
    socket->taken = false;
    return error;
}

/* It was read, and leaves the queue.  Answers it, if it is to be freed.  Lock held. */
static inline struct packet *packet_remove(struct socket *socket, struct packet *packet)
{
    socket->filled -= packet_cost(packet);
    list_remove(&packet->link);
    if (packet->length > PACKET_SHORT || socket->spare != NULL)
        return packet;
    socket->spare = packet;
    return NULL;
}

/* n bytes of the first packet were read.  Answers the packet, if it is to be freed.  Lock held. */
static inline struct packet *packet_consume(struct socket *socket, struct packet *packet, uint32_t n,
                                            struct socket_transfer *transfer)
{
    if (packet->rights != NULL)
        transfer->rights = packet->rights;
    packet->rights = NULL;
    if (socket->type == SOCK_STREAM && n < packet->length - packet->begin) {
        packet->begin += n;
        return NULL;
    }
    transfer->from = packet->from;
    return packet_remove(socket, packet);
}

/* Read from the first packet: how many bytes.  Lock held, perhaps given up meanwhile. */
static ALWAYS_INLINE long packet_read(struct socket *socket, struct packet *packet, struct uio *uio,
                                      struct socket_transfer *transfer, struct packet **finished)
{
    uint32_t left = packet->length - packet->begin, n = uio->left < left ? uio->left : left;
    long error = packet_copy(socket, packet, uio, n);

    if (error != 0)
        return error;
    transfer->who = packet->who;
    if (socket->type != SOCK_STREAM) {
        transfer->told = (n < left ? MSG_TRUNC : 0) | (packet->record_end ? MSG_EOR : 0);
        transfer->whole_length = left;
    }
    if (transfer->flags & MSG_PEEK)
        transfer->from = socket_name_get(packet->from);
    else
        *finished = packet_consume(socket, packet, n, transfer);
    return (long)n;
}

/* May a packet's bytes come in one read with those before it?  Linux: not where descriptors or other credentials come
 * with it. */
static bool may_follow(const struct socket *socket, const struct packet *packet, const struct socket_transfer *before)
{
    return packet->rights == NULL &&
           (!socket->pass_credentials || memcmp(&packet->who, &before->who, sizeof(packet->who)) == 0);
}

/* There was nothing to read: 0, the end, or the news that it was no good one. */
static long at_end(struct socket *socket)
{
    return __atomic_exchange_n(&socket->reset, false, __ATOMIC_RELAXED) ? -ECONNRESET : 0; /* POSIX recv: ECONNRESET */
}

/* The packet behind the first `bytes` ones, which were looked at and left there, or NULL. */
static inline struct packet *packet_behind(const struct socket *socket, uint32_t bytes)
{
    struct packet *packet;

    list_for_each_entry (packet, &socket->queue, link) {
        if (bytes == 0)
            return packet;
        bytes -= bytes < packet->length - packet->begin ? bytes : packet->length - packet->begin;
    }
    return NULL;
}

/* One step of a receive, behind `moved` bytes.  How many; 0: it is the end, here or altogether. */
static inline long receive_step(struct socket *socket, struct uio *uio, struct socket_transfer *transfer, long moved)
{
    bool nowait = transfer->flags & MSG_DONTWAIT || (moved != 0 && !(transfer->flags & MSG_WAITALL));
    bool plain = socket->type == SOCK_STREAM && !socket->pass_credentials && !(transfer->flags & MSG_PEEK);
    long result = socket_lock_first(socket, plain ? uio : NULL, nowait, transfer->deadline, "socket-read");
    struct packet *packet, *finished = NULL;

    if (result != 0)
        return result;
    packet = packet_behind(socket, transfer->flags & MSG_PEEK ? (uint32_t)moved : 0);
    if (packet == NULL)
        result = moved == 0 ? at_end(socket) : 0;
    else if (moved == 0 || may_follow(socket, packet, transfer))
        result = packet_read(socket, packet, uio, transfer, &finished);
    socket_serve(socket);
    spin_unlock(&socket->lock);
    kfree(finished);
    return result;
}

/* A stream's bytes: what is there, or (MSG_WAITALL) until the buffer is full. */
static inline long receive_stream(struct socket *socket, struct uio *uio, struct socket_transfer *transfer)
{
    long moved = 0, step = 0;

    while (uio->left != 0) {
        step = receive_step(socket, uio, transfer, moved);
        if (step <= 0)
            break;
        moved += step;
        if (!(transfer->flags & (MSG_PEEK | MSG_WAITALL)) && list_empty(&socket->queue))
            break;
    }
    return moved != 0 ? moved : step;
}

long socket_receive(struct socket *socket, struct uio *uio, struct socket_transfer *transfer)
{
    long result;

    if (socket->type != SOCK_DGRAM && socket->state != SOCKET_CONNECTED)
        return socket->state == SOCKET_LISTENING ? -EINVAL : -ENOTCONN; /* POSIX recv: ENOTCONN */
    transfer->deadline = socket_deadline(socket->receive_time);
    result =
        socket->type == SOCK_STREAM ? receive_stream(socket, uio, transfer) : receive_step(socket, uio, transfer, 0);
    if (transfer->rights != NULL)
        rights_arrive(transfer->rights);
    return result;
}

/* Is a read of all its bytes, and of no more, what the user wants?  Lock held. */
static inline bool is_short(const struct socket *socket, const struct packet *packet, const struct uio *uio, uint32_t n)
{
    return packet->rights == NULL && n <= PACKET_SHORT && n <= uio->length &&
           (n == uio->left || packet->link.next == &socket->queue);
}

long socket_read_short(struct socket *socket, struct uio *uio, bool nowait)
{
    struct list *first;
    struct packet *packet, *finished = NULL;
    long result = 0;

    spin_lock(&socket->lock);
    first = list_first(&socket->queue);
    packet = container_of(first, struct packet, link);
    if (first == NULL && !socket->closed && !nowait && !socket->pass_credentials && socket->receive_time == 0)
        return reader_sleep(socket, uio, DEADLINE_NEVER, "socket-read");
    if (first != NULL && !socket->taken) {
        uint32_t n = packet->length - packet->begin;

        if (is_short(socket, packet, uio, n) &&
            copy_faultable((void *)uio->base, packet->bytes + packet->begin, n) == 0) {
            finished = packet_remove(socket, packet);
            socket_serve(socket);
            result = (long)n;
        }
    }
    spin_unlock(&socket->lock);
    if (finished != NULL)
        kfree(finished);
    return result;
}
