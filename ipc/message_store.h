/*
 * message_store.h - messages in order: what POSIX and System V queues keep theirs in.
 */
#pragma once

#include <stdint.h>

#include <lib/list.h>

struct account;

/* A message with its bytes.  While it is in a store the first three fields are the store's. */
struct message {
    struct list same;         /* all of its key; the oldest stands in the tree for them */
    struct message *child[2]; /* in the tree, of the oldest of each key */
    uint32_t key;             /* made of priority or type, spread over 32 bits */
    uint32_t length;          /* of bytes[] */
    union {                   /* the owner's */
        struct message *next; /* POSIX: of the free places */
        struct {              /* System V: */
            struct list age;  /* of all messages, the oldest first */
            struct account *account;
        };
    };
    uint8_t bytes[];
};

/* All zero: empty.  Guarded by its owner's lock. */
struct message_store {
    struct message *root;
    uint32_t count; /* messages */
    uint32_t bytes; /* in them */
};

/* Put a message in, as the youngest of its key, or (`first`: what was taken out comes back) as the oldest. */
void message_insert(struct message_store *store, struct message *message, bool first);
/* Where the oldest message of `key` stands; NULL there: there is none. */
struct message **message_find(struct message_store *store, uint32_t key);
/* Where the oldest message of the lowest key stands; NULL there: the store is empty. */
struct message **message_lowest(struct message_store *store);
/* Take out the message that one of these two has found. */
struct message *message_take(struct message_store *store, struct message **place);
