/*
 * pthread_once.c - a function that is called once, whoever comes first; the others wait for its end.
 */
#include "thread.h"

/* The first word of a pthread_once_t.  The second has the tid of the thread that calls, for those who ask why. */
enum { NOT_CALLED, RUNNING, WAITED_FOR, DONE };

static void change(volatile unsigned *word, unsigned to)
{
    if (__atomic_exchange_n(word, to, __ATOMIC_RELEASE) == WAITED_FOR)
        __futex_raw(word, FUTEX_WAKE | FUTEX_PRIVATE, ~0u >> 1, NULL, NULL, 0);
}

/* POSIX pthread_once: if the thread is cancelled in the function, it was not called. */
static void undo(void *word)
{
    change(word, NOT_CALLED);
}

static void call(volatile unsigned *word, void (*function)(void))
{
    pthread_cleanup_push(undo, (void *)word);
    function();
    pthread_cleanup_pop(0);
    change(word, DONE);
}

int pthread_once(pthread_once_t *once, void (*function)(void))
{
    volatile unsigned *word = &once->__word[0];
    unsigned seen;

    while ((seen = __atomic_load_n(word, __ATOMIC_ACQUIRE)) != DONE) {
        if (seen == WAITED_FOR) {
            __futex_raw(word, FUTEX_WAIT | FUTEX_PRIVATE, WAITED_FOR, NULL, NULL, 0);
        } else if (__atomic_compare_exchange_n(word, &seen, seen == NOT_CALLED ? RUNNING : WAITED_FOR, false,
                                               __ATOMIC_ACQUIRE, __ATOMIC_RELAXED) &&
                   seen == NOT_CALLED) {
            once->__word[1] = (unsigned)__thread_id();
            call(word, function);
        }
    }
    return 0;
}
