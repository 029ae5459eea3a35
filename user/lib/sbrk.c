/*
 * sbrk.c - the heap's end.
 *
 * The end is remembered here, so only a change of it is a system call.
 */
#include "lock.h"
#include <unistd.h>

static volatile int lock;
static char *heap_end; /* lock */

/* With the lock held: moves the end, or answers -1 with errno set. */
static int set_end(char *end)
{
    if (__brk(end) == -1)
        return -1;
    heap_end = end;
    return 0;
}

/* The kernel answers brk(NULL) with the end as it is. */
static void find_end(void)
{
    if (heap_end == NULL)
        heap_end = (char *)__brk(NULL);
}

/* Moves the heap's end by `increment`; answers where it was, or (void *)-1 with ENOMEM. */
void *sbrk(ptrdiff_t increment)
{
    char *old;

    lock_acquire(&lock);
    find_end();
    old = heap_end;
    if (increment != 0) {
        char *end = old + increment;

        if ((end > old) != (increment > 0)) {
            errno = ENOMEM;
            old = (char *)-1;
        } else if (set_end(end) == -1) {
            old = (char *)-1;
        }
    }
    lock_release(&lock);
    return old;
}

/* Puts the heap's end at `end`. */
int brk(void *end)
{
    int result;

    lock_acquire(&lock);
    result = set_end(end);
    lock_release(&lock);
    return result;
}
