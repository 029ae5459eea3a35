/*
 * message_store.h - messages in order: what POSIX and System V queues keep theirs in.
 */
#pragma once

#include <stdint.h>

#include <lib/list.h>

/* A message with its bytes.  While it is in a store the first five fields are the store's. */
struct message {
    struct list order;        /* all of the store, the oldest first */
    struct message *next;     /* of the same key, the next younger */
    struct message *last;     /* the youngest of its key; set in the oldest of each key alone, */
    struct message *child[2]; /* which stands in the tree for all of them */
    uint32_t key;             /* priority or type, spread over 32 bits */
    uint32_t length;          /* of bytes[] */
    uint8_t bytes[];
};

/* Guarded by its owner's lock. */
struct message_store {
    struct message *root;
    struct list order;
    uint32_t count; /* messages */
    uint32_t bytes; /* in them */
};

/* Which message a receiver wants.  Among those of one key it is always the oldest. */
enum message_choice {
    MESSAGE_OLDEST, /* of any key */
    MESSAGE_KEY,    /* of this key */
    MESSAGE_UP_TO,  /* of the lowest key, if that is not above this one */
    MESSAGE_EXCEPT, /* the oldest that is not of this key */
};

struct message_wish {
    enum message_choice choice;
    uint32_t key;
    uint32_t limit; /* bytes that the receiver takes */
};

void store_init(struct message_store *store);
/* Put a message in, the youngest. */
void store_insert(struct message_store *store, struct message *message);
/* Put back what was taken out, the oldest. */
void store_put_back(struct message_store *store, struct message *message);
/* The message that `wish` means, which stays; NULL: there is none. */
struct message *store_find(struct message_store *store, const struct message_wish *wish);
/* The same, and it is taken out. */
struct message *store_take(struct message_store *store, const struct message_wish *wish);
/* Take out the oldest message of the highest key; NULL: there is none. */
struct message *store_take_highest(struct message_store *store);
/* Would `wish` take this message from a store that has no other? */
bool message_matches(const struct message *message, const struct message_wish *wish);
