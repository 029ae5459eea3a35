/*
 * message_store.c - messages in order, at a cost that does not grow with their number.
 *
 * The messages of one key (a priority, a type) are a ring, oldest first.  The oldest of each ring are the nodes of a
 * tree over the bits of the keys: at depth d a key goes left or right by its d-th highest bit, and each node holds a
 * key of its own.  So
 *
 *      - finding a key goes down at most as many steps as keys have bits (15 for priorities), however many messages
 *        there are;
 *      - the lowest key of a subtree is its node's or lies to the left, if there is a left, and so on down;
 *      - a node that goes is replaced by any leaf below it: no rotation, no balance;
 *      - a queue with messages of one key has a tree of one node.
 *
 * Nothing is allocated here, and there is no lock: the owner of a store has both.
 */
#include <ipc/message_store.h>

struct message **message_find(struct message_store *store, uint32_t key)
{
    struct message **place = &store->root;
    uint32_t bits = key;

    while (*place != NULL && (*place)->key != key) {
        place = &(*place)->child[bits >> 31];
        bits <<= 1;
    }
    return place;
}

struct message **message_lowest(struct message_store *store)
{
    struct message **lowest = &store->root, *node = *lowest;

    while (node != NULL) {
        struct message **place = &node->child[node->child[0] == NULL];

        node = *place;
        if (node != NULL && node->key < (*lowest)->key)
            lowest = place;
    }
    return lowest;
}

/* `message` stands in the tree from now on, with the children of `old`. */
static void replace(struct message **place, const struct message *old, struct message *message)
{
    message->child[0] = old->child[0];
    message->child[1] = old->child[1];
    *place = message;
}

void message_insert(struct message_store *store, struct message *message, bool first)
{
    struct message **place = message_find(store, message->key), *oldest = *place;

    if (oldest == NULL) {
        list_init(&message->same);
        message->child[0] = message->child[1] = NULL;
        *place = message;
    } else {
        list_add_tail(&oldest->same, &message->same); /* in a ring the youngest stands before the oldest */
        if (first)
            replace(place, oldest, message);
    }
    store->count++;
    store->bytes += message->length;
}

/* A leaf below *place, which has children, taken off the tree. */
static struct message *take_leaf(struct message **place)
{
    struct message *leaf;

    while ((*place)->child[0] != NULL || (*place)->child[1] != NULL)
        place = &(*place)->child[(*place)->child[0] == NULL];
    leaf = *place;
    *place = NULL;
    return leaf;
}

struct message *message_take(struct message_store *store, struct message **place)
{
    struct message *message = *place;

    if (__builtin_expect(store->count == 1, 1)) { /* most queues are read as fast as they are filled */
        *place = NULL;
    } else if (!list_empty(&message->same)) {
        replace(place, message, container_of(message->same.next, struct message, same));
        list_remove(&message->same);
    } else if (message->child[0] == NULL && message->child[1] == NULL) {
        *place = NULL;
    } else {
        struct message *leaf = take_leaf(place);

        replace(place, message, leaf);
    }
    store->count--;
    store->bytes -= message->length;
    return message;
}
