/*
 * readers-writers.c - many may read at a time, but who writes has to be alone.
 *
 * One monitor, and three rules for who has to wait: they differ in two expressions each.  A rule that lets the readers
 * go first may let a writer wait as long as there are readers, and the other way round; tickets let everybody in as
 * they came.
 */
#include <pthread.h>

#include "lib/stage.h"

enum { READERS = 3, ACTORS = 5, NOT_WAITING = -1 };

struct rule {
    bool (*reader_waits)(int ticket);
    bool (*writer_waits)(int ticket);
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int readers, writers; /* inside */
static int tickets, entered; /* so many have come; so many were let in */
static int waits_with[ACTORS] = {NOT_WAITING, NOT_WAITING, NOT_WAITING, NOT_WAITING, NOT_WAITING};
static int overtaken[ACTORS], most_overtaken[2]; /* in this wait; a reader in any, a writer in any */
static bool fair_play;
static volatile int left_half, right_half; /* what is read and written: equal, but for him who writes */

static bool is_writer(int actor)
{
    return actor >= READERS;
}

static bool writer_is_waiting(void)
{
    for (int i = READERS; i < ACTORS; i++)
        if (waits_with[i] != NOT_WAITING)
            return true;
    return false;
}

/* The rules.  The mutex is held. */
static bool writing(int ticket)
{
    (void)ticket;
    return writers > 0;
}

static bool anybody_inside(int ticket)
{
    (void)ticket;
    return writers > 0 || readers > 0;
}

static bool writing_or_wanted(int ticket)
{
    (void)ticket;
    return writers > 0 || writer_is_waiting();
}

static bool not_my_turn_to_read(int ticket)
{
    return ticket != entered || writers > 0;
}

static bool not_my_turn_to_write(int ticket)
{
    return ticket != entered || writers > 0 || readers > 0;
}

static const struct rule for_readers = {writing, anybody_inside};
static const struct rule for_writers = {writing_or_wanted, anybody_inside};
static const struct rule by_ticket = {not_my_turn_to_read, not_my_turn_to_write};

/* Who has come before the one that goes in now, and is of the other kind?  The mutex is held. */
static void count_overtaken(int self, int ticket)
{
    for (int i = 0; i < ACTORS; i++) {
        int kind = is_writer(i);
        if (kind != is_writer(self) && waits_with[i] != NOT_WAITING && waits_with[i] < ticket)
            if (++overtaken[i] > most_overtaken[kind])
                most_overtaken[kind] = overtaken[i];
    }
}

static void enter(int self, const struct rule *rule)
{
    pthread_mutex_lock(&lock);
    int ticket = tickets++;
    waits_with[self] = ticket;
    overtaken[self] = 0;
    while ((is_writer(self) ? rule->writer_waits : rule->reader_waits)(ticket))
        pthread_cond_wait(&changed, &lock);
    waits_with[self] = NOT_WAITING;
    count_overtaken(self, ticket);
    *(is_writer(self) ? &writers : &readers) += 1;
    entered++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void leave(int self)
{
    pthread_mutex_lock(&lock);
    *(is_writer(self) ? &writers : &readers) -= 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

static void read_or_write(int self)
{
    int value = left_half;

    if (is_writer(self)) {
        stage_step("writes %d,", value + 1);
        left_half = value + 1;
        stage_step("and again %d", value + 1);
        right_half = value + 1;
    } else {
        stage_step("reads %d,", value);
        if (right_half != value)
            stage_wrong("a reader saw what is half written: %d and %d", value, right_half);
        stage_step("and again %d", value);
    }
}

static void no_lock(int self)
{
    for (int i = 0; i < stage_rounds; i++)
        read_or_write(self);
}

static void with_rule(int self, const struct rule *rule)
{
    for (int i = 0; i < stage_rounds; i++) {
        enter(self, rule);
        read_or_write(self);
        leave(self);
    }
}

static void readers_first(int self)
{
    with_rule(self, &for_readers);
}

static void writers_first(int self)
{
    with_rule(self, &for_writers);
}

static void fair(int self)
{
    fair_play = true;
    with_rule(self, &by_ticket);
}

static void judge(void)
{
    stage_note("a waiting writer was overtaken by at most %d readers, a reader by %d writers", most_overtaken[1],
               most_overtaken[0]);
    if (fair_play && most_overtaken[0] + most_overtaken[1] > 0)
        stage_wrong("somebody was overtaken");
}

static const struct variant variants[] = {
    {"no-lock", broken, "all go in at any time", no_lock},
    {"readers-first", mended, "readers go in while others read; writers may wait for long", readers_first},
    {"writers-first", mended, "no reader goes in while a writer waits; readers may wait for long", writers_first},
    {"fair", mended, "all go in as they came, readers together", fair},
    {},
};

static const struct play play = {
    .about = "Readers and writers: two numbers that are to be equal for who reads them.",
    .actors = {"reader", "reader", "reader", "writer", "writer"},
    .rounds = 3,
    .quiet_rounds = 4,
    .variants = variants,
    .judge = judge,
};

int main(int argc, char **argv)
{
    return stage_main(argc, argv, &play);
}
