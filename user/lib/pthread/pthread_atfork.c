/*
 * pthread_atfork.c - what is done around fork: the program's handlers, and the library's own locks.
 *
 * The child has the calling thread alone.  A lock that another thread held would be held there for ever, so the thread
 * that forks takes the library's first; in the child they are its own, and it gives them back as the parent does.  Only
 * the locks of streams are not taken, since a thread may hold one as long as it waits for input: in the child they are
 * made free (newlib_locks.c).
 *
 * A signal handler may fork (POSIX.1-2017 2.4.3), and may have interrupted its thread where that held one of these
 * locks: to wait for another one then, whose owner may wait for the first, would be a deadlock.  A thread that holds
 * one takes none, and the child makes those of others free, whatever they were at: it may rely only on functions that
 * are safe in handlers, as POSIX says of all children of several threads.
 *
 * Handlers are called with no lock of the library's held: they may register others, and fork.  What was registered
 * stays, so a handler's place in the list tells which ones a fork calls: those up to the last one that it has found.
 */
#include "../lock.h"
#include "memory.h"

struct handlers {
    struct handlers *next, *previous;
    void (*prepare)(void), (*parent)(void), (*child)(void);
};

static struct handlers *first, *last;

volatile int __atfork_lock; /* guards the list's end */

#pragma weak __aio_lock
#pragma weak __key_lock
#pragma weak __popen_lock
#pragma weak __random_lock
#pragma weak __sbrk_lock
#pragma weak __sem_open_lock
#pragma weak __sigev_lock
#pragma weak __syslog_lock

/* Newlib's (newlib_locks.c). */
extern struct __lock __lock___sinit_recursive_mutex, __lock___sfp_recursive_mutex, __lock___atexit_recursive_mutex;
extern struct __lock __lock___at_quick_exit_mutex, __lock___malloc_recursive_mutex, __lock___env_recursive_mutex;
extern struct __lock __lock___tz_mutex, __lock___dd_hash_mutex, __lock___arc4random_mutex;

/* Of those that the program has, in the order in which they are taken one inside the other. */
static volatile int *const held_by_fork[] = {
    &__aio_lock,
    &__sigev_lock,
    &__sem_open_lock,
    &__syslog_lock,
    &__popen_lock,
    &__random_lock,
    &__key_lock,
    &__atfork_lock,
    &__lock___tz_mutex.word,
    &__lock___env_recursive_mutex.word,
    &__lock___dd_hash_mutex.word,
    &__lock___arc4random_mutex.word,
    &__lock___atexit_recursive_mutex.word,
    &__lock___at_quick_exit_mutex.word,
    &__lock___sfp_recursive_mutex.word,
    &__lock___sinit_recursive_mutex.word,
    &__lock___malloc_recursive_mutex.word,
    &__sbrk_lock,
    &__thread_memory_lock,
};
enum { held_count = sizeof held_by_fork / sizeof held_by_fork[0] };

static bool holds_one(void)
{
    for (int i = 0; i < held_count; i++)
        if (held_by_fork[i] != NULL && lock_is_mine(held_by_fork[i]))
            return true;
    return false;
}

/* False: they are not taken. */
static bool take_locks(void)
{
    if ((__threads_alive == 1 && !__threads_hidden) || holds_one())
        return false;
    for (int i = 0; i < held_count; i++)
        if (held_by_fork[i] != NULL)
            lock_acquire(held_by_fork[i]);
    return true;
}

static void give_locks(void)
{
    for (int i = held_count; i-- > 0;)
        if (held_by_fork[i] != NULL)
            lock_release(held_by_fork[i]);
}

/* In the child: nobody else is there to hold one. */
static void free_locks(void)
{
    for (int i = 0; i < held_count; i++)
        if (held_by_fork[i] != NULL && !lock_is_mine(held_by_fork[i]))
            *held_by_fork[i] = 0;
}

int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    struct handlers *new = malloc(sizeof(*new));

    if (new == NULL)
        return ENOMEM; /* POSIX pthread_atfork: ENOMEM */
    lock_acquire(&__atfork_lock);
    *new = (struct handlers){.previous = last, .prepare = prepare, .parent = parent, .child = child};
    *(last != NULL ? &last->next : &first) = new;
    __atomic_store_n(&last, new, __ATOMIC_RELEASE); /* fork() looks at it without the lock */
    lock_release(&__atfork_lock);
    return 0;
}

/* POSIX pthread_atfork: `prepare` in the reverse order of registration, the others in that order. */
void __fork_prepare(struct forking *forking)
{
    struct handlers *newest = __atomic_load_n(&last, __ATOMIC_ACQUIRE);

    for (struct handlers *h = newest; h != NULL; h = h->previous)
        if (h->prepare != NULL)
            h->prepare();
    *forking = (struct forking){newest, take_locks()};
}

static struct handlers *after(const struct handlers *h, const struct handlers *newest)
{
    return h != newest ? h->next : NULL;
}

void __fork_parent(struct forking *forking)
{
    if (forking->holds)
        give_locks();
    for (struct handlers *h = forking->newest != NULL ? first : NULL; h != NULL; h = after(h, forking->newest))
        if (h->parent != NULL)
            h->parent();
}

void __fork_child(struct forking *forking)
{
    __thread_memory_forked();
    __newlib_streams_free();
    if (forking->holds)
        give_locks();
    else
        free_locks();
    __threads_alive = 1;
    __threads_hidden = false;
    for (struct handlers *h = forking->newest != NULL ? first : NULL; h != NULL; h = after(h, forking->newest))
        if (h->child != NULL)
            h->child();
}
