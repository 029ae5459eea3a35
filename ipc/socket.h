/*
 * socket.h - UNIX sockets: who is who.
 *
 *      bind(), listen()            accept() gives it a descriptor           socket(), connect()
 *      +------------------+        +------------------+      peer      +------------------+
 *      | listening socket |        | connected socket | -------------> | connected socket |
 *      |  name            |        |                  | <------------- |                  |
 *      |  queue: - - - - - - - - > |  queue: packets  |                |  queue: packets  |
 *      +------------------+        +------------------+                +------------------+
 *
 * Every socket has one queue, of what comes to it.  A listening socket moves no data: to it come connections, that is
 * sockets that connect() has made and nobody has accepted so far.  To a connected one come packets, which its peer puts
 * there: send() allocates and fills a packet, receive() copies it out and frees it.  In a stream a packet may be read
 * in parts, and several at once; SOCK_SEQPACKET keeps them whole; a SOCK_DGRAM socket has no peer of its own, and
 * everybody puts packets into its queue who finds it by name.
 *
 * Locks: a socket's `lock` guards its queue and who waits there.  sockets_lock, taken inside, guards who is who:
 * states, peers, names.  rights_mutex: descriptors in flight (socket_rights.c).
 */
#pragma once

#include <abi/socket.h>
#include <fs/inode.h>

#define SOCKET_BUFFER 131072u /* bytes in a queue, with what each packet costs, beyond which nothing enters */
#define SOCKET_BUFFER_LEAST 2048u

/* Once for each use: these are the busiest. */
#define ALWAYS_INLINE inline __attribute__((always_inline))

struct account;

/* A name that sockets have, constant; counted: what a listening socket has accepted has the same. */
struct socket_name {
    uint32_t references;  /* a */
    uint32_t length;      /* of the address, with sun_family; without a 0 byte behind an abstract name */
    struct inode *inode;  /* held; NULL: an abstract name */
    struct list all_link; /* abstract ones; sockets_lock */
    struct socket *owner; /* sockets_lock; NULL: closed, the name is free */
    struct abi_sockaddr_un address;
};

/* Descriptors that travel with a packet.  All but `files` is socket_rights.c's. */
struct rights {
    struct list link;
    struct socket *into;     /* held by the sender, or its queue holds us */
    struct account *account; /* of the sender's user */
    struct rights *next;
    unsigned count;
    struct file *files[]; /* held */
};

struct packet {
    struct list link;
    struct socket_name *from; /* held; a datagram's; NULL: the sender has no name */
    struct rights *rights;    /* NULL: none */
    struct abi_ucred who;     /* the sender, or what it says it is */
    bool record_end;          /* MSG_EOR */
    uint32_t begin, length;   /* bytes that are still to be read; of a stream: the first ones may have been */
    uint8_t bytes[];
};

static inline uint32_t packet_cost(const struct packet *packet)
{
    return (uint32_t)sizeof(*packet) + packet->length;
}

/* Packets for so many bytes or fewer are alike: one that was read stays with the queue, and the next one that is sent
 * needs no memory.  It is filled with the lock held. */
#define PACKET_SHORT (128 - (uint32_t)sizeof(struct packet))
_Static_assert(PACKET_SHORT <= COPY_SHORT, "copied with the lock held");

/* On the stack of a thread that waits for the first one of a queue. */
struct reader {
    struct wait_entry entry;
    uint32_t offer; /* so many bytes of a stream may be put into bytes[] */
    uint8_t bytes[PACKET_SHORT];
};

enum socket_state { SOCKET_IDLE, SOCKET_LISTENING, SOCKET_CONNECTED };

#define NO_READER 1u /* nobody will take anything out of the queue */
#define NO_WRITER 2u /* nothing will come */
#define NO_SOCKET 4u /* it is closed, and not only shut down */

/* q: lock   s: sockets_lock   c: constant   a: atomic   r: rights_mutex */
struct socket {
    uint32_t references;     /* a */
    int type;                /* c */
    enum socket_state state; /* s  changes once (but for datagrams) */
    struct file *file;       /* c  not held; NULL: nobody has accepted it so far */
    struct inode inode;      /* of the open file: what fstat shows */
    struct account *account; /* c  is charged with so much for the queue: */
    uint32_t charged;        /* c */

    struct socket_name *name; /* s  held; set once */
    struct socket *peer;      /* s  held; set once (but for datagrams), NULL again when this one is closed */
    struct socket *listener;  /* r  not held; in whose queue it stands, or NULL */
    struct abi_ucred who;     /* s  who has connected it or called listen() */
    struct list backlog_link; /* the listener's lock */
    struct list all_link;     /* s */
    uint32_t options;         /* a  those that change nothing, a bit each */
    uint32_t send_limit;      /* a  SO_SNDBUF: its peer's limit; 0: not set */
    uint64_t receive_time;    /* a  SO_RCVTIMEO, ns; 0: none */
    uint64_t send_time;       /* a  SO_SNDTIMEO */
    bool pass_credentials;    /* a  SO_PASSCRED */
    bool write_shut;          /* a  shutdown(SHUT_WR) */
    bool reset;               /* a  its peer was closed with data unread */

    struct spinlock lock;       /* RANK_OBJECT */
    struct list queue;          /* q  packets; of a listening socket: sockets */
    uint32_t filled, limit;     /* q  bytes with what packets cost; of a listening socket: how many, and may be */
    struct packet *spare;       /* q  a short one that was read, for the next one */
    bool taken;                 /* q  somebody copies from the first one, without the lock */
    bool watched;               /* q  false: nobody stands on these: */
    unsigned closed;            /* q  NO_READER, NO_WRITER, NO_SOCKET */
    struct wait_queue readers;  /* q  who waits for the first one */
    struct wait_queue writers;  /* q  who waits for room */
    struct wait_queue watchers; /* q  polls */

    unsigned in_flight;      /* r  descriptors of it that are in queues */
    struct list flight_link; /* r */
    bool garbage;            /* r  nobody can receive it */
};

/* One send or receive, as it was asked for, and what it tells. */
struct socket_transfer {
    int flags;                /* in: MSG_... */
    int told;                 /* out: MSG_TRUNC (a packet was longer), MSG_EOR */
    bool claims;              /* in: `who` is given */
    uint32_t whole_length;    /* out: of the packet */
    struct socket *to;        /* in: a datagram's receiver; NULL: the peer */
    uint64_t deadline;        /* of all its waits */
    struct rights *rights;    /* in: they are NULL again when sent; out: what has come, the caller's */
    struct socket_name *from; /* out: a datagram's sender; held */
    struct abi_ucred who;     /* in; out */
};

/* A call on an open file, with MSG_ flags. */
static inline void socket_transfer_init(struct socket_transfer *transfer, const struct file *file, int flags)
{
    transfer->flags = file->flags & O_NONBLOCK ? flags | MSG_DONTWAIT : flags;
    transfer->told = 0;
    transfer->claims = false;
    transfer->to = NULL;
    transfer->rights = NULL;
    transfer->from = NULL;
}

extern struct spinlock sockets_lock;
extern struct list all_sockets; /* sockets_lock */
extern const struct file_ops socket_ops;

/* socket.c */
/* A new socket with one reference, which is its inode's, or NULL with *error: -ENOMEM, -ENOBUFS (the user has too
 * many). */
struct socket *socket_create(int type, int *error);
/* Give it an open file, which takes over that reference. */
void socket_open(struct socket *socket, struct file *file);
void socket_get(struct socket *socket);
void socket_put(struct socket *socket); /* NULL: nothing */
/* Its peer, referenced, or NULL. */
struct socket *socket_peer(struct socket *socket);
/* Bytes to be read; of packets those of the first, or of `all`.  Connections to be accepted, where it listens. */
uint32_t socket_queued(struct socket *socket, bool all);
/* The socket behind an open file, or NULL. */
static inline struct socket *socket_of(const struct file *file)
{
    return file->ops == &socket_ops ? file->object : NULL;
}
/* The running process's socket at `fd`, its open file held (fd_put(*file)), or NULL with *error: -EBADF, -ENOTSOCK. */
struct socket *socket_at(int fd, struct file **file, int *error);
static inline struct abi_ucred socket_my_credentials(void)
{
    const struct process *process = current->process;

    return (struct abi_ucred){process->pid, process->credentials.euid, process->credentials.egid};
}

/* socket_connect.c */
/* Make two idle sockets each other's peer: 0, or -EISCONN: the first one is none any more. */
int socket_pair_up(struct socket *a, struct socket *b);
/* Nobody can use it any more: its peer learns, what is in its queue goes.  `reset`: the peer is told of an error. */
void socket_end(struct socket *socket, bool reset);
/* Discard what is in its queue. */
void socket_drain(struct socket *socket);

/* socket_queue.c: waiting, receiving */
/* SO_RCVTIMEO or SO_SNDTIMEO (ns; 0: none) as the deadline of a call that begins now. */
static inline uint64_t socket_deadline(uint64_t time)
{
    return time == 0 ? DEADLINE_NEVER : counter_read() + ticks_from_ns(time);
}
/* Something has changed: let those go on who can.  Lock held. */
void socket_serve(struct socket *socket);
/* Take the lock when the queue has a first one, or is closed: 0, and the lock is held; else, without it: -EAGAIN,
 * -ERESTART, or (`uio` not NULL) so many bytes, which were handed over to there.  No lock held.  May sleep. */
long socket_lock_first(struct socket *socket, struct uio *uio, bool nowait, uint64_t deadline, const char *reason);
/* Wait for room, or until the queue is closed.  Lock held, given up meanwhile.  0, -EAGAIN, -ERESTART. */
long socket_await_room(struct socket *socket, bool nowait, uint64_t deadline, const char *reason);
/* NO_READER, NO_WRITER, NO_SOCKET, or 0: those who wait at the queue look again.  No lock held. */
void socket_close_queue(struct socket *socket, unsigned closed);
void packet_free(struct packet *packet);
/* What all calls come to: bytes moved, or -errno.  May sleep. */
long socket_receive(struct socket *socket, struct uio *uio, struct socket_transfer *transfer);
/* The short way of read() for a connected stream and at least one byte: bytes moved, -errno, or 0: go the general one.
 * */
long socket_read_short(struct socket *socket, struct uio *uio, bool nowait);

/* socket_send.c: the same.  -EPIPE comes with SIGPIPE, unless that is not wanted. */
long socket_send(struct socket *socket, struct uio *uio, struct socket_transfer *transfer);
long socket_write_short(const struct socket *socket, struct uio *uio);

/* socket_name.c.  Names live as long as sockets or packets have them. */
struct socket_name *socket_name_get(struct socket_name *name); /* NULL: NULL */
void socket_name_put(struct socket_name *name);
/* The socket is closed: its name is free. */
void socket_name_release(struct socket *socket);
/* The referenced socket that an address of the user's leads to, or NULL with *error: -EINVAL, -EAFNOSUPPORT, -EFAULT,
 * those of a path's walk, -EACCES (no write permission), -ECONNREFUSED (nobody has the name).  May sleep. */
struct socket *socket_find(uaddr_t address, uint32_t length, int *error);
/* Store a name (NULL: of a socket without one) at the user's address, as getsockname(): 0, -EFAULT or -EINVAL. */
long socket_name_store(const struct socket_name *name, uaddr_t address, uaddr_t length);

/* socket_rights.c */
struct rights *rights_create(unsigned count);
/* Free them; the descriptors close.  NULL: nothing.  May sleep. */
void rights_drop(struct rights *rights);
/* They go into a socket's queue: 0, or -ETOOMANYREFS: the user has too many there.  May sleep. */
int rights_depart(struct rights *rights, struct socket *into);
/* They have come out of it. */
void rights_arrive(struct rights *rights);
/* A socket has left its listener's queue: no search looks at the listener through it any more.  May sleep. */
void rights_forget_listener(struct socket *socket);
/* Give back a reference of a socket's open file, and free what only queues hold that nobody can reach any more.  May
 * sleep. */
void rights_file_put(struct file *file);
/* The same of rights that a thread has sent whose process's other threads may have closed them meanwhile. */
void rights_collect(void);

/* socket_proc.c, at boot. */
void socket_start(void);
