/*
 * mqueue.h - inside POSIX message queues.
 *
 *      mqueue.c            sending, receiving, and telling a process that a message has come
 *      mqueue_names.c      /dev/mqueue: making, finding and removing queues, and their limits
 */
#pragma once

#include <abi/mqueue.h>
#include <fs/inode.h>
#include <ipc/message_wait.h>

struct signal_record;

#define MQUEUE_TEXT_MAX 80 /* what read() answers at most, and stat as the size */

struct mqueue_shape {
    uint32_t max_messages;
    uint32_t message_size; /* bytes, at most */
};

/* Who wants to be told of the first message in the empty queue. */
struct mqueue_notice {
    struct process *process; /* NULL: nobody */
    int pid;                 /* its number, for people */
    int how;                 /* MQ_NOTIFY_... */
    int signal;
    uint32_t value;               /* si_value */
    struct signal_record *record; /* for a real-time signal, so that it can be queued at once */
};

/* l: lock   c: constant   q: mqueue_names.c's mutex over all queues */
struct mqueue {
    struct spinlock lock;               /* RANK_OBJECT */
    struct message *free;               /* l  places for messages, chained by `next` */
    struct message_store store;         /* l  by priority */
    struct wait_queue receivers;        /* l  struct message_wait: for a message */
    struct wait_queue senders;          /* l  struct message_wait: for a free place */
    struct wait_queue polling;          /* l */
    struct mqueue_shape shape;          /* c */
    struct mqueue_notice notice;        /* l */
    uint64_t send_ticks, receive_ticks; /* l  of the last one that no stat has seen; 0: none */
    uint64_t bytes;                     /* c  all its memory, */
    struct account *account;            /* c  to which they are charged (RLIMIT_MSGQUEUE) */
    struct list all_link;               /* q */
    struct inode inode;
    char name[ABI_NAME_MAX + 1]; /* c  once it has one */
};

/* A queue with room for all its messages, or NULL: no memory.  `inode`, `account` and `name` are left to the caller. */
struct mqueue *mqueue_create(const struct mqueue_shape *shape);
void mqueue_free(struct mqueue *queue);
/* The memory that such a queue takes. */
uint64_t mqueue_bytes(const struct mqueue_shape *shape);
extern const struct file_ops mqueue_file_ops;

static inline struct mqueue *mqueue_of(struct inode *inode)
{
    return container_of(inode, struct mqueue, inode);
}
