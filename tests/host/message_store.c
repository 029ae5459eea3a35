/*
 * message_store.c - the store of messages (ipc/message_store.c): what it finds against a plain search, at random.
 *
 * Usage: message_store [seed]
 */
#include <stdlib.h>
#include <time.h>

#include "../../ipc/message_store.c"
#include "tap.h"

#define MESSAGES 200
#define STEPS 200000

static struct message messages[MESSAGES];
static unsigned age_of[MESSAGES]; /* 0: not in the store */
static unsigned now = 1u << 20, before = 1u << 20;
static struct message_store store;

/* The oldest message of `key`, or (`lowest`) of the lowest key: what the store should find, looking at all. */
static struct message *find_plainly(bool lowest, uint32_t key)
{
    struct message *best = NULL;

    for (struct message *m = messages; m < messages + MESSAGES; m++) {
        if (age_of[m - messages] == 0 || (!lowest && m->key != key))
            continue;
        if (best == NULL || m->key < best->key ||
            (m->key == best->key && age_of[m - messages] < age_of[best - messages]))
            best = m;
    }
    return best;
}

static uint32_t random_key(unsigned range)
{
    return range == 0 ? (uint32_t)random() << 1 : ((uint32_t)random() % range) << 17;
}

static void insert_some(unsigned range)
{
    unsigned i = (unsigned)random() % MESSAGES;
    bool first = random() % 8 == 0;

    if (age_of[i] != 0)
        return;
    messages[i].key = random_key(range);
    messages[i].length = i;
    age_of[i] = first ? --before : ++now;
    message_insert(&store, &messages[i], first);
}

/* Ask both, and take it out; false: they differ. */
static bool remove_some(unsigned range)
{
    bool lowest = random() % 2 == 0;
    uint32_t key = random_key(range);
    struct message **place = lowest ? message_lowest(&store) : message_find(&store, key);

    if (*place != find_plainly(lowest, key))
        return false;
    if (*place != NULL)
        age_of[message_take(&store, place) - messages] = 0;
    return true;
}

static void test_range(unsigned range)
{
    unsigned wrong = 0;

    for (unsigned step = 0; step < STEPS; step++) {
        if (random() % 100 < 52)
            insert_some(range);
        else
            wrong += !remove_some(range);
    }
    tap_is(wrong, 0, "%d steps with %u keys: what is found is what a plain search finds", STEPS, range);
    while (store.root != NULL)
        message_take(&store, message_lowest(&store));
    memset(age_of, 0, sizeof age_of);
    tap_ok(store.count == 0 && store.bytes == 0, "and the store is empty when all are taken out");
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 0) : (unsigned)time(NULL);

    printf("# seed %u\n", seed);
    srandom(seed);
    test_range(1);
    test_range(3);
    test_range(32768);
    test_range(0); /* any 32 bits but the lowest */
    return tap_end();
}
