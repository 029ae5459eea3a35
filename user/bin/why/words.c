/*
 * words.c - threads that wait for a word of user memory: mutexes, semaphores, conditions, ends of threads.
 *
 * /proc/futex says which word it is, also where a condition has passed the thread on to a mutex.  What the word is, the
 * kernel does not know: that is told by the function of the library that waits there, where the program has names, or
 * guessed from how it waits; and then read from the thread's own memory.
 *
 *      mutex           its owner's tid with FUTEX_WAITERS, and one sleeps by FUTEX_WAIT_BITSET
 *      rwlock          the writer's tid with bit 20, or the number of readers, with whom others share it unless a
 *                      writer waits (user/lib/pthread/rwlock.h)
 *      barrier         the round; the next word is how many have to come
 *      once            the next word is the tid of the thread that calls the function
 *      semaphore       no owner; beside the count stands the thread that took a unit last (user/lib/sem.h)
 *      a thread's end  the word `life` of struct thread (user/lib/pthread/thread.h), two words behind its tid
 */
#include <abi/futex.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/util.h"
#include "why.h"

struct word {
    bool known;         /* its value and what stands around it could be read */
    uint32_t around[4]; /* from two words before it to one behind it */
};

enum { tid_place, word_place = 2, taker_place, caller_place = 3, missing_place = 3 };

static struct word word_read(const struct thread *thread, uint32_t address)
{
    struct word word = {false, {0}};

    word.known = thread_memory(thread, address, word.around + word_place, 2 * sizeof(uint32_t));
    if (word.known)
        thread_memory(thread, address - 8, word.around, 2 * sizeof(uint32_t));
    return word;
}

static void explain_semaphore(struct thread *thread, const struct word *word, const char *name)
{
    int taker = (int)word->around[taker_place];

    say(thread, "a unit of semaphore %s", name);
    if (!word->known)
        return;
    if (taker == 0)
        say(thread, ", of which nobody has taken one yet");
    else if (taker == thread->tid)
        say(thread, ", of which it took the last one itself");
    else if (!thread_find(taker))
        say(thread, ", of which thread %d took the last one, which has ended", taker);
    else
        held_by_thread(thread, "last taken by", taker);
}

static void explain_owned(struct thread *thread, int owner, const char *name)
{
    say(thread, "mutex %s", name);
    if (thread_find(owner))
        held_by_thread(thread, "held by", owner);
    else
        say(thread, ", whose owner was thread %d, which has ended", owner);
}

/* How a thread sleeps: FUTEX_WAIT and so on, or -1. */
static int way_of(const struct thread *thread)
{
    return thread->open ? (int)(argument(thread, 1) & (FUTEX_PRIVATE - 1)) : -1;
}

/* Who sleeps for a reader-writer lock says by bit 0 or 1 whether to read or to write. */
static bool is_rwlock(const struct thread *thread)
{
    return way_of(thread) == FUTEX_WAIT_BITSET && (argument(thread, 5) == 1 || argument(thread, 5) == 2);
}

static void explain_rwlock(struct thread *thread, uint32_t value, const char *name)
{
    uint32_t holders = value & ((1u << 20) - 1);
    bool reads = argument(thread, 5) == 1;

    say(thread, "lock %s, to %s", name, reads ? "read" : "write");
    if (value & 1u << 20)
        held_by_thread(thread, "held by writer", (int)holders);
    else if (holders == 0)
        say(thread, ", which nobody has any more");
    else
        say(thread, ", which %u reader%s (a lock counts its readers, and does not know who they are)%s",
            (unsigned)holders, holders == 1 ? " has" : "s have", reads ? ", and for which a writer waits" : "");
}

static void explain_mutex(struct thread *thread, const struct word *word, uint32_t address, const char *name)
{
    (void)address;
    explain_owned(thread, (int)(word->around[word_place] & FUTEX_TID_MASK), name);
}

static void explain_join(struct thread *thread, const struct word *word, uint32_t address, const char *name)
{
    (void)address;
    (void)name;
    say(thread, "the end of a thread");
    if (thread_find((int)word->around[tid_place]))
        held_by_thread(thread, "which is", (int)word->around[tid_place]);
}

static void explain_once(struct thread *thread, const struct word *word, uint32_t address, const char *name)
{
    (void)address;
    say(thread, "the function of once %s to return", name);
    if (thread_find((int)word->around[caller_place]))
        held_by_thread(thread, "called by", (int)word->around[caller_place]);
}

static void explain_library_lock(struct thread *thread, const struct word *word, uint32_t address, const char *name)
{
    (void)word;
    (void)name;
    library_lock_explain(thread, address);
}

static void explain_condition(struct thread *thread, const struct word *word, uint32_t address, const char *name)
{
    (void)word;
    (void)address;
    say(thread, "condition %s, which anybody may signal", name);
}

static void explain_barrier(struct thread *thread, const struct word *word, uint32_t address, const char *name)
{
    (void)address;
    say(thread, "others to come to barrier %s", name);
    if (word->known)
        say(thread, ", %u more", (unsigned)word->around[missing_place]);
}

/* By the function that it waits in.  False: that is none of these, or not known. */
static bool explain_by_function(struct thread *thread, const struct word *word, uint32_t address, const char *name)
{
    static const struct {
        const char *function;
        void (*explain)(struct thread *thread, const struct word *word, uint32_t address, const char *name);
    } kinds[] = {
        {"__lock_wait", explain_library_lock},
        {"__mutex_lock", explain_mutex}, /* that of a condition, too */
        {"pthread_mutex_lock", explain_mutex},
        {"pthread_mutex_timedlock", explain_mutex},
        {"pthread_mutex_clocklock", explain_mutex},
        {"pthread_once", explain_once},
        {"pthread_join", explain_join},
        {"pthread_timedjoin_np", explain_join},
        {"pthread_clockjoin_np", explain_join},
        {"pthread_cond_wait", explain_condition},
        {"pthread_cond_timedwait", explain_condition},
        {"pthread_cond_clockwait", explain_condition},
        {"pthread_barrier_wait", explain_barrier},
    };

    for (size_t i = 0; i < UTIL_COUNT(kinds); i++)
        if (place_is_in(thread, kinds[i].function))
            return kinds[i].explain(thread, word, address, name), true;
    return false;
}

/* By its value, and how it is waited for: a guess. */
static void explain_by_value(struct thread *thread, const struct word *word, uint32_t address, const char *name)
{
    uint32_t value = word->around[word_place];
    const struct thread *ended = thread_find((int)word->around[tid_place]);

    if (way_of(thread) == FUTEX_WAIT_BITSET && value & FUTEX_WAITERS && value & FUTEX_TID_MASK)
        explain_mutex(thread, word, address, name);
    else if (way_of(thread) == FUTEX_WAIT_BITSET && value == 1 && ended && ended->pid == thread->pid)
        explain_join(thread, word, address, name);
    else
        say(thread, "a change of word %s, which is %lu: anybody may make it", name, (unsigned long)value);
}

static void explain_plain(struct thread *thread, const struct word *word, uint32_t address, const char *name)
{
    if (!word->known)
        say(thread, "a change of word %s", name);
    else if (is_rwlock(thread))
        explain_rwlock(thread, word->around[word_place], name);
    else if (!explain_by_function(thread, word, address, name))
        explain_by_value(thread, word, address, name);
}

/* By the name of the mapped object, or of the program's variable. */
static void explain_row(struct thread *thread, const struct table_row *row)
{
    unsigned long long offset = strtoull(table_word(row, "offset"), NULL, 16);
    unsigned long long object = strtoull(table_word(row, "object"), NULL, 10);
    int holder = (int)strtol(table_word(row, "holder"), NULL, 10);
    uint32_t address = (uint32_t)offset;
    char mapped[300], name[340];
    struct word word;

    if (strcmp(table_word(row, "where"), "private") == 0)
        name_variable(thread, address, name, sizeof name);
    else if (!thread_mapped(thread, object, offset, &address, mapped, sizeof mapped))
        snprintf(name, sizeof name, "0x%llx of object %llu", offset, object);
    else if (strncmp(mapped, "deleted:", 8) == 0)
        snprintf(name, sizeof name, "0x%llx of a deleted file", offset);
    else
        snprintf(name, sizeof name, offset % 4096 == 0 ? "%s" : "%s+0x%llx", mapped, offset);
    word = word_read(thread, address);
    if (strcmp(thread->reason, "semaphore") == 0)
        explain_semaphore(thread, &word, name);
    else if (holder != 0)
        explain_owned(thread, holder, name);
    else
        explain_plain(thread, &word, address, name);
}

void word_explain(struct thread *thread)
{
    struct table table;

    table_read(&table, "/proc/futex");
    for (size_t i = 0; i < table.count && !*thread->what; i++)
        if (strtol(table_word(&table.rows[i], "tid"), NULL, 10) == thread->tid)
            explain_row(thread, &table.rows[i]);
    table_free(&table);
}
