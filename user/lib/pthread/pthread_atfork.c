/*
 * pthread_atfork.c - what is done around fork: the program's handlers, and the library's own locks.
 *
 * The child has the calling thread alone.  A lock that another thread held would be held there for ever, so the thread
 * that forks takes the library's first; in the child they are its own, and it gives them back as the parent does.  Only
 * the locks of streams are not taken, since a thread may hold one as long as it waits for input: in the child they are
 * made free (newlib_locks.c).
 */
#include "../lock.h"
#include "memory.h"

struct handlers {
    struct handlers *next, *previous;
    void (*prepare)(void), (*parent)(void), (*child)(void);
};

static struct handlers *first, *last;
static volatile int lock;

int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    struct handlers *new = malloc(sizeof(*new));

    if (new == NULL)
        return ENOMEM; /* POSIX pthread_atfork: ENOMEM */
    lock_acquire(&lock);
    *new = (struct handlers){.previous = last, .prepare = prepare, .parent = parent, .child = child};
    *(last != NULL ? &last->next : &first) = new;
    last = new;
    lock_release(&lock);
    return 0;
}

/* POSIX pthread_atfork: `prepare` in the reverse order of registration, the others in that order. */
void __fork_prepare(void)
{
    lock_acquire(&lock);
    for (struct handlers *h = last; h != NULL; h = h->previous)
        if (h->prepare != NULL)
            h->prepare();
    __thread_memory_hold(true);
    __newlib_locks_hold();
}

void __fork_parent(void)
{
    __newlib_locks_give(false);
    __thread_memory_hold(false);
    for (struct handlers *h = first; h != NULL; h = h->next)
        if (h->parent != NULL)
            h->parent();
    lock_release(&lock);
}

void __fork_child(void)
{
    __newlib_locks_give(true);
    __thread_memory_hold(false);
    __threads_alive = 1;
    for (struct handlers *h = first; h != NULL; h = h->next)
        if (h->child != NULL)
            h->child();
    lock_release(&lock);
}
