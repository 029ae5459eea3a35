/*
 * abba.c - two locks, taken in two orders: the shortest deadlock.
 *
 * Money goes from one account to another with both locked.  Who has A and waits for B, while another has B and waits
 * for A, waits for ever.
 */
#include <pthread.h>

#include "lib/stage.h"

struct account {
    const char *name;
    pthread_mutex_t lock;
    int money;
};

static struct account accounts[2] = {{"A", PTHREAD_MUTEX_INITIALIZER, 100}, {"B", PTHREAD_MUTEX_INITIALIZER, 100}};

static void lock(struct account *account)
{
    pthread_mutex_lock(&account->lock);
    stage_step("has %s", account->name);
}

/* Both are locked. */
static void move(struct account *from, struct account *to)
{
    from->money--;
    to->money++;
    stage_step("%s to %s", from->name, to->name);
    pthread_mutex_unlock(&from->lock);
    pthread_mutex_unlock(&to->lock);
}

static void crossed(int self)
{
    struct account *from = &accounts[self], *to = &accounts[1 - self];

    for (int i = 0; i < stage_rounds; i++) {
        lock(from);
        lock(to);
        move(from, to);
    }
}

static void ordered(int self)
{
    struct account *from = &accounts[self], *to = &accounts[1 - self];

    for (int i = 0; i < stage_rounds; i++) {
        lock(from < to ? from : to);
        lock(from < to ? to : from);
        move(from, to);
    }
}

/* Both may give up, try again and give up again, for ever, if they keep step: so the pause is by chance. */
static void back_off(int self)
{
    struct account *from = &accounts[self], *to = &accounts[1 - self];

    for (int i = 0; i < stage_rounds; i++) {
        int tries = 0;
        lock(from);
        while (pthread_mutex_trylock(&to->lock) != 0) {
            stage_step("gives up %s", from->name);
            pthread_mutex_unlock(&from->lock);
            stage_back_off(tries++);
            lock(from);
        }
        move(from, to);
    }
}

static void judge(void)
{
    if (accounts[0].money != 100 || accounts[1].money != 100)
        stage_wrong("A has %d and B %d, and both should have 100", accounts[0].money, accounts[1].money);
}

static const struct variant variants[] = {
    {"crossed", broken, "locks where the money comes from, then where it goes", crossed},
    {"ordered", mended, "locks A before B, whatever the direction", ordered},
    {"back-off", mended, "tries the second lock, and gives up the first if that fails", back_off},
    {},
};

static const struct play play = {
    .about = "ABBA: two threads move money between two accounts, each in another direction.",
    .actors = {"from A to B", "from B to A"},
    .rounds = 2,
    .quiet_rounds = 16,
    .variants = variants,
    .judge = judge,
};

int main(int argc, char **argv)
{
    return stage_main(argc, argv, &play);
}
