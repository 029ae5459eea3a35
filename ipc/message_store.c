/*
 * message_store.c - messages in order, at a cost that does not grow with their number.
 *
 * The messages of one key (a priority, a type) are a chain, oldest first.  The heads of the chains are the nodes of a
 * tree over the bits of the keys: at depth d a key goes left or right by its d-th highest bit, and each node holds a
 * key of its own.  So
 *
 *      - finding a key goes down at most as many steps as keys have bits (15 for priorities), however many messages
 *        there are;
 *      - the lowest key of a subtree is its node's or lies to the left, if there is a left, and so on down; the highest
 *        likewise;
 *      - a node that goes is replaced by any leaf below it: no rotation, no balance;
 *      - a queue with messages of one key has a tree of one node.
 *
 * All messages are on one list by age too, for receivers that want the oldest of any key.  Only MESSAGE_EXCEPT has to
 * search: it walks past the messages that it does not want.
 *
 * Nothing is allocated here, and there is no lock: the owner of a store has both.
 */
#include <ipc/message_store.h>

void store_init(struct message_store *store)
{
    *store = (struct message_store){0};
    list_init(&store->order);
}

/* Where the chain of `key` hangs in the tree, or would hang. */
static struct message **place_of(struct message_store *store, uint32_t key)
{
    struct message **place = &store->root;
    uint32_t bits = key;

    while (*place != NULL && (*place)->key != key) {
        place = &(*place)->child[bits >> 31];
        bits <<= 1;
    }
    return place;
}

static void count_in(struct message_store *store, const struct message *message)
{
    store->count++;
    store->bytes += message->length;
}

void store_insert(struct message_store *store, struct message *message)
{
    struct message **place = place_of(store, message->key), *first = *place;

    message->next = NULL;
    if (first != NULL) {
        first->last->next = message;
        first->last = message;
    } else {
        message->last = message;
        message->child[0] = message->child[1] = NULL;
        *place = message;
    }
    list_add_tail(&store->order, &message->order);
    count_in(store, message);
}

/* `message` stands in the tree from now on, in the place of `old`. */
static void replace(struct message **place, const struct message *old, struct message *message)
{
    message->child[0] = old->child[0];
    message->child[1] = old->child[1];
    *place = message;
}

void store_put_back(struct message_store *store, struct message *message)
{
    struct message **place = place_of(store, message->key), *first = *place;

    if (first == NULL) {
        store_insert(store, message);
        list_remove(&message->order);
        list_add_head(&store->order, &message->order);
        return;
    }
    message->next = first;
    message->last = first->last;
    replace(place, first, message);
    list_add_head(&store->order, &message->order);
    count_in(store, message);
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

/* Take the chain's head at *place out of the store. */
static struct message *remove_at(struct message_store *store, struct message **place)
{
    struct message *message = *place, *next = message->next;

    if (next != NULL) {
        next->last = message->last;
        replace(place, message, next);
    } else if (message->child[0] == NULL && message->child[1] == NULL) {
        *place = NULL;
    } else {
        struct message *leaf = take_leaf(place);

        replace(place, message, leaf);
    }
    list_remove(&message->order);
    store->count--;
    store->bytes -= message->length;
    return message;
}

/* Where the lowest (side 0) or the highest (side 1) key hangs; the store is not empty. */
static struct message **extreme(struct message_store *store, unsigned side)
{
    struct message **best = &store->root, **place = best;

    while (*place != NULL) {
        struct message *node = *place;

        if (side == 0 ? node->key < (*best)->key : node->key > (*best)->key)
            best = place;
        place = &node->child[node->child[side] != NULL ? side : !side];
    }
    return best;
}

static struct message **oldest_except(struct message_store *store, uint32_t key)
{
    struct message *message;

    list_for_each_entry (message, &store->order, order) {
        if (message->key != key)
            return place_of(store, message->key);
    }
    return NULL;
}

/* Where the message that `wish` means hangs; NULL, or NULL there: there is none. */
static struct message **choose(struct message_store *store, const struct message_wish *wish)
{
    struct message **place;

    if (store->count == 0)
        return NULL;
    switch (wish->choice) {
    case MESSAGE_OLDEST:
        return place_of(store, container_of(store->order.next, struct message, order)->key);
    case MESSAGE_KEY:
        return place_of(store, wish->key);
    case MESSAGE_UP_TO:
        place = extreme(store, 0);
        return (*place)->key <= wish->key ? place : NULL;
    case MESSAGE_EXCEPT:
        return oldest_except(store, wish->key);
    }
    return NULL;
}

struct message *store_find(struct message_store *store, const struct message_wish *wish)
{
    struct message **place = choose(store, wish);

    return place != NULL ? *place : NULL;
}

struct message *store_take(struct message_store *store, const struct message_wish *wish)
{
    struct message **place = choose(store, wish);

    return place != NULL && *place != NULL ? remove_at(store, place) : NULL;
}

struct message *store_take_highest(struct message_store *store)
{
    return store->count != 0 ? remove_at(store, extreme(store, 1)) : NULL;
}

bool message_matches(const struct message *message, const struct message_wish *wish)
{
    switch (wish->choice) {
    case MESSAGE_KEY:
        return message->key == wish->key;
    case MESSAGE_UP_TO:
        return message->key <= wish->key;
    case MESSAGE_EXCEPT:
        return message->key != wish->key;
    default:
        return true;
    }
}
