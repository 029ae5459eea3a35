/*
 * socket_proc.c - /proc/net/unix: every socket, who has it, what is in its queue, and who waits there.
 */
#include <fs/fs.h>
#include <ipc/socket.h>

/* The next socket after `before`, which is given back, or the first; its inode is held. */
static struct socket *socket_next(struct socket *before)
{
    struct socket *socket = NULL;
    struct list *link;

    spin_lock(&sockets_lock);
    for (link = before != NULL ? before->all_link.next : all_sockets.next; link != &all_sockets; link = link->next) {
        socket = container_of(link, struct socket, all_link);
        if (inode_try_get(&socket->inode))
            break;
    }
    spin_unlock(&sockets_lock);
    if (before != NULL)
        inode_put(&before->inode);
    return link != &all_sockets ? socket : NULL;
}

static const char *state_word(const struct socket *socket)
{
    if (socket->file == NULL)
        return "waiting"; /* for accept() */
    return socket->state == SOCKET_LISTENING ? "listening" : socket->state == SOCKET_CONNECTED ? "connected" : "idle";
}

static const char *type_word(const struct socket *socket)
{
    return socket->type == SOCK_STREAM ? "stream" : socket->type == SOCK_DGRAM ? "dgram" : "seqpacket";
}

/* An abstract name begins with @, for its 0 byte; other bytes that are no letters of a word become ?. */
static void print_name(struct proc_text *text, const struct socket_name *name)
{
    char shown[ABI_PATH_MAX] = "-";
    uint32_t length;

    if (name != NULL && name->inode != NULL) {
        inode_describe(name->inode, shown, sizeof(shown));
    } else if (name != NULL) {
        length = name->length - (uint32_t)offsetof(struct abi_sockaddr_un, sun_path);
        for (uint32_t i = 0; i < length; i++) {
            char c = name->address.sun_path[i];

            shown[i] = i == 0 ? '@' : c > ' ' && c < 127 ? c : '?';
        }
        shown[length] = '\0';
    }
    proc_print(text, "%s ", shown);
}

/* Its peer's inode; 0: it has none that is open. */
static unsigned peer_number(struct socket *socket)
{
    struct socket *peer = socket_peer(socket);
    unsigned number = 0;

    if (peer != NULL && inode_try_get(&peer->inode)) {
        number = (unsigned)peer->inode.number;
        inode_put(&peer->inode);
    }
    socket_put(peer);
    return number;
}

static void show_socket(struct proc_text *text, struct socket *socket)
{
    print_name(text, socket->name);
    proc_print(text, "%u %s %s %u %u %u %u %u", (unsigned)socket->inode.number, type_word(socket), state_word(socket),
               peer_number(socket), (unsigned)socket_queued(socket, true), (unsigned)socket->limit,
               (unsigned)socket->inode.uid, socket->in_flight);
    proc_print_holders(text, &socket->inode, R_OK | W_OK);
    proc_print_waiters(text, &socket->readers, &socket->lock);
    proc_print_waiters(text, &socket->writers, &socket->lock);
    proc_print_waiters(text, &socket->watchers, &socket->lock);
    proc_print(text, "\n");
}

static void show_sockets(struct proc_text *text)
{
    struct socket *socket = NULL;

    proc_print(text, "name inode type state peer queued limit uid inflight holders reading writing watching\n");
    while ((socket = socket_next(socket)) != NULL)
        show_socket(text, socket);
}

void socket_start(void)
{
    procfs_add("net/unix", show_sockets);
}
