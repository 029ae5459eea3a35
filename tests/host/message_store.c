/*
 * message_store.c - the store of messages (ipc/message_store.c): every choice against a plain list, at random.
 *
 * Usage: message_store [seed]
 */
#include <stdlib.h>
#include <time.h>

#include "../../ipc/message_store.c"
#include "tap.h"

#define MESSAGES 200
#define STEPS 200000
#define KINDS 4
#define HIGHEST KINDS /* store_take_highest() */

static struct message messages[MESSAGES];
static unsigned age_of[MESSAGES]; /* 0: not in the store */
static unsigned now = 1u << 20, before = 1u << 20;
static struct message_store store;

static bool better(unsigned i, unsigned best, const struct message_wish *wish)
{
    uint32_t a = messages[i].key, b = messages[best].key;

    if (wish->choice == HIGHEST && a != b)
        return a > b;
    if (wish->choice == MESSAGE_UP_TO && a != b)
        return a < b;
    return age_of[i] < age_of[best];
}

/* What the store should find, looking at all. */
static struct message *find_plainly(const struct message_wish *wish)
{
    int best = -1;

    for (unsigned i = 0; i < MESSAGES; i++)
        if (age_of[i] != 0 && message_matches(&messages[i], wish) && (best < 0 || better(i, (unsigned)best, wish)))
            best = (int)i;
    return best < 0 ? NULL : &messages[best];
}

static uint32_t random_key(unsigned range)
{
    return range == 0 ? (uint32_t)random() << 1 : ((uint32_t)random() % range) << 17;
}

static void insert_some(unsigned range)
{
    unsigned i = (unsigned)random() % MESSAGES;

    if (age_of[i] != 0)
        return;
    messages[i].key = random_key(range);
    messages[i].length = i;
    if (random() % 8 == 0) {
        age_of[i] = --before;
        store_put_back(&store, &messages[i]);
    } else {
        age_of[i] = ++now;
        store_insert(&store, &messages[i]);
    }
}

/* Ask both, and take it out; false: they differ. */
static bool remove_some(unsigned range)
{
    struct message_wish wish = {.choice = (enum message_choice)(random() % (KINDS + 1)), .key = random_key(range)};
    struct message *wanted = find_plainly(&wish), *found;

    if (wish.choice != HIGHEST && store_find(&store, &wish) != wanted)
        return false;
    found = wish.choice == HIGHEST ? store_take_highest(&store) : store_take(&store, &wish);
    if (found == NULL || found != wanted)
        return found == wanted;
    age_of[found - messages] = 0;
    return true;
}

static void test_range(unsigned range)
{
    const struct message_wish oldest = {.choice = MESSAGE_OLDEST};
    unsigned wrong = 0;

    store_init(&store);
    for (unsigned step = 0; step < STEPS; step++) {
        if (random() % 100 < 52)
            insert_some(range);
        else
            wrong += !remove_some(range);
    }
    tap_is(wrong, 0, "%d steps with %u keys: what is found is what a plain search finds", STEPS, range);
    while (store_take(&store, &oldest) != NULL)
        continue;
    memset(age_of, 0, sizeof age_of);
    tap_ok(store.root == NULL && list_empty(&store.order) && store.count == 0 && store.bytes == 0,
           "and the store is empty when all are taken out");
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
