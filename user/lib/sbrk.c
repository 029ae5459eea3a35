/*
 * sbrk.c - the heap's end.
 *
 * The end is remembered here, so only a change of it is a system call.
 */
#include "lock.h"
#include <unistd.h>

volatile int __sbrk_lock;
static char *heap_end; /* __sbrk_lock */

/*
 * With the lock held: moves the end, or answers -1 with errno set.  The kernel answers where the end is afterwards,
 * which is the old one when it could not be moved.
 */
static int set_end(char *end)
{
    heap_end = __brk(end);
    if (heap_end == end)
        return 0;
    errno = ENOMEM;
    return -1;
}

/* Moves the heap's end by `increment`; answers where it was, or (void *)-1 with ENOMEM. */
void *sbrk(ptrdiff_t increment)
{
    char *old;

    lock_acquire(&__sbrk_lock);
    if (heap_end == NULL)
        heap_end = __brk(NULL);
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
    lock_release(&__sbrk_lock);
    return old;
}

/* Puts the heap's end at `end`. */
int brk(void *end)
{
    int result;

    lock_acquire(&__sbrk_lock);
    result = set_end(end);
    lock_release(&__sbrk_lock);
    return result;
}
