/*
 * pthread_atfork.c - what is done around fork: the program's handlers, and the library's own locks.
 *
 * The child has the calling thread alone.  A lock that another thread held would be held there for ever, so the thread
 * that forks takes the library's first; in the child they are its own, and it gives them back as the parent does.  Only
 * the locks of streams are not taken, since a thread may hold one as long as it waits for input: in the child they are
 * made free (newlib_locks.c).
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
#pragma weak __sem_open_lock
#pragma weak __sigev_lock
#pragma weak __syslog_lock

/* Of those that the program has, in the order in which they are taken one inside the other. */
static volatile int *const held_by_fork[] = {
    &__aio_lock,   &__sigev_lock,  &__sem_open_lock, &__syslog_lock,
    &__popen_lock, &__random_lock, &__key_lock,      &__atfork_lock,
};
enum { held_count = sizeof held_by_fork / sizeof held_by_fork[0] };

/* Set while they are held: not where there is no other thread to hold one. */
static bool locks_held;

static void take_locks(void)
{
    if (__threads_alive > 1 || __threads_hidden) {
        for (int i = 0; i < held_count; i++)
            if (held_by_fork[i] != NULL)
                lock_acquire(held_by_fork[i]);
        __newlib_locks_hold();
        locks_held = true;
    }
    lock_acquire(&__thread_memory_lock); /* a thread that is about to end takes this one too */
}

static void give_locks(bool child)
{
    lock_release(&__thread_memory_lock);
    if (!locks_held)
        return;
    locks_held = false;
    __newlib_locks_give(child);
    for (int i = held_count; i-- > 0;)
        if (held_by_fork[i] != NULL)
            lock_release(held_by_fork[i]);
}

int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    struct handlers *new = malloc(sizeof(*new));

    if (new == NULL)
        return ENOMEM; /* POSIX pthread_atfork: ENOMEM */
    lock_acquire(&__atfork_lock);
    *new = (struct handlers){.previous = last, .prepare = prepare, .parent = parent, .child = child};
    *(last != NULL ? &last->next : &first) = new;
    last = new;
    lock_release(&__atfork_lock);
    return 0;
}

/* POSIX pthread_atfork: `prepare` in the reverse order of registration, the others in that order. */
struct handlers *__fork_prepare(void)
{
    struct handlers *newest;

    lock_acquire(&__atfork_lock);
    newest = last;
    lock_release(&__atfork_lock);
    for (struct handlers *h = newest; h != NULL; h = h->previous)
        if (h->prepare != NULL)
            h->prepare();
    take_locks();
    return newest;
}

static struct handlers *after(const struct handlers *h, const struct handlers *newest)
{
    return h != newest ? h->next : NULL;
}

void __fork_parent(struct handlers *newest)
{
    give_locks(false);
    for (struct handlers *h = newest != NULL ? first : NULL; h != NULL; h = after(h, newest))
        if (h->parent != NULL)
            h->parent();
}

void __fork_child(struct handlers *newest)
{
    __thread_memory_forked();
    give_locks(true);
    __threads_alive = 1;
    __threads_hidden = false;
    for (struct handlers *h = newest != NULL ? first : NULL; h != NULL; h = after(h, newest))
        if (h->child != NULL)
            h->child();
}
